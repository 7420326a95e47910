import type { HistoryLayer, ImageRemoveInfo, ImageSearchInfo } from './image-documents.js';
import type { ImageInspectInfo } from 'dockerode';
import type { Freshness } from '../common/freshness.js';
import type { Loose } from '../containers/engine-document.js';
import type { KeptImage } from '../gate/engine-handle.js';
import type { ImageHistoryStep, ImageSearchResult, RemovedImage } from './image-results.model.js';
import type { Image, ImageDetails, ImageUser } from './image.model.js';

/** An image as memory has it. */
export function toImage(engine: string, kept: Loose<KeptImage>): Image {
  const tags = named(kept.RepoTags);
  return {
    engine,
    id: kept.Id ?? '',
    tags,
    digests: named(kept.RepoDigests),
    labels: toLabels(kept.Labels),
    createdAt: toTime(kept.Created),
    size: kept.Size ?? 0,
    architecture: kept.Architecture ?? '',
    os: kept.Os ?? '',
    variant: kept.Variant ?? '',
    dangling: tags.length === 0,
  };
}

/** What ImageInspect tells, as far as it is shown. */
type InspectedImage = Loose<ImageInspectInfo> & {
  readonly Variant?: string | null;
  readonly Comment?: string | null;
};

/**
 * An image as ImageInspect tells of it.
 *
 * @param document as the caller may see it: the gate takes out environment values
 */
export function toImageDetails(
  engine: string,
  document: InspectedImage,
  usedBy: ImageUser[] | null,
  freshness: Freshness,
): ImageDetails {
  const config = (document.Config ?? {}) as Loose<ImageInspectInfo['Config']> & { StopSignal?: string };
  return {
    ...toImage(engine, { ...document, Labels: config.Labels ?? {}, Variant: document.Variant ?? '' }),
    ...freshness,
    usedBy,
    parentId: document.Parent === undefined || document.Parent === '' ? null : document.Parent,
    author: document.Author ?? '',
    comment: document.Comment ?? '',
    entrypoint: words(config.Entrypoint),
    command: words(config.Cmd),
    env: config.Env ? [...config.Env] : null,
    workingDir: config.WorkingDir ?? '',
    user: config.User ?? '',
    exposedPorts: Object.keys(config.ExposedPorts ?? {}),
    volumes: Object.keys(config.Volumes ?? {}),
    stopSignal: config.StopSignal ?? '',
    layers: [...(document.RootFS?.Layers ?? [])],
    raw: document,
  };
}

export function toHistoryStep({
  Id,
  Created,
  CreatedBy,
  Tags,
  Size,
  Comment,
}: HistoryLayer): ImageHistoryStep {
  return {
    id: Id === undefined || Id === null || Id === '' || Id === '<missing>' ? null : Id,
    createdAt: new Date((Created ?? 0) * 1_000).toISOString(),
    createdBy: CreatedBy ?? '',
    tags: [...(Tags ?? [])],
    size: Size ?? 0,
    comment: Comment ?? '',
  };
}

export function toSearchResult(found: ImageSearchInfo): ImageSearchResult {
  return {
    name: found.name ?? '',
    description: found.description ?? '',
    stars: found.star_count ?? 0,
    official: found.is_official ?? false,
  };
}

export function toRemoved(steps: readonly ImageRemoveInfo[] | null | undefined): RemovedImage {
  const told = (key: 'Untagged' | 'Deleted') =>
    (steps ?? []).flatMap((step) => (typeof step[key] === 'string' ? [step[key]] : []));
  return { untagged: told('Untagged'), deletedIds: told('Deleted') };
}

function named(names: readonly string[] | null | undefined): string[] {
  return (names ?? []).filter((name) => !name.includes('<none>'));
}

function toLabels(labels: Loose<Record<string, string>> | null | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(labels ?? {}).map(([key, value]) => [key, value ?? '']));
}

/** Images made without a time say that they are from the year 1, or nothing. */
function toTime(created: string | null | undefined): string | null {
  const time = Date.parse(created ?? '');
  return Number.isNaN(time) || time < 0 ? null : new Date(time).toISOString();
}

function words(value: string | readonly string[] | null | undefined): string[] {
  return typeof value === 'string' ? [value] : [...(value ?? [])];
}
