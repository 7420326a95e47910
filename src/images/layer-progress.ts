import type { ProgressUpdate } from '../jobs/jobs.service.js';
import type { ProgressMessage } from './image-documents.js';

/** What becomes of one layer. */
interface Layer {
  /** Bytes that are moved already. */
  current: number;
  /** Bytes that there are to move; undefined while the engine has not told. */
  total: number | undefined;
}

/** Of messages on layers: nothing more is to be moved. */
const MOVED = /^(Verifying Checksum|Download complete|Extracting|Pull complete|Pushed)$/;
/** There was nothing to be moved. */
const SPARED = /^(Already exists|Layer already exists|Mounted from )/;
/** These have an `id` that is no layer's. */
const NOT_OF_LAYERS = /^(Pulling from|Tag |Digest)/;

/** Adds up what an engine tells of the single layers of an image while it pulls, pushes or loads it. */
export class LayerProgress {
  private readonly layers = new Map<string, Layer>();

  /**
   * @returns what a job is to be told: bytes of all layers together, and how far that layer is. The percentage is a guess as
   *   long as the engine has not told how large each layer is: the others are taken for as large as those on average
   */
  update({ id, status, progressDetail }: ProgressMessage): ProgressUpdate | undefined {
    const message = status ?? undefined;
    if (message === undefined) return undefined;
    if (id === undefined || id === null || id === '' || NOT_OF_LAYERS.test(message)) return { message };
    const layer = this.layers.get(id) ?? { current: 0, total: undefined };
    this.layers.set(id, layer);
    advance(layer, message, progressDetail?.current ?? undefined, progressDetail?.total ?? undefined);
    return { ...this.sum(), message, parts: [{ id, message, ...layer }] };
  }

  private sum(): ProgressUpdate {
    let current = 0;
    let total = 0;
    let known = 0;
    for (const layer of this.layers.values()) {
      current += layer.current;
      if (layer.total === undefined) continue;
      total += layer.total;
      known++;
    }
    const guessed = known === 0 ? 0 : (total / known) * this.layers.size;
    return { current, total, ...(guessed > 0 ? { percent: (current / guessed) * 100 } : {}) };
  }
}

function advance(layer: Layer, message: string, current = 0, total = 0): void {
  if (SPARED.test(message)) {
    layer.current = 0;
    layer.total = 0;
  } else if (MOVED.test(message)) {
    // A small layer is there before anything was told of its size: unpacking tells.
    layer.total ??= total > 0 ? total : undefined;
    layer.current = layer.total ?? layer.current;
    if (message === 'Pull complete' || message === 'Pushed') layer.total = layer.current;
  } else if (current > 0 || total > 0) {
    layer.current = current;
    // Engines only estimate how much they will push.
    layer.total = Math.max(total, current);
  }
}
