import { ObjectType } from '@nestjs/graphql';
import {
  OutBoolean,
  OutChoice,
  OutInteger,
  OutNumber,
  OutObject,
  OutText,
  OutTime,
} from '../common/output-fields.js';

export const TRANSPORTS = ['unix', 'tcp', 'ssh'] as const;

@ObjectType({ description: 'A certificate, without its private key.' })
export class EngineCertificate {
  @OutText('Whose it is.')
  subject!: string;

  @OutText('Who signed it.')
  issuer!: string;

  @OutText('SHA-256 of the certificate: hexadecimal, with colons.')
  fingerprint!: string;

  @OutTime('Until when it is good.')
  expiresAt!: string;
}

@ObjectType({ description: 'A key of a host that is trusted by ssh.' })
export class EngineKnownHost {
  @OutText('The names that the host has it for; hashed ones as they stand.')
  hosts!: string;

  @OutText('The type of the key.')
  type!: string;

  @OutText('The fingerprint of the key, as `ssh-keygen -l` shows it: `SHA256:…`.')
  fingerprint!: string;
}

@ObjectType({ description: 'How an engine is reached. Private keys are never shown.' })
export class EngineConnectionDetails {
  @OutText('The address, as DOCKER_HOST has it.')
  address!: string;

  @OutChoice(TRANSPORTS, 'What it is reached by.')
  transport!: (typeof TRANSPORTS)[number];

  @OutBoolean('Whether TLS is spoken.')
  tls!: boolean;

  @OutObject(
    () => EngineCertificate,
    'Who may have signed the certificate of the engine; empty where the authorities of the system are trusted.',
    { list: true },
  )
  authorities!: EngineCertificate[];

  @OutObject(() => EngineCertificate, 'What the engine is shown; null where it is shown none.', {
    nullable: true,
  })
  certificate!: EngineCertificate | null;

  @OutText(
    'The fingerprint of the key that signs in by ssh, as `ssh-keygen -l` shows it; null where those of the OpenSSH client are used.',
    { nullable: true },
  )
  sshKeyFingerprint!: string | null;

  @OutObject(
    () => EngineKnownHost,
    'The keys that the host may show by ssh; empty for those that the OpenSSH client knows.',
    {
      list: true,
    },
  )
  knownHosts!: EngineKnownHost[];

  @OutText('What is unsafe about it, or soon broken.', { list: true })
  warnings!: string[];
}

@ObjectType({
  description: 'A Docker Engine that Dockmaster stands in front of, and how it was when last asked.',
})
export class Engine {
  @OutText('What the engine is called here.')
  name!: string;

  @OutText('What it is for.')
  description!: string;

  @OutBoolean('Whether it is the one that DOCKER_HOST names, which can be neither changed nor removed here.')
  builtIn!: boolean;

  @OutBoolean('Whether it answered when it was last asked.')
  reachable!: boolean;

  @OutText('The version of the Engine API that it offers; null while it was never reached.', {
    nullable: true,
  })
  apiVersion!: string | null;

  @OutText('Why it cannot be reached; null while it can.', { nullable: true })
  error!: string | null;

  @OutTime('When it was last asked; null before the first answer.', { nullable: true })
  checkedAt!: string | null;

  @OutTime('Since when it is reachable, or not; null before the first answer.', { nullable: true })
  since!: string | null;

  @OutObject(
    () => EngineConnectionDetails,
    'How it is reached; null without the permission `engines:update`, and for the one of DOCKER_HOST.',
    { nullable: true },
  )
  connection!: EngineConnectionDetails | null;
}

@ObjectType({ description: 'When an engine was found to have come or gone.' })
export class EngineTurn {
  @OutBoolean('Whether it answered from then on.')
  reachable!: boolean;

  @OutTime('When it was found.')
  at!: string;

  @OutText('The version of the Engine API that it offered; null where it was never reached.', {
    nullable: true,
  })
  apiVersion!: string | null;

  @OutText('Why it could not be reached; null where it could.', { nullable: true })
  error!: string | null;
}

@ObjectType({ description: 'How an engine is, and was, as the replica that answers has found it.' })
export class EngineHealth {
  @OutText('What the engine is called here.')
  name!: string;

  @OutBoolean('Whether it answered when it was last asked.')
  reachable!: boolean;

  @OutText('Why it cannot be reached; null while it can.', { nullable: true })
  error!: string | null;

  @OutTime('When it was last asked; null before the first answer.', { nullable: true })
  checkedAt!: string | null;

  @OutTime('Since when it is reachable, or not; null before the first answer.', { nullable: true })
  since!: string | null;

  @OutObject(
    () => EngineTurn,
    'The last 100 turns, the latest first, since it was added or Dockmaster was started.',
    { list: true },
  )
  turns!: EngineTurn[];
}

@ObjectType({ description: 'What came of trying an engine.' })
export class EngineTestResult {
  @OutBoolean('Whether it answered as an engine does.')
  reachable!: boolean;

  @OutText('The version of the Engine API that it offers; null where it told none.', { nullable: true })
  apiVersion!: string | null;

  @OutText('The version of the engine; null where it was not reached.', { nullable: true })
  version!: string | null;

  @OutText('Its operating system; null where it was not reached.', { nullable: true })
  operatingSystem!: string | null;

  @OutText('Its architecture; null where it was not reached.', { nullable: true })
  architecture!: string | null;

  @OutNumber(
    'Milliseconds from the call to the answer of a ping; that of a new connection is part of it. Null where there was none.',
    { nullable: true },
  )
  latencyMs!: number | null;

  @OutText('Why it was not reached; null where it was.', { nullable: true })
  error!: string | null;

  @OutText('What is unsafe about how it is reached.', { list: true })
  warnings!: string[];
}

export const ENGINE_ANSWERS = ['ok', 'stale', 'error'] as const;

@ObjectType({ description: 'What an engine contributed to a list across engines.' })
export class EngineContribution {
  @OutText('What the engine is called here.')
  name!: string;

  @OutChoice(
    ENGINE_ANSWERS,
    'ok: all that it has. stale: it is away, and this is what was known last. error: nothing of it is in the list.',
  )
  status!: (typeof ENGINE_ANSWERS)[number];

  @OutInteger('How many of it meet the filter, on all pages.')
  totalCount!: number;

  @OutTime('When memory was last compared with the engine; null where it could not be read.', {
    nullable: true,
  })
  syncedAt!: string | null;

  @OutText('The code of the error; null where there was none.', { nullable: true })
  errorCode!: string | null;

  @OutText('Why nothing of it is in the list, or why it is stale; null where it is there.', {
    nullable: true,
  })
  error!: string | null;
}
