import type { Freshness } from '../common/freshness.js';
import { DomainError } from '../common/errors.js';
import { type EngineDocument, present } from '../containers/engine-document.js';
import type { SecretDocument } from '../gate/engine-handle.js';
import { toData } from '../swarm/data.mapper.js';
import type { ServiceUse } from '../swarm/service-use.model.js';
import { toOfSwarm } from '../swarm/swarm-object.model.js';
import { type CreateSecretInput, MAX_SECRET_BYTES } from './secret.inputs.js';
import type { Secret, SecretDetails } from './secret.model.js';

/** A secret as lists show it. */
export function toSecret(engine: string, document: SecretDocument): Secret {
  const { Name = '', Labels, Driver, Templating } = document.Spec;
  return {
    ...toOfSwarm(engine, document, Labels),
    name: Name,
    driver: Driver?.Name ?? null,
    templateDriver: Templating?.Name ?? null,
  };
}

/** @param usedBy null where its reader may see no services */
export function toSecretDetails(
  engine: string,
  document: SecretDocument,
  usedBy: readonly ServiceUse[] | null,
  freshness: Freshness,
): SecretDetails {
  return {
    ...toSecret(engine, document),
    ...freshness,
    usedBy: usedBy && [...usedBy],
    raw: withoutOptions(document),
  };
}

/**
 * The body of SecretCreate.
 *
 * @throws DomainError `invalid_input` unless it says once where the data comes from
 */
export function toSecretBody(input: CreateSecretInput): EngineDocument {
  const { name, labels, templateDriver, driver, data, text } = input;
  if (driver && (data !== undefined || text !== undefined)) {
    const message = 'driver must be given without `data` and `text`';
    throw new DomainError('invalid_input', message, { errors: [{ field: 'driver', message }] });
  }
  return present({
    Name: name,
    Labels: labels,
    Data: driver ? undefined : toData(input, MAX_SECRET_BYTES),
    Driver: driver && present({ Name: driver.name, Options: driver.options }),
    Templating: templateDriver === undefined ? undefined : { Name: templateDriver },
  });
}

/** A plugin is told by them where to look, and may be told with what password. */
function withoutOptions(document: SecretDocument): SecretDocument {
  const { Driver, ...Spec } = document.Spec;
  return {
    ...document,
    Spec: { ...Spec, ...(Driver ? { Driver: present({ Name: Driver.Name }) } : {}) },
  };
}
