import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { ALL_OPERATIONS } from './index.js';

/** Docker's own descriptions of the Engine API. They are no part of this repository, but may lie beside it. */
const DESCRIPTIONS = new URL('../../../../shared/engine-api/', import.meta.url);

/** In no description, yet the docker CLI and buildx call them. */
const UNDESCRIBED = ['BuildCancel', 'BuildKitGrpc'];

interface DescribedOperation {
  operationId: string;
  consumes?: string[];
  produces?: string[];
  responses: Record<string, unknown>;
}

interface Described extends DescribedOperation {
  method: string;
  path: string;
}

function read(version: string): Described[] {
  const text = readFileSync(new URL(`v${version}.yaml`, DESCRIPTIONS), 'utf8');
  const description = parse(text) as { paths: Record<string, Record<string, DescribedOperation>> };
  return Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => ({
      ...described,
      method: method.toUpperCase(),
      path,
    })),
  );
}

const line = ({ method, path }: { method: string; path: string }, id: string) => `${id} ${method} ${path}`;
const minor = (version: string) => Number(version.split('.')[1]);
const isRaw = (types: string[] = []) =>
  types.some((type) => /raw-stream|multiplexed-stream|x-tar|octet-stream|json-seq|ndjson/.test(type));

if (existsSync(DESCRIPTIONS)) {
  describe.each([
    ['1.41', 106],
    ['1.55', 108],
  ])("Docker's description of API %s", (version, count) => {
    const described = read(version);
    const ours = ALL_OPERATIONS.filter(
      ({ id, since }) => minor(since) <= minor(version) && !UNDESCRIBED.includes(id),
    );
    const natures = new Map<string, string>(ours.map(({ id, nature }) => [id, nature]));

    it(`has ${count} operations, and the table has each of them once and no other`, () => {
      expect(described).toHaveLength(count);
      expect(ours.map((row) => line(row, row.id)).sort()).toEqual(
        described.map((operation) => line(operation, operation.operationId)).sort(),
      );
    });

    it('marks as hijack or websocket what is answered by 101, and an exec', () => {
      const upgraded = described
        .filter(({ responses }) => '101' in responses)
        .map(({ operationId }) => operationId);
      expect(upgraded).toContain('ContainerAttach');
      const tunnels = ours.filter(({ nature }) => nature === 'hijack' || nature === 'websocket');
      expect(tunnels.map(({ id }) => id).sort()).toEqual([...upgraded, 'ExecStart'].sort());
    });

    it('has no raw body, up or down, on an operation that we take as plain', () => {
      const raw = described.filter(({ consumes, produces }) => isRaw(consumes) || isRaw(produces));
      expect(raw.length).toBeGreaterThan(10);
      const plain = raw.map(({ operationId }) => operationId).filter((id) => natures.get(id) === 'plain');
      // Described as taking a raw body, but one takes JSON and the other nothing.
      expect(plain.sort()).toEqual(['ContainerCreate', 'ContainerResize']);
    });
  });
} else {
  it("stands down: Docker's API descriptions are not beside this repository", () => {
    console.warn(
      `The table was not checked against Docker's descriptions: ${DESCRIPTIONS.pathname} does not exist.`,
    );
    expect(existsSync(DESCRIPTIONS)).toBe(false);
  });
}
