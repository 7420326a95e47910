import { ArgsType, InputType } from '@nestjs/graphql';
import { InObject, InText } from '../common/input-fields.js';
import { InEngineName } from '../common/references.js';

const ADDRESS = {
  description:
    'Where it is, as DOCKER_HOST has it: `unix:///path`, `tcp://host:port` (with TLS where `tls` is given), `https://host:port`, `http://host:port`, `ssh://[user@]host[:port][/path of the socket]`.',
  min: 8,
  max: 1_024,
  example: 'tcp://engine.example.com:2376',
} as const;
const DESCRIPTION = { description: 'What it is for.', max: 1_024, optional: true } as const;
const PEM = { min: 1, max: 65_536, multiline: true, optional: true } as const;

@InputType({ description: 'Certificates for an engine that listens with TLS. Its own is always verified.' })
export class EngineTlsInput {
  @InText({
    description:
      'Certificates, in PEM, of who may have signed that of the engine. Default: the authorities of the system.',
    ...PEM,
  })
  ca?: string;

  @InText({ description: 'The certificate to show the engine, in PEM. With `key`.', ...PEM })
  certificate?: string;

  @InText({ description: 'The private key of the certificate, in PEM. Never shown again.', ...PEM })
  key?: string;
}

@InputType({ description: 'How to sign in by ssh, and whom to trust.' })
export class EngineSshInput {
  @InText({
    description:
      "A private key in OpenSSH format, without a passphrase. Never shown again. Default: the keys and the agent of Dockmaster's OpenSSH client.",
    ...PEM,
  })
  key?: string;

  @InText({
    description:
      "Lines of a known_hosts file: the only keys that the host may show. Default: those that Dockmaster's OpenSSH client knows.",
    ...PEM,
  })
  knownHosts?: string;
}

@InputType({ description: 'How to reach an engine.' })
export class TestEngineInput {
  @InText(ADDRESS)
  address!: string;

  @InObject(() => EngineTlsInput, { description: 'For TLS by tcp:// and https://.', optional: true })
  tls?: EngineTlsInput;

  @InObject(() => EngineSshInput, { description: 'For ssh://.', optional: true })
  ssh?: EngineSshInput;
}

@InputType({ description: 'An engine to stand in front of.' })
export class CreateEngineInput extends TestEngineInput {
  @InEngineName()
  name!: string;

  @InText(DESCRIPTION)
  description?: string;
}

@InputType({ description: 'What to change about an engine. What is left out stays.' })
export class UpdateEngineInput {
  @InText(DESCRIPTION)
  description?: string;

  @InText({ ...ADDRESS, optional: true })
  address?: string;

  @InObject(() => EngineTlsInput, {
    description:
      'In place of all certificates and the key that there are. They go by themselves with an address that has no TLS.',
    optional: true,
  })
  tls?: EngineTlsInput;

  @InObject(() => EngineSshInput, {
    description:
      'In place of the key and the hosts that there are. They go by themselves with an address that is not by ssh.',
    optional: true,
  })
  ssh?: EngineSshInput;
}

/** The argument of GraphQL fields on an engine by its name. */
@ArgsType()
export class EngineNameArgs {
  @InEngineName()
  name!: string;
}
