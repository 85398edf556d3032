import { assert } from '../../core/assert.ts';
import { StoreError } from '../../ports/store-error.ts';
import type {
  ColumnDeclaration,
  ColumnKind,
  SchemaChange,
  TableDeclaration,
} from '../../ports/time-series.ts';

/** Columns of a table as the database has them, in its order. */
export type FoundColumns = ReadonlyMap<string, string>;

export interface PlannedChange extends SchemaChange {
  readonly statements: readonly string[];
}

/** What has to be done to make a table what it is declared to be; throws where it cannot be. */
export function planTable(
  table: TableDeclaration,
  found: FoundColumns | undefined,
): readonly PlannedChange[] {
  if (found === undefined) return [createTable(table)];
  return table.columns.flatMap((column) => {
    const type = found.get(column.name);
    if (type === TYPES[column.kind]) return [];
    if (type === undefined) return [addColumn(table, column)];
    if (column.kind === 'doubles' && type === LISTS) return [listsToBytes(table, column)];
    throw new StoreError(
      'STORE_SCHEMA',
      `table ${table.name}, column ${column.name}: there is ${type}, expected was ` +
        `${TYPES[column.kind]}; rename the table, and migrate again`,
    );
  });
}

/** No index: it would lie in memory for every row there is. Duplicates are found by time. */
function createTable(table: TableDeclaration): PlannedChange {
  const columns = table.columns.map(({ name, kind }) => `${quoted(name)} ${TYPES[kind]}`);
  return {
    table: table.name,
    what: 'create table',
    statements: [
      `CREATE TABLE ${quoted(table.name)} (${columns.join(', ')})`,
      `COMMENT ON TABLE ${quoted(table.name)} IS ${literal(table.tells)}`,
      ...table.columns.map((column) => comment(table, column)),
    ],
  };
}

function addColumn(table: TableDeclaration, column: ColumnDeclaration): PlannedChange {
  if (!LATER.has(column.kind)) {
    throw new StoreError(
      'STORE_SCHEMA',
      `table ${table.name} has no column ${column.name}: its rows cannot have been without one ` +
        `of kind ${column.kind}; rename the table, and migrate again`,
    );
  }
  return {
    table: table.name,
    what: `add column ${column.name}`,
    statements: [
      `ALTER TABLE ${quoted(table.name)} ADD COLUMN ${quoted(column.name)} ${TYPES[column.kind]}`,
      comment(table, column),
    ],
  };
}

/**
 * Builds of before kept lists as numbers. The database tells the bits of a double from its sign
 * on, and the bytes that we keep begin at the other end.
 */
function listsToBytes(table: TableDeclaration, { name }: ColumnDeclaration): PlannedChange {
  const digits = 'hex(x::BIT::BLOB)';
  const bytes = [15, 13, 11, 9, 7, 5, 3, 1].map((from) => `substr(${digits}, ${from}, 2)`);
  const one = `CASE WHEN isnan(x) THEN '000000000000F87F' ELSE ${bytes.join(' || ')} END`;
  const all = `unhex(array_to_string(list_transform(${quoted(name)}, lambda x: ${one}), ''))`;
  return {
    table: table.name,
    what: `keep lists of ${name} as bytes`,
    statements: [
      `ALTER TABLE ${quoted(table.name)} ALTER COLUMN ${quoted(name)} TYPE BLOB USING ${all}`,
    ],
  };
}

function comment(table: TableDeclaration, { name, tells }: ColumnDeclaration): string {
  return `COMMENT ON COLUMN ${quoted(table.name)}.${quoted(name)} IS ${literal(tells)}`;
}

/** What lists of doubles were. */
const LISTS = 'DOUBLE[]';

const TYPES: Readonly<Record<ColumnKind, string>> = {
  symbol: 'VARCHAR',
  text: 'VARCHAR',
  time: 'TIMESTAMP',
  double: 'DOUBLE',
  whole: 'BIGINT',
  truth: 'BOOLEAN',
  doubles: 'BLOB',
};

/** Kinds that say "not known" of themselves. */
const LATER: ReadonlySet<ColumnKind> = new Set(['symbol', 'text', 'double', 'doubles']);

export function typeOf(kind: ColumnKind): string {
  return TYPES[kind];
}

/** The same in a file that others read: a list is a list there. */
export function plainTypeOf(kind: ColumnKind): string {
  return kind === 'doubles' ? LISTS : TYPES[kind];
}

/** Names are ours, and stand in questions that people write. */
export function quoted(name: string): string {
  assert(/^[a-z_][a-z0-9_]*$/.test(name), 'a name of a table or column is plain');
  return `"${name}"`;
}

export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

export function timeLiteral(us: number): string {
  return `make_timestamp(${Math.trunc(us)}::BIGINT)`;
}
