import { Injectable } from '@nestjs/common';
import type { ImageInfo } from 'dockerode';
import type { Actor } from '../common/actor.js';
import type { DryRunQuery } from '../common/dry-run.js';
import { removeIfUnused } from '../common/remove-if-unused.js';
import { labelMatcher } from '../containers/container-filter.js';
import type { Loose } from '../containers/engine-document.js';
import { untilMs } from '../containers/engine-time.js';
import type { EngineHandle } from '../gate/engine-handle.js';
import { Gate } from '../gate/gate.js';
import { repositoriesOf } from '../gate/image-names.js';
import type { ImageRemoveInfo } from './image-documents.js';
import type { PrunedImages, RemovedImage } from './image-results.model.js';
import { usersByImage } from './image-users.js';
import type { PruneImagesInput } from './image.inputs.js';
import { toRemoved } from './image.mapper.js';

/** What ImageList tells, with `shared-size`, which engines of old do not know. */
type ListedImage = Pick<ImageInfo, 'Id' | 'Created' | 'Size'> &
  Loose<Pick<ImageInfo, 'RepoTags' | 'RepoDigests' | 'SharedSize'>> & {
    readonly Labels?: Record<string, string> | null;
  };

/** An image that may go. */
interface Unused {
  readonly id: string;
  readonly names: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly repositories: readonly string[];
  /** Bytes that it shares with no other; 0 where the engine does not tell. */
  readonly ownSize: number;
}

/** Removes unused images one by one. */
@Injectable()
export class ImagePruneService {
  constructor(private readonly gate: Gate) {}

  /**
   * Each is authorised and recorded, and only what the actor may remove goes: the engine's own prune would ask nobody. An
   * image that a hidden container was made of stays: the engine refuses to remove it.
   */
  async prune(
    actor: Actor,
    engine: string,
    { all = false, label, until }: PruneImagesInput,
    { dryRun = false }: DryRunQuery,
  ): Promise<PrunedImages> {
    const handle = this.gate.as(actor).engine(engine);
    await handle.requireEver('ImagePrune', 'ImageDelete');
    const meetsLabels = labelMatcher(label);
    const before = untilMs(until);
    const { body } = await handle.json<ListedImage[]>('ImageList', {
      query: { 'shared-size': true },
      timeoutMs: 0,
    });
    const used = await usersSeen(handle);
    const seesAllUsers = await handle.mayAlways('containers:list');
    const wanted = body
      .filter(({ Id, Created, RepoTags }) => {
        const dangling = namesIn(RepoTags).length === 0;
        return !used.has(Id) && (all || dangling) && Created * 1_000 < before;
      })
      .map(toUnused)
      .filter(({ labels }) => meetsLabels(labels))
      // Names of several repositories go one by one, which the engine does also to an image that is used.
      .filter(({ repositories }) => repositories.length < 2 || seesAllUsers);
    const allowed = await handle.allowed('image', ['images:prune', 'images:delete'], wanted);
    const result: PrunedImages = { untagged: [], deletedIds: [], spaceReclaimed: 0 };
    for (const image of wanted.filter(({ id }) => allowed.has(id))) {
      const gone = dryRun ? asPlanned(image) : await removeUnused(handle, image);
      result.untagged.push(...gone.untagged);
      result.deletedIds.push(...gone.deletedIds);
      if (gone.deletedIds.length > 0) result.spaceReclaimed += image.ownSize;
    }
    return result;
  }
}

async function usersSeen(handle: EngineHandle): Promise<{ has(id: string): boolean }> {
  if (!(await handle.mayEver('containers:list'))) return new Set();
  return usersByImage((await handle.objects('container', { fresh: true })).records);
}

function toUnused(document: ListedImage): Unused {
  const { Id, RepoTags, RepoDigests, Labels, Size, SharedSize } = document;
  const shared = SharedSize ?? -1;
  return {
    id: Id,
    names: [...namesIn(RepoTags), ...namesIn(RepoDigests)],
    labels: Labels ?? {},
    repositories:
      repositoriesOf('image', { RepoTags: namesIn(RepoTags), RepoDigests: namesIn(RepoDigests) }) ?? [],
    ownSize: shared < 0 ? 0 : Size - shared,
  };
}

function namesIn(names: readonly string[] | null | undefined): string[] {
  return (names ?? []).filter((name) => !name.includes('<none>'));
}

function asPlanned({ id, names }: Unused): RemovedImage {
  return { untagged: [...names], deletedIds: [id] };
}

/** By its id the engine refuses one that is used, and one that has names in several repositories. */
async function removeUnused(
  handle: EngineHandle,
  { id, names, repositories }: Unused,
): Promise<RemovedImage> {
  const gone: RemovedImage = { untagged: [], deletedIds: [] };
  for (const name of repositories.length < 2 ? [id] : names) {
    await removeIfUnused(async () => {
      const { body } = await handle.json<ImageRemoveInfo[] | null>('ImageDelete', {
        params: { name },
        timeoutMs: 0,
      });
      const { untagged, deletedIds } = toRemoved(body);
      gone.untagged.push(...untagged);
      gone.deletedIds.push(...deletedIds);
    });
  }
  return gone;
}
