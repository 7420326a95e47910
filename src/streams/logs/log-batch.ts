import type { LogLine } from '../../engine/wire/log-lines.js';

/**
 * What a log viewer gets at a time: lines, or word that lines are missing. A gap comes only where the engine itself no
 * longer has them, because it rotated its log away while the viewer was slow.
 */
export type LogBatch =
  | { readonly kind: 'lines'; readonly lines: readonly LogLine[] }
  | { readonly kind: 'gap'; readonly message: string };

export const GAP: LogBatch = {
  kind: 'gap',
  message: 'Lines are missing here: the engine rotated its log before this viewer had read them',
};
