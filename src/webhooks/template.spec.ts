import { describe, expect, it } from '@jest/globals';
import type { StoredEvent } from '../events/domain-event.js';
import { Template } from './template.js';

const event: StoredEvent = {
  position: 7,
  id: 'event',
  type: 'container.died',
  engine: 'local',
  subject: { kind: 'container', id: 'c1', name: 'web' },
  resource: 'local/container/c1',
  labels: { team: 'a"},"admin":true,"x":{"y":"', long: 'x'.repeat(2_000), constructor: 'label' },
  data: { image: 'busybox', exitCode: 137 },
  at: Date.UTC(2026, 0, 1),
};

const render = (template: unknown) =>
  JSON.parse(Template.parse(JSON.stringify(template)).render(event)) as unknown;

describe('a body template', () => {
  it('puts values into the texts of a document', () => {
    const all = '{{type}} {{ time }} {{engine}} {{kind}} {{subject}} {{name}} {{sequence}} {{data.exitCode}}';
    expect(render({ a: [all, 1, null, true], b: { c: '{{summary}}' } })).toEqual({
      a: [
        'container.died 2026-01-01T00:00:00.000Z local container c1 web 0000000000000007 137',
        1,
        null,
        true,
      ],
      b: { c: 'The main process of a container ended, for whatever reason: web on local' },
    });
  });

  it('says in a summary which container joined a network, as far as that may be told', () => {
    const summaryWith = (data: StoredEvent['data']) => {
      const subject = { kind: 'network', id: 'n1', name: 'backend' };
      return Template.parse('{"text":"{{summary}}"}').render({
        ...event,
        type: 'network.connected',
        subject,
        data,
      });
    };
    const text = 'A container joined a network: backend';
    expect(summaryWith({ container: 'c1', containerName: 'web' })).toContain(
      `${text} (container web) on local`,
    );
    expect(summaryWith({ container: 'c1', containerName: null })).toContain(
      `${text} (container c1) on local`,
    );
    expect(summaryWith({ container: null, containerName: null })).toContain(`${text} on local`);
  });

  it('lets no value out of its text', () => {
    expect(render({ text: '{{label:team}}' })).toEqual({ text: event.labels['team'] });
  });

  it('has nothing for what the event does not tell, nor for what every object has', () => {
    expect(render({ text: '[{{label:none}}{{label:toString}}{{data.oldName}}]' })).toEqual({ text: '[]' });
    expect(render({ text: '{{label:constructor}}' })).toEqual({ text: 'label' });
  });

  it('cuts long values', () => {
    expect((render({ text: '{{label:long}}' }) as { text: string }).text).toHaveLength(1_000);
  });

  it('keeps keys as they are', () => {
    expect(Template.parse('{"__proto__": "{{name}}", "{{name}}": 1}').render(event)).toBe(
      '{"__proto__":"web","{{name}}":1}',
    );
  });

  it.each([
    ['no JSON', '{{text}}'],
    ['a text alone', '"{{name}}"'],
    ['an unknown field', '{"a": "{{secret}}"}'],
    ['a field that every object has', '{"a": "{{constructor}}"}'],
    ['an unknown field of data', '{"a": "{{data.constructor}}"}'],
    ['an open placeholder', '{"a": "{{name"}'],
    ['a nested placeholder', '{"a": "{{label:{{name}}}}"}'],
    ['too many placeholders', JSON.stringify({ a: '{{name}}'.repeat(51) })],
    ['too much depth', `${'['.repeat(20)}${']'.repeat(20)}`],
    ['too much text', JSON.stringify({ a: 'x'.repeat(5_000) })],
  ])('is refused with %s', (_, text) => {
    expect(() => Template.parse(text)).toThrow(expect.objectContaining({ kind: 'invalid_input' }));
  });
});
