import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { assert } from '../../core/assert.ts';

export interface Migration {
  readonly number: number;
  /** `0001-sessions-and-symbols` */
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of its text: what was done once is never done otherwise. */
  readonly checksum: string;
}

/** Beside this file, in `src` and in `dist` alike. */
const SCHEMA_FILE = fileURLToPath(new URL('./sql/schema.sql', import.meta.url));

/** From 1, without a gap. */
export function readMigrations(file = SCHEMA_FILE): readonly Migration[] {
  // A checkout with other ends of lines is the same file.
  const text = readFileSync(file, 'utf8').replaceAll('\r\n', '\n');
  const [, ...sections] = text.split(/^-- migration (\d{4}-[a-z0-9-]+)$/m);
  return Array.from({ length: sections.length / 2 }, (_, at) => {
    const name = sections[2 * at] ?? '';
    const number = Number(name.slice(0, 4));
    assert(number === at + 1, 'migrations are numbered from 0001 without a gap');
    const sql = `${(sections[2 * at + 1] ?? '').trim()}\n`;
    return { number, name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
  });
}
