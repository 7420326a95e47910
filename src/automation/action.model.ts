import { ObjectType } from '@nestjs/graphql';
import { OutChoice, OutInteger, OutJson, OutText } from '../common/output-fields.js';
import { ACTION_KINDS, type ActionKind } from './action-kinds.js';
import type { ActionInput } from './action.inputs.js';

@ObjectType({ description: 'What a hook or a schedule does.' })
export class AutomationAction {
  @OutChoice(ACTION_KINDS, 'What it is.')
  kind!: ActionKind;

  @OutText('The engine that it is done on.')
  engine!: string;

  @OutText('The name of the container, service or volume; null where it is about none.', { nullable: true })
  target!: string | null;

  @OutText('The image of the container that it runs; null where it runs none. The rest of it is not shown.', {
    nullable: true,
  })
  runImage!: string | null;

  @OutText('The tag that the image is to have; null for the one that it has.', { nullable: true })
  tag!: string | null;

  @OutText('The digest that the image is to have; null for none.', { nullable: true })
  digest!: string | null;

  @OutInteger('How many replicas there are to be; null where it does not say.', { nullable: true })
  replicas!: number | null;

  @OutInteger('Seconds, as they were given; null for the default.', { nullable: true })
  timeoutSeconds!: number | null;

  @OutJson('What else was given: `recreate`, `prune` or `backup`. Null for nothing.', { nullable: true })
  options!: object | null;
}

/** An action as it is stored in the open: without the container that it runs, whose environment may hold secrets. */
export type StoredAction = Omit<ActionInput, 'run'> & { readonly runImage?: string };

export function toAutomationAction(action: StoredAction): AutomationAction {
  return {
    kind: action.kind,
    engine: action.engine,
    target: action.target ?? null,
    runImage: action.runImage ?? null,
    tag: action.tag ?? null,
    digest: action.digest ?? null,
    replicas: action.replicas ?? null,
    timeoutSeconds: action.timeoutSeconds ?? null,
    options: action.recreate ?? action.prune ?? action.backup ?? null,
  };
}
