import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

const BLOCK_BYTES = 16;
const REVISION_BYTES = 6;

/**
 * Revisions as callers get them: equal for equal revisions, and telling nothing else. How often things change that an
 * actor may not see is hidden from it, and a token is of no use to another actor, for another engine, with other rights
 * or to a process that starts anew, whose revisions begin again.
 */
export class RevisionTokens {
  private readonly key = randomBytes(BLOCK_BYTES);

  /** @param reach what the revision is of, and who may see how much of it */
  seal(revision: number, reach: string): string {
    const block = Buffer.alloc(BLOCK_BYTES);
    block.writeUIntBE(revision, 0, REVISION_BYTES);
    digest(reach).copy(block, REVISION_BYTES);
    // One block, each different: there is nothing to chain.
    const cipher = createCipheriv('aes-128-ecb', this.key, null).setAutoPadding(false);
    return Buffer.concat([cipher.update(block), cipher.final()]).toString('base64url');
  }

  /** @returns undefined for what this process never gave for the same `reach` */
  open(token: string, reach: string): number | undefined {
    const sealed = Buffer.from(token, 'base64url');
    if (sealed.length !== BLOCK_BYTES) return undefined;
    const decipher = createDecipheriv('aes-128-ecb', this.key, null).setAutoPadding(false);
    const block = Buffer.concat([decipher.update(sealed), decipher.final()]);
    return block.subarray(REVISION_BYTES).equals(digest(reach))
      ? block.readUIntBE(0, REVISION_BYTES)
      : undefined;
  }
}

function digest(reach: string): Buffer {
  return createHash('sha256')
    .update(reach)
    .digest()
    .subarray(0, BLOCK_BYTES - REVISION_BYTES);
}
