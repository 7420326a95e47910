import { Injectable } from '@nestjs/common';
import type { OperationId } from '../engine/operations/index.js';
import { State } from '../state/state.js';
import type { Admission } from './admission.js';

const JOINS_OR_LEAVES: ReadonlySet<OperationId> = new Set<OperationId>([
  'NetworkConnect',
  'NetworkDisconnect',
]);

/** Tells memory of changes made through the gate, so that the caller's next read shows them. */
@Injectable()
export class OwnChanges {
  constructor(private readonly state: State) {}

  /**
   * Called when the engine has answered, also with an error: it may have done a part.
   *
   * @param answer undefined where there was an error
   */
  follow({ engine, operation, target, request }: Admission, answer: unknown): void {
    if (!operation.changes) return;
    const containers = this.state.containers(engine);
    if (operation.id === 'ContainerCreate') {
      // Who owns it is known only now: those who see what they own have not been told.
      if (answer !== undefined) containers.touched((answer as { Id: string }).Id, { announce: true });
    } else if (JOINS_OR_LEAVES.has(operation.id)) {
      const { Container: reference } = request.body as { Container: string };
      const id = containers.idOf(reference);
      if (id !== undefined) containers.touched(id);
    } else if (target?.container) {
      containers.touched(target.container.id);
    }
  }
}
