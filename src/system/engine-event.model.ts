import { ArgsType, InputType, ObjectType } from '@nestjs/graphql';
import { InObject, InText } from '../common/input-fields.js';
import { OutText, OutTextMap, OutTime } from '../common/output-fields.js';
import { EnginePath } from '../common/engine-path.js';
import { InPointInTime } from '../containers/engine-time.js';

@ObjectType({ description: 'Something that happened on an engine.' })
export class EngineEvent {
  @OutText('The kind of object that it happened to: container, image, network, volume, …')
  type!: string;

  @OutText("What happened, in the engine's words: start, die, destroy, …")
  action!: string;

  @OutText("The object's id; a volume's name, an image's reference.")
  actorId!: string;

  @OutTextMap('What the engine tells of the object, its labels among it.')
  attributes!: Record<string, string>;

  @OutTime('When it happened.')
  time!: string;
}

const WORDS = { max: 64, min: 1, list: { max: 50 }, optional: true, fromText: true } as const;
const TYPE = { description: 'Kinds of objects, such as container.', ...WORDS } as const;
const ACTION = { description: 'What happened, such as start or die.', ...WORDS } as const;
const ACTOR_ID = {
  description: 'The full id of the object; the name of a volume.',
  max: 255,
  min: 1,
  optional: true,
} as const;
const SINCE =
  'Begin with what happened then, as far as the engine remembers: its last 256 events. Default: now.';
const UNTIL = 'End then. Default: never.';

@InputType({ description: 'Which events to be told of: those that meet all that is given.' })
export class EngineEventFilter {
  @InText(TYPE)
  type?: string[];

  @InText(ACTION)
  action?: string[];

  @InText(ACTOR_ID)
  actorId?: string;

  @InPointInTime(SINCE)
  since?: string;

  @InPointInTime(UNTIL)
  until?: string;
}

/** The query of `GET /engines/{engine}/events`. */
export class EngineEventsQuery implements EngineEventFilter {
  @InText(TYPE)
  type?: string[];

  @InText(ACTION)
  action?: string[];

  @InText(ACTOR_ID)
  actorId?: string;

  @InPointInTime(SINCE)
  since?: string;

  @InPointInTime(UNTIL)
  until?: string;
}

@ArgsType()
export class EngineEventsArgs extends EnginePath {
  @InObject(() => EngineEventFilter, { description: 'Which events; all unless given.', optional: true })
  filter?: EngineEventFilter;
}
