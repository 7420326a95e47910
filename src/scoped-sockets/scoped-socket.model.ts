import { ObjectType } from '@nestjs/graphql';
import { OutChoice, OutText } from '../common/output-fields.js';
import { ConnectionOf, PageOf } from '../common/pagination.js';
import type { NamedDoorway } from '../doorways/doorway-management.service.js';
import { Doorway, toDoorway } from '../doorways/doorway.model.js';

export const SOCKET_STATES = ['listening', 'disabled', 'ended', 'failed'] as const;
export type SocketState = (typeof SOCKET_STATES)[number];

/** How a socket is on this machine. */
export interface SocketStatus {
  readonly path: string;
  readonly state: SocketState;
  readonly problem: string | null;
}

@ObjectType({
  description: 'A unix socket that speaks the Engine API, and by which whoever may connect acts as somebody.',
})
export class ScopedSocket extends Doorway {
  @OutText('Where it is, on the machine of the Dockmaster that answers.')
  path!: string;

  @OutText('The permission bits of its file, octal.')
  mode!: string;

  @OutText('The user that its file belongs to, by name or number; null for that of the process.', {
    nullable: true,
  })
  owner!: string | null;

  @OutText('The group that its file belongs to, by name or number; null for that of the process.', {
    nullable: true,
  })
  group!: string | null;

  @OutChoice(
    SOCKET_STATES,
    'How it is there. Ended: it is past its end, or whom it stands for is disabled or gone.',
  )
  state!: SocketState;

  @OutText('Why it failed; null where it did not.', { nullable: true })
  problem!: string | null;
}

export class ScopedSocketPage extends PageOf(ScopedSocket) {}
export const ScopedSocketConnection = ConnectionOf(ScopedSocket);

export function toScopedSocket({ stored, subjectName }: NamedDoorway, status: SocketStatus): ScopedSocket {
  const { mode = 0, owner = null, group = null } = stored.file ?? {};
  return {
    ...toDoorway(stored, subjectName),
    path: status.path,
    mode: mode.toString(8).padStart(4, '0'),
    owner,
    group,
    state: status.state,
    problem: status.problem,
  };
}
