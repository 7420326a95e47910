import { DomainError, type FieldError } from '../common/errors.js';
import type { Permission } from '../common/permissions.js';
import type { ActionKind, PayloadValue } from './action-kinds.js';
import type { ActionInput } from './action.inputs.js';

/** Which fields go with a kind, besides `kind` and `engine`. */
interface ActionRules {
  readonly needs: readonly (keyof ActionInput)[];
  readonly takes: readonly (keyof ActionInput)[];
  /** What whoever does it needs at least, on what it is done to. */
  readonly permissions: readonly Permission[];
}

const RULES: Readonly<Record<ActionKind, ActionRules>> = {
  recreateContainer: {
    needs: ['target'],
    takes: ['tag', 'digest', 'recreate'],
    permissions: [
      'containers:get',
      'containers:readEnvironment',
      'containers:readMounts',
      'containers:create',
      'containers:start',
      'containers:stop',
      'containers:rename',
      'containers:delete',
      'images:get',
      'images:readEnvironment',
    ],
  },
  startContainer: { needs: ['target'], takes: [], permissions: ['containers:start'] },
  stopContainer: { needs: ['target'], takes: ['timeoutSeconds'], permissions: ['containers:stop'] },
  restartContainer: { needs: ['target'], takes: ['timeoutSeconds'], permissions: ['containers:restart'] },
  runContainer: {
    needs: ['run'],
    takes: ['timeoutSeconds'],
    permissions: [
      'containers:get',
      'containers:create',
      'containers:start',
      'containers:wait',
      'containers:logs',
      'containers:delete',
    ],
  },
  updateService: {
    needs: ['target'],
    takes: ['tag', 'digest', 'timeoutSeconds'],
    permissions: ['services:get', 'services:update', 'tasks:list'],
  },
  scaleService: {
    needs: ['target'],
    takes: ['replicas', 'timeoutSeconds'],
    permissions: ['services:get', 'services:update', 'tasks:list'],
  },
  prune: { needs: ['prune'], takes: [], permissions: [] },
  backupVolume: { needs: ['target', 'backup'], takes: [], permissions: ['volumes:backup'] },
};

/** What an action takes of a payload. */
export interface PayloadValues {
  readonly tag?: string | undefined;
  readonly digest?: string | undefined;
  readonly replicas?: number | undefined;
}

/** What whoever does it needs at least. */
export function permissionsOf({ kind, recreate, run }: ActionInput): readonly Permission[] {
  const pulls = kind === 'recreateContainer' ? recreate?.pull !== false : (run?.pull ?? 'never') !== 'never';
  return [...RULES[kind].permissions, ...(pulls ? (['images:pull'] as const) : [])];
}

/** Whether a payload may say this of an action of this kind. */
export function takesValue(kind: ActionKind, value: PayloadValue): boolean {
  return RULES[kind].takes.includes(value);
}

/**
 * @param fromPayload what a payload will say
 * @throws DomainError `invalid_input` for a field that is missing or does not go with the kind
 */
export function checkAction(action: ActionInput, fromPayload: readonly PayloadValue[] = []): void {
  const { needs, takes } = RULES[action.kind];
  const allowed: ReadonlySet<string> = new Set(['kind', 'engine', ...needs, ...takes]);
  const errors: FieldError[] = [];
  const refuse = (field: string, message: string) => errors.push({ field: `action.${field}`, message });
  for (const [field, value] of Object.entries(action))
    if (value !== undefined && !allowed.has(field)) refuse(field, `does not go with ${action.kind}`);
  for (const field of needs) if (action[field] === undefined) refuse(field, `is needed for ${action.kind}`);
  for (const value of fromPayload)
    if (!takesValue(action.kind, value)) refuse('kind', `takes no ${value} from a payload`);
  if (action.kind === 'scaleService' && action.replicas === undefined && !fromPayload.includes('replicas'))
    refuse('replicas', 'is needed, here or from the payload');
  if (action.run?.autoRemove === true)
    refuse('run.autoRemove', 'must be left out: it is removed when it has ended');
  const policy = action.run?.restartPolicy?.name;
  if (policy !== undefined && policy !== 'no') refuse('run.restartPolicy', 'must be left out: it runs once');
  if (errors.length === 0) return;
  throw new DomainError(
    'invalid_input',
    errors.map(({ field, message }) => `${field} ${message}`).join('; '),
    {
      errors,
    },
  );
}
