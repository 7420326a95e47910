import { Injectable } from '@nestjs/common';
import { type PastOwner, OwnershipService } from '../access/ownership.service.js';
import type { Subject } from '../access/role-binding.js';
import { SubjectsService } from '../access/subjects.service.js';
import type { Actor } from '../common/actor.js';
import type { WatchedKindName } from '../state/watched-kinds.js';
import { Authoriser, isActor } from './authoriser.js';
import { NOT_LABELS } from './event-labels.js';
import { maySee, SHOWN } from './shown-objects.js';

/** How long after an object was made its owner may not be written down yet. */
const OWNER_KNOWN_AFTER_MS = 5_000;

/** An object as it was when something happened to it. */
export interface ObjectMatter {
  readonly of: 'object';
  readonly engine: string;
  readonly kind: WatchedKindName;
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Whether they are those of its event only, in which the engine writes its own words over some. */
  readonly labelsGuessed: boolean;
  /** Of an image. */
  readonly repositories?: readonly string[] | undefined;
  /** Its owner then; undefined where it had none, or it was not known yet. */
  readonly owner: PastOwner | undefined;
  /** When it happened, in milliseconds since the epoch. */
  readonly at: number;
}

/** What something happened to, as far as it decides about who may know. */
export type Matter =
  | ObjectMatter
  | { readonly of: 'engine'; readonly engine: string }
  /** Any of the containers of an engine, whichever it may be. */
  | { readonly of: 'containers'; readonly engine: string }
  | { readonly of: 'job'; readonly engine: string | null; readonly startedBy: PastOwner }
  /** What only the audit trail tells. */
  | { readonly of: 'audit' }
  /** What is the owner's own. */
  | { readonly of: 'own'; readonly owner: PastOwner };

/** `unsure`: hidden for now, and to be asked again a little later, since who owns the object is not written down yet. */
export type Sight = 'visible' | 'hidden' | 'unsure';

/** Who may know that something happened. Decided by the rights of this moment; denies by default. */
@Injectable()
export class EventSight {
  constructor(
    private readonly authoriser: Authoriser,
    private readonly ownership: OwnershipService,
    private readonly subjects: SubjectsService,
  ) {}

  /** Somebody as an actor, without a session or token of his; undefined for who is no more, or disabled. */
  async actor(
    { kind, id }: Subject & Pick<Actor, 'kind'>,
    limits: Actor['limits'],
  ): Promise<Actor | undefined> {
    const subject = await this.subjects.find({ kind, id });
    if (!subject || subject.disabled) return undefined;
    const teamIds = kind === 'user' ? await this.subjects.teamIdsOf(id) : [];
    return { kind, id, name: subject.name, teamIds, ...(limits ? { limits } : {}) };
  }

  /** Whether there is still such a user or service account. */
  async isThere(subject: Subject): Promise<boolean> {
    return (await this.subjects.find(subject)) !== undefined;
  }

  async of(actor: Actor, matter: Matter): Promise<Sight> {
    switch (matter.of) {
      case 'object':
        return this.ofObject(actor, matter);
      case 'engine':
        return told((await this.authoriser.rights(actor, matter.engine)).mayEver('engines:list'));
      case 'containers':
        return told((await this.authoriser.rights(actor, matter.engine)).mayAlways(SHOWN.container.list));
      case 'job': {
        const rights = await this.authoriser.rights(actor, matter.engine ?? undefined);
        const own = isActor(actor, matter.startedBy) && rights.tokenPermits('jobs:list');
        return told(own || rights.mayAlways('jobs:list'));
      }
      case 'audit':
        return told((await this.authoriser.rights(actor)).mayAlways('audit:list'));
      case 'own':
        return told(isActor(actor, matter.owner));
    }
  }

  private async ofObject(actor: Actor, matter: ObjectMatter): Promise<Sight> {
    const { engine, kind, id, labels, labelsGuessed, repositories, at } = matter;
    const rights = await this.authoriser.rights(actor, engine);
    const { list } = SHOWN[kind];
    if (rights.mayAlways(list)) return 'visible';
    if (labelsGuessed && rights.asksForLabels(list, NOT_LABELS)) return 'hidden';
    let owner = matter.owner;
    const ownedByActor = async () => {
      owner ??= await this.ownerSince(engine, kind, id, at);
      return owner !== undefined && isActor(actor, owner);
    };
    if (await maySee(rights, list, { labels, ownedByActor }, repositories)) return 'visible';
    const mayComeYet = Date.now() - at < OWNER_KNOWN_AFTER_MS && owner === undefined;
    return mayComeYet && rights.asksForOwner(list) ? 'unsure' : 'hidden';
  }

  /** An object's owner is written down after the engine made it. A volume's name may be another's by now. */
  private async ownerSince(
    engine: string,
    kind: string,
    id: string,
    at: number,
  ): Promise<PastOwner | undefined> {
    const found = await this.ownership.find(engine, kind, id);
    if (found) return found.createdAt <= at + OWNER_KNOWN_AFTER_MS ? found : undefined;
    return kind === 'volume' ? undefined : (await this.ownership.lastOwners(engine, kind, [id])).get(id);
  }
}

function told(visible: boolean): Sight {
  return visible ? 'visible' : 'hidden';
}
