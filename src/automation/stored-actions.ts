import { Injectable } from '@nestjs/common';
import { SecretBox } from '../common/secret-box.js';
import type { RunContainerInput } from '../containers/container-create.inputs.js';
import type { ActionInput } from './action.inputs.js';
import type { StoredAction } from './action.model.js';

/** The columns that an action is stored in. */
export interface ActionColumns {
  readonly action: string;
  readonly sealed_run: string | null;
}

/** Writes actions down and reads them again. The container that one runs is encrypted. */
@Injectable()
export class StoredActions {
  constructor(private readonly box: SecretBox) {}

  /** @param belongsTo names the row, such as `hook:` and its id */
  toColumns({ run, ...action }: ActionInput, belongsTo: string): ActionColumns {
    const shown: StoredAction = run ? { ...action, runImage: run.image } : action;
    return {
      action: JSON.stringify(shown),
      sealed_run: run ? this.box.seal(JSON.stringify(run), `${belongsTo}:run`) : null,
    };
  }

  /** @throws DomainError `unavailable` where it was sealed with another key */
  whole({ action, sealed_run }: ActionColumns, belongsTo: string): ActionInput {
    const { runImage: _, ...stored } = shownAction({ action });
    if (sealed_run === null) return stored;
    return { ...stored, run: JSON.parse(this.box.open(sealed_run, `${belongsTo}:run`)) as RunContainerInput };
  }
}

export function shownAction({ action }: Pick<ActionColumns, 'action'>): StoredAction {
  return JSON.parse(action) as StoredAction;
}
