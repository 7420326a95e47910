import { InputType } from '@nestjs/graphql';
import { InChoice, InText } from '../common/input-fields.js';
import { InDataName, InSwarmLabels, InVersion } from './swarm-fields.js';

/** What SwarmKit expands templates with. */
export const TEMPLATE_DRIVERS = ['golang'] as const;

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The input field of data as base64. @param bytes the most that it may decode to */
export const InData = (what: string, bytes: number): PropertyDecorator =>
  InText({
    description: `The data of the ${what} as base64 (RFC 4648), of 1 to ${bytes} bytes. Either this or \`text\`.`,
    min: 4,
    max: Math.ceil(bytes / 3) * 4,
    pattern: BASE64,
    patternHint: 'base64 with padding',
    optional: true,
    example: 'aGVsbG8=',
  });

/** The input field of data as text. @param bytes the most that it may take as UTF-8 */
export const InDataText = (what: string, bytes: number): PropertyDecorator =>
  InText({
    description: `The data of the ${what} as text, of 1 to ${bytes} bytes of UTF-8. Either this or \`data\`.`,
    min: 1,
    max: bytes,
    multiline: true,
    optional: true,
  });

/** What secrets and configs are made with alike. */
@InputType({ isAbstract: true })
export abstract class DataInput {
  @InDataName('The name.')
  name!: string;

  @InSwarmLabels()
  labels?: Record<string, string>;

  @InChoice({
    description:
      'What expands the data as a template in each container: `golang` for Go’s text/template. Default: nothing.',
    values: TEMPLATE_DRIVERS,
    optional: true,
  })
  templateDriver?: (typeof TEMPLATE_DRIVERS)[number];
}

/** What of secrets and configs can be changed. */
@InputType({ isAbstract: true })
export abstract class DataChangeInput {
  @InSwarmLabels('All labels: those that are left out are taken away.')
  labels?: Record<string, string>;

  @InVersion()
  version?: number;
}
