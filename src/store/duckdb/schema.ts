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

function comment(table: TableDeclaration, { name, tells }: ColumnDeclaration): string {
  return `COMMENT ON COLUMN ${quoted(table.name)}.${quoted(name)} IS ${literal(tells)}`;
}

const TYPES: Readonly<Record<ColumnKind, string>> = {
  symbol: 'VARCHAR',
  text: 'VARCHAR',
  time: 'TIMESTAMP',
  double: 'DOUBLE',
  whole: 'BIGINT',
  truth: 'BOOLEAN',
  doubles: 'DOUBLE[]',
};

/** Kinds that say "not known" of themselves. */
const LATER: ReadonlySet<ColumnKind> = new Set(['symbol', 'text', 'double', 'doubles']);

export function typeOf(kind: ColumnKind): string {
  return TYPES[kind];
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
