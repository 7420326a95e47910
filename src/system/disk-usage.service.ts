import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import type { Loose } from '../containers/engine-document.js';
import type { EngineHandle } from '../gate/engine-handle.js';
import { Gate } from '../gate/gate.js';
import { type DfContainer, type DfDocument, ofContainers, toUsageByKind } from './disk-usage.mapper.js';
import type { DiskUsage, DiskUsageOfKind } from './disk-usage.model.js';
import { SharedReadings } from './shared-readings.js';

/** Measuring walks through all volumes: the engine takes seconds to minutes for it. */
const KEPT_MS = 10_000;
const LONGEST_MS = 5 * 60_000;

type Measured = Omit<DiskUsage, 'scope'>;

/** What an engine takes of its disk: all of it for who may know, else what the actor may see. */
@Injectable()
export class DiskUsageService {
  private readonly totals = new SharedReadings<Measured>(KEPT_MS);
  private readonly parts = new SharedReadings<Measured>(KEPT_MS);

  constructor(private readonly gate: Gate) {}

  async usage(actor: Actor, engine: string): Promise<DiskUsage> {
    const handle = this.gate.as(actor).engine(engine);
    await handle.requireEver('SystemDataUsage');
    if (await handle.mayAlways('system:df')) {
      return { scope: 'engine', ...(await this.totals.read(engine, () => measureAll(handle))) };
    }
    const key = JSON.stringify([engine, actor.kind, actor.id, actor.tokenId]);
    return { scope: 'visible', ...(await this.parts.read(key, () => measureVisible(handle))) };
  }
}

/** Others may wait for it too: it goes on where the one who asked first leaves. */
const untilTooLong = () => ({ signal: AbortSignal.timeout(LONGEST_MS), timeoutMs: LONGEST_MS });

async function measureAll(handle: EngineHandle): Promise<Measured> {
  const { body } = await handle.json<Loose<DfDocument>>('SystemDataUsage', untilTooLong());
  return measured(toUsageByKind(body));
}

/** What is shared with hidden objects, or used by them, can't be told without telling of them. */
async function measureVisible(handle: EngineHandle): Promise<Measured> {
  const kinds: DiskUsageOfKind[] = [];
  if (await handle.mayEver('containers:list')) {
    const { body } = await handle.json<Loose<DfContainer>[]>('ContainerList', {
      query: { all: true, size: true },
      ...untilTooLong(),
    });
    kinds.push(ofContainers(body));
  }
  if (await handle.mayEver('images:list')) {
    const { records } = await handle.objects('image');
    const sizeBytes = records.reduce((sum, { kept }) => sum + kept.Size, 0);
    kinds.push({ kind: 'images', count: records.length, active: null, sizeBytes, reclaimableBytes: null });
  }
  if (await handle.mayEver('volumes:list')) {
    const { records } = await handle.objects('volume');
    const unknown = { active: null, sizeBytes: null, reclaimableBytes: null };
    kinds.push({ kind: 'volumes', count: records.length, ...unknown });
  }
  return measured(kinds);
}

function measured(kinds: DiskUsageOfKind[]): Measured {
  return {
    measuredAt: new Date().toISOString(),
    kinds,
    reclaimableBytes: kinds.reduce((sum, { reclaimableBytes }) => sum + (reclaimableBytes ?? 0), 0),
  };
}
