import { Readable } from 'node:stream';
import { plainEntry, TAR_END, tarHeader, tarPadding } from '../common/tar/tar-writer.js';

/** A build context that holds nothing but a Dockerfile. */
export function dockerfileContext(dockerfile: string): Readable {
  const content = Buffer.from(dockerfile);
  const header = tarHeader(plainEntry({ kind: 'file', path: 'Dockerfile', size: content.length }));
  const archive = Buffer.concat([header, content, tarPadding(content.length), TAR_END]);
  return Readable.from([archive], { objectMode: false });
}
