import { EXIT_CODES, type ExitCode } from '../cli/exit-codes.ts';
import { csvLine } from '../cli/query-text.ts';
import { columnsText, tablesText } from '../cli/tables-text.ts';
import type { Terminal } from '../cli/terminal.ts';
import type { TableDeclaration, TimeSeriesStore } from '../ports/time-series.ts';
import { chosen, tablesOf } from './store-tables.ts';

/** What of the tables is wanted. */
interface Wanted {
  /** Those whose columns are told; none: all; undefined: no columns. */
  readonly names: readonly string[] | undefined;
  readonly isJson: boolean;
  readonly isCsv: boolean;
}

/** Which tables the store has and what they tell, so that a first question can be asked. */
export async function answerTables(
  store: TimeSeriesStore,
  { names, isJson, isCsv }: Wanted,
  terminal: Terminal,
): Promise<ExitCode> {
  const rows = new Map((await store.status()).tables.map((table) => [table.name, table.rows]));
  const tables = chosen(await tablesOf(store), names ?? [], 'the store');
  const counted = tables.map((table) => ({ table, rows: rows.get(table.name) ?? 0 }));
  if (isJson) terminal.write(`${JSON.stringify({ tables: counted.map(jsonOf) })}\n`);
  else if (isCsv) terminal.write(csvOf(tables));
  else if (names !== undefined) terminal.write(columnsText(counted));
  else {
    terminal.write(tablesText(counted));
    terminal.writeError('strata query --tables NAME tells the columns of one\n');
  }
  return EXIT_CODES.ok;
}

function jsonOf({ table, rows }: { readonly table: TableDeclaration; readonly rows: number }) {
  const { name, tells, time, keys } = table;
  const columns = table.columns.map((column) => ({
    name: column.name,
    kind: column.kind,
    tells: column.tells,
  }));
  return { name, tells, rows, time, keys, columns };
}

function csvOf(tables: readonly TableDeclaration[]): string {
  const lines = tables.flatMap(({ name, columns }) =>
    columns.map((column) => csvLine([name, column.name, column.kind, column.tells])),
  );
  return csvLine(['table', 'column', 'kind', 'tells']) + lines.join('');
}
