import { createHash } from 'node:crypto';
import { DomainError } from '../common/errors.js';
import type { SecurityLevel } from '../common/security-level.js';
import { readableName, type TarEntry } from '../common/tar/tar-entry.js';
import { TarReader } from '../common/tar/tar-reader.js';
import { TAR_END, tarHeader, tarPadding } from '../common/tar/tar-writer.js';

/** How many symbolic links an archive may have: they are remembered. */
const MOST_SYMLINKS = 1_000_000;

/**
 * Takes an archive from outside apart and writes it anew: every name stays below `prefix`, nothing is written through a link of
 * the archive's own, and there are no devices below level `privileged`.
 */
export class CheckedArchive {
  private readonly symlinks = new Set<number>();
  private count = 0;

  constructor(
    private readonly level: SecurityLevel,
    private readonly prefix: string,
  ) {}

  /** How many entries have passed. */
  get entries(): number {
    return this.count;
  }

  /** @throws DomainError `invalid_input` that names what is wrong; `policy_violation` for devices */
  async *pass(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
    const reader = new TarReader(source);
    try {
      for (let entry = await reader.next(); entry; entry = await reader.next()) {
        const safe = this.check(entry);
        this.count += 1;
        yield tarHeader(safe);
        yield* reader.content();
        const padding = tarPadding(safe.size);
        if (padding.length > 0) yield padding;
      }
      yield TAR_END;
    } finally {
      await reader.close();
    }
  }

  private check(entry: TarEntry): TarEntry {
    const { kind } = entry;
    const names = this.safeNames(entry.path, entry.path);
    if (names.length === 0 && kind !== 'directory') throw refused(entry.path, 'replaces the volume itself');
    if ((kind === 'character' || kind === 'block') && this.level !== 'privileged') {
      const message = `${shown(entry.path)} is a device: those need level privileged`;
      throw new DomainError('policy_violation', message, { errors: [{ field: 'archive', message }] });
    }
    const linked = kind === 'hardLink' ? this.safeNames(entry.linkPath, entry.path) : undefined;
    // Another name of a symbolic link is one as well.
    if (kind === 'symlink' || (linked && this.symlinks.has(keyOf(linked)))) this.remember(names);
    else this.symlinks.delete(keyOf(names));
    const path = [this.prefix, ...names].join('/');
    return {
      ...entry,
      path: kind === 'directory' ? `${path}/` : path,
      linkPath: linked ? [this.prefix, ...linked].join('/') : entry.linkPath,
    };
  }

  /** The parts of a path within the volume. */
  private safeNames(path: string, of: string): string[] {
    if (path.startsWith('/')) throw refused(of, 'is absolute');
    const names = path.split('/').filter((name) => name !== '' && name !== '.');
    if (names.includes('..')) throw refused(of, 'leads out of the archive');
    for (let depth = 1; depth < names.length; depth += 1) {
      if (this.symlinks.has(keyOf(names.slice(0, depth)))) throw refused(of, 'goes through a symbolic link');
    }
    return names;
  }

  private remember(names: readonly string[]): void {
    if (this.symlinks.size >= MOST_SYMLINKS)
      throw new DomainError('payload_too_large', `The archive has more than ${MOST_SYMLINKS} symbolic links`);
    this.symlinks.add(keyOf(names));
  }
}

/** Short, since there may be very many: 48 bits. Two that are one by chance refuse an archive, and let nothing through. */
function keyOf(names: readonly string[]): number {
  return createHash('sha1').update(names.join('/')).digest().readUIntBE(0, 6);
}

function shown(path: string): string {
  return JSON.stringify(readableName(path).slice(0, 200));
}

function refused(path: string, why: string): DomainError {
  const message = `${shown(path)} ${why}`;
  return new DomainError('invalid_input', `The archive is refused: ${message}`, {
    errors: [{ field: 'archive', message }],
  });
}
