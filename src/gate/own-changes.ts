import { Injectable } from '@nestjs/common';
import { State } from '../state/state.js';
import type { Admission } from './admission.js';

const MADE = { ServiceCreate: 'service', SecretCreate: 'secret', ConfigCreate: 'config' } as const;

const OF_SWARM = ['node', 'service', 'task', 'secret', 'config'] as const;

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
    const containers = this.state.of(engine, 'container');
    switch (operation.id) {
      case 'ContainerCreate':
        // Who owns it is known only now: those who see what they own have not been told.
        if (answer !== undefined) containers.touched((answer as { Id: string }).Id, { announce: true });
        this.state.of(engine, 'volume').touchedSome(); // that it brought along
        break;
      case 'NetworkCreate':
        if (answer !== undefined)
          this.state.of(engine, 'network').touched((answer as { Id: string }).Id, { announce: true });
        break;
      case 'VolumeCreate':
        if (answer !== undefined)
          this.state.of(engine, 'volume').touched((answer as { Name: string }).Name, { announce: true });
        break;
      case 'NetworkConnect':
      case 'NetworkDisconnect': {
        const id = containers.idOf((request.body as { Container: string }).Container);
        if (id !== undefined) containers.touched(id);
        break;
      }
      case 'ContainerPrune':
        containers.touchedSome();
        break;
      case 'NetworkPrune':
        this.state.of(engine, 'network').touchedSome();
        break;
      case 'VolumePrune':
        this.state.of(engine, 'volume').touchedSome();
        break;
      case 'ContainerDelete':
        if (request.query?.['v'] === true) this.state.of(engine, 'volume').touchedSome();
        break;
      case 'ServiceCreate':
      case 'SecretCreate':
      case 'ConfigCreate':
        if (answer !== undefined)
          this.state
            .of(engine, MADE[operation.id])
            .touched((answer as { ID: string }).ID, { announce: true });
        break;
      case 'SwarmInit':
      case 'SwarmJoin':
      case 'SwarmLeave':
      case 'SwarmUnlock':
        for (const kind of OF_SWARM) this.state.of(engine, kind).outdated();
        break;
      default:
    }
    if (operation.target === 'service' || operation.target === 'node')
      this.state.of(engine, 'task').outdated();
    if (operation.target === 'image' || operation.id === 'ImageCommit') {
      this.state.of(engine, 'image').touchedSome();
    } else if (target?.container) {
      containers.touched(target.container.id);
    } else if (target?.object) {
      this.state.of(engine, target.object.kind).touched(target.object.id);
    }
  }
}
