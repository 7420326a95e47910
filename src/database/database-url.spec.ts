import { describe, expect, it } from '@jest/globals';
import { locateDatabase } from './database-url.js';

describe('DATABASE_URL', () => {
  it('unset or empty means the SQLite file in the data directory', () => {
    expect(locateDatabase('/data')).toEqual({ kind: 'sqlite', file: '/data/dockmaster.db' });
    expect(locateDatabase('/data', '')).toEqual({ kind: 'sqlite', file: '/data/dockmaster.db' });
  });

  it.each(['postgres://u:p@host:5432/name', 'postgresql://host/name?sslmode=require'])(
    '%s is PostgreSQL',
    (url) => {
      expect(locateDatabase('/data', url)).toEqual({ kind: 'postgres', url });
    },
  );

  it.each([
    'mysql://u:secret@host/name',
    'sqlite:secret.db',
    'postgres:secret',
    'postgres://u:secret@host:x/name',
  ])('%s is refused, and the error does not repeat it', (url) => {
    const attempt = () => locateDatabase('/data', url);
    expect(attempt).toThrow(expect.objectContaining({ kind: 'invalid_input' }));
    expect(attempt).not.toThrow(/secret/);
  });
});
