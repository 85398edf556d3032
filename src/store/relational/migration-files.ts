import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assert } from '../../core/assert.ts';

export interface Migration {
  readonly number: number;
  /** `0001-sessions-and-symbols` */
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file: what was done once is never done otherwise. */
  readonly checksum: string;
}

export interface SchemaFiles {
  /** From 1, without a gap. */
  readonly migrations: readonly Migration[];
  /** What all of them together make, for a database that has nothing yet. */
  readonly whole: string;
}

/** Beside this file, in `src` and in `dist` alike. */
export const SQL_FOLDER = fileURLToPath(new URL('./sql', import.meta.url));

export function readSchemaFiles(folder = SQL_FOLDER): SchemaFiles {
  const names = readdirSync(join(folder, 'migrations')).filter((name) => name.endsWith('.sql'));
  const migrations = names.toSorted().map((file, at) => {
    const number = Number(/^(\d{4})-[a-z0-9-]+\.sql$/.exec(file)?.[1]);
    assert(number === at + 1, 'migrations are numbered from 0001 without a gap');
    const sql = readSql(join(folder, 'migrations', file));
    const checksum = createHash('sha256').update(sql).digest('hex');
    return { number, name: file.slice(0, -'.sql'.length), sql, checksum };
  });
  return { migrations, whole: readSql(join(folder, 'schema.sql')) };
}

/** A checkout with other ends of lines is the same file. */
function readSql(file: string): string {
  return readFileSync(file, 'utf8').replaceAll('\r\n', '\n');
}
