import type { Loose } from '../containers/engine-document.js';

/** One of what ImageHistory answers. */
export type HistoryLayer = Loose<{
  Id: string;
  /** Unix seconds. */
  Created: number;
  CreatedBy: string;
  Tags: string[];
  Size: number;
  Comment: string;
}>;

/** One of what ImageSearch answers. */
export type ImageSearchInfo = Loose<{
  name: string;
  description: string;
  star_count: number;
  is_official: boolean;
}>;

/** One of what ImageDelete answers. */
export interface ImageRemoveInfo {
  readonly Untagged?: string;
  readonly Deleted?: string;
}

/** One of the messages of which the engine's answer to long work on images is a sequence. */
export type ProgressMessage = Loose<{
  /** Of a build: what it says, in pieces of lines. Of a load: what was loaded. */
  stream: string;
  status: string;
  /** The layer that it is about; of a pull also the tag. */
  id: string;
  progressDetail: { current: number; total: number };
  error: string;
  errorDetail: { code: number; message: string };
  /** What came of it: of a build the id, of a push the digest. */
  aux: { ID: string; Tag: string; Digest: string; Size: number };
}>;
