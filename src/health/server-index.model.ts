import { OutText } from '../common/output-fields.js';

export class ServerIndex {
  @OutText('Where the REST reference is.')
  docs!: string;

  @OutText('Where GraphQL is, by HTTP and WebSocket.')
  graphql!: string;

  @OutText('Where the OpenAPI document is.')
  openapi!: string;

  @OutText('Where it is told whether the process lives.')
  health!: string;
}
