import { StoreError } from '../../ports/store-error.ts';
import type { ColumnKind, SchemaChange, TableDeclaration } from '../../ports/time-series.ts';
import {
  columnSql,
  createSql,
  isForEver,
  isSameTtl,
  keysOf,
  named,
  partitionOf,
  type TableShape,
  ttlOf,
  typeOf,
} from './table-shape.ts';

/** A change and the statement that makes it: a server with WAL takes one at a time. */
export interface Step extends SchemaChange {
  readonly sql: string;
}

/** Rows of before cannot know these, and the server has no word for "not known" in them. */
const NEVER_ADDED: ReadonlySet<ColumnKind> = new Set(['time', 'whole', 'truth']);

/**
 * What makes the table what it was declared to be. Throws `STORE_SCHEMA` where it became another
 * one: then nothing is changed, for whatever we did would be wrong for somebody's rows.
 */
export function stepsTo(table: TableDeclaration, found?: TableShape): readonly Step[] {
  if (found === undefined) {
    return [{ table: table.name, what: 'create table', sql: createSql(table) }];
  }
  requireDesign(table, found);
  return [...missingColumns(table, found), ...keyStep(table, found), ...ttlStep(table, found)];
}

function requireDesign(table: TableDeclaration, found: TableShape): void {
  const { name } = table;
  const partition = partitionOf(table);
  if (found.time !== table.time) differs(name, table.time, `ordered by ${found.time}`, 'its time');
  if (found.partition !== partition) {
    differs(name, table.time, `partitioned by ${found.partition}`, partition);
  }
  if (!found.isWal) differs(name, table.time, 'a table without WAL', 'one with WAL');
  for (const column of table.columns) {
    const there = found.columns.get(column.name);
    const type = typeOf(column.kind);
    if (there !== undefined) {
      if (there.type !== type) differs(name, column.name, there.type, type);
    } else if (keysOf(table).includes(column.name)) {
      differs(name, column.name, 'no such column', `${type}, a key`);
    } else if (NEVER_ADDED.has(column.kind)) {
      differs(name, column.name, 'no such column', `${type}, which rows of before cannot know`);
    }
  }
}

function differs(table: string, column: string, found: string, expected: string): never {
  throw new StoreError(
    'STORE_SCHEMA',
    `table ${table}, column ${column}: found ${found}, expected ${expected}; ` +
      'rename the table away, or put it right by hand, and migrate again',
  );
}

function missingColumns(table: TableDeclaration, found: TableShape): readonly Step[] {
  return table.columns
    .filter(({ name }) => !found.columns.has(name))
    .map((column) => ({
      table: table.name,
      what: `add column ${column.name}`,
      sql: `ALTER TABLE ${named(table.name)} ADD COLUMN IF NOT EXISTS ${columnSql(column)}`,
    }));
}

/** Without the keys a batch that is sent again would be there twice. */
function keyStep(table: TableDeclaration, found: TableShape): readonly Step[] {
  const keys = keysOf(table);
  const there = [...found.columns].filter(([, { isKey }]) => isKey).map(([name]) => name);
  const isSame = there.length === keys.length && keys.every((key) => there.includes(key));
  if (found.isDedup && isSame) return [];
  const list = keys.map(named).join(', ');
  return [
    {
      table: table.name,
      what: `keep one row of ${keys.join(', ')}`,
      sql: `ALTER TABLE ${named(table.name)} DEDUP ENABLE UPSERT KEYS(${list})`,
    },
  ];
}

function ttlStep(table: TableDeclaration, found: TableShape): readonly Step[] {
  const ttl = ttlOf(table);
  if (isSameTtl(ttl, found.ttl)) return [];
  return [
    {
      table: table.name,
      what: isForEver(ttl) ? 'keep rows for ever' : `keep rows for ${ttl.value} ${ttl.unit}S`,
      sql: `ALTER TABLE ${named(table.name)} SET TTL ${ttl.value} ${ttl.unit}S`,
    },
  ];
}
