import type { Freshness } from '../common/freshness.js';
import { type EngineDocument, present } from '../containers/engine-document.js';
import type { ConfigDocument, KeptConfig } from '../gate/engine-handle.js';
import { textOf, toData } from '../swarm/data.mapper.js';
import type { ServiceUse } from '../swarm/service-use.model.js';
import { toOfSwarm } from '../swarm/swarm-object.model.js';
import { type CreateConfigInput, MAX_CONFIG_BYTES } from './config.inputs.js';
import type { Config, ConfigDetails } from './config.model.js';

/** A config as lists show it. */
export function toConfig(engine: string, document: KeptConfig): Config {
  const { Name = '', Labels, Templating } = document.Spec;
  return {
    ...toOfSwarm(engine, document, Labels),
    name: Name,
    templateDriver: Templating?.Name ?? null,
  };
}

/**
 * @param document without its data where its reader may not read that
 * @param usedBy null where its reader may see no services
 */
export function toConfigDetails(
  engine: string,
  document: ConfigDocument,
  usedBy: readonly ServiceUse[] | null,
  freshness: Freshness,
): ConfigDetails {
  const { Data } = document.Spec;
  return {
    ...toConfig(engine, document),
    ...freshness,
    data: Data ?? null,
    text: Data === undefined ? null : textOf(Data),
    usedBy: usedBy && [...usedBy],
    raw: document,
  };
}

/**
 * The body of ConfigCreate.
 *
 * @throws DomainError `invalid_input` unless its data is given once
 */
export function toConfigBody(input: CreateConfigInput): EngineDocument {
  const { name, labels, templateDriver } = input;
  return present({
    Name: name,
    Labels: labels,
    Data: toData(input, MAX_CONFIG_BYTES),
    Templating: templateDriver === undefined ? undefined : { Name: templateDriver },
  });
}
