import type { TableDeclaration } from '../ports/time-series.ts';
import { plural, count } from './figures.ts';
import { onOneLine } from './terminal-text.ts';

export interface CountedTable {
  readonly table: TableDeclaration;
  readonly rows: number;
}

const GAP = '  ';

/** A line each. */
export function tablesText(tables: readonly CountedTable[]): string {
  const cells = tables.map(({ table, rows }) => [table.name, count(rows), table.tells] as const);
  const nameWidth = widest(cells.map(([name]) => name));
  const rowsWidth = widest(cells.map(([, rows]) => rows));
  return cells
    .map(([name, rows, tells]) => [name.padEnd(nameWidth), rows.padStart(rowsWidth), tells])
    .map((line) => `${line.join(GAP)}\n`)
    .join('');
}

/** What a column holds, with what makes a row the only one of its kind. */
export function columnsText(tables: readonly CountedTable[]): string {
  return tables.map(blockOf).join('\n');
}

function blockOf({ table, rows }: CountedTable): string {
  const { name, tells, columns, time, keys } = table;
  const nameWidth = widest(columns.map((column) => column.name));
  const kindWidth = widest(columns.map(({ kind }) => kind));
  const lines = columns.map((column) =>
    [
      '',
      column.name.padEnd(nameWidth),
      column.kind.padEnd(kindWidth),
      onOneLine(column.tells),
    ].join(GAP),
  );
  const one = `  one row for each ${[time, ...keys].join(', ')}`;
  return [`${name}: ${plural(rows, 'row')}. ${tells}`, ...lines, one]
    .map((line) => `${line}\n`)
    .join('');
}

function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map((text) => text.length));
}
