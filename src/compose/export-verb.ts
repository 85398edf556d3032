import { existsSync, mkdirSync, rmSync, renameSync, openSync, closeSync, fsyncSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { count, plural } from '../cli/figures.ts';
import { EXIT_CODES, type ExitCode } from '../cli/exit-codes.ts';
import type { ExportOptions } from '../cli/query-options.ts';
import type { Terminal } from '../cli/terminal.ts';
import { StoreError } from '../ports/store-error.ts';
import type { RowBatch, TableDeclaration, TimeSeriesStore } from '../ports/time-series.ts';
import { writeParquetFile } from '../store/duckdb/parquet-file.ts';
import { countRecords, writeTextFile } from './export-text.ts';
import { withStore } from './query-verb.ts';
import type { Environment } from './store-feed/open-store.ts';
import { rowProgress } from './store-progress.ts';
import { tablesOf } from './store-tables.ts';

const MEMORY_BYTES_MAX = 256 * 1_048_576;

/** Rows of a table into a file that is there when it is whole and counted, and not before. */
export async function exportVerb(
  options: ExportOptions,
  terminal: Terminal,
  environment: Environment,
): Promise<ExitCode> {
  const out = resolve(options.out);
  if (options.fromUs >= options.untilUs) {
    terminal.writeError('strata: --from is not before --to: no row is between them\n');
    return EXIT_CODES.error;
  }
  if (existsSync(out) && !options.isForced) {
    terminal.writeError(`strata: ${out} is there already\nName another, or add --force.\n`);
    return EXIT_CODES.error;
  }
  return withStore(options, terminal, environment, async (store) => {
    const table = await tableOf(store, options, terminal);
    if (table === undefined) return EXIT_CODES.notFound;
    const rows = await exportRows({ store, table, options, out, terminal });
    const { format, isJson } = options;
    const told = { table: table.name, rows, format, path: out };
    terminal.write(
      isJson
        ? `${JSON.stringify(told)}\n`
        : `${plural(rows, 'row')} of ${table.name} in ${out} (${format}), counted there\n`,
    );
    return EXIT_CODES.ok;
  });
}

async function tableOf(
  store: TimeSeriesStore,
  { table: wanted, symbols }: ExportOptions,
  terminal: Terminal,
): Promise<TableDeclaration | undefined> {
  const tables = await tablesOf(store);
  const table = tables.find(({ name }) => name === wanted);
  if (table === undefined) {
    const names = tables.map(({ name }) => name).join(', ');
    terminal.writeError(`strata: there is no table ${wanted} in the store\n`);
    terminal.writeError(names === '' ? 'It is empty.\n' : `It has ${names}.\n`);
    return undefined;
  }
  if (symbols !== undefined && table.columns.every(({ name }) => name !== 'symbol')) {
    throw new StoreError('STORE_REFUSED', `rows of ${wanted} have no symbols to choose by`);
  }
  return table;
}

interface Exporting {
  readonly store: TimeSeriesStore;
  readonly table: TableDeclaration;
  readonly options: ExportOptions;
  readonly out: string;
  readonly terminal: Terminal;
}

async function exportRows(exporting: Exporting): Promise<number> {
  const { out } = exporting;
  mkdirSync(dirname(out), { recursive: true });
  const part = join(dirname(out), `.${basename(out)}.${process.pid}.part`);
  try {
    const { read, written } = await writePart(exporting, part);
    if (read !== written) {
      const what = `${part} holds ${count(written)} rows, and ${count(read)} were read`;
      throw new StoreError('STORE_DAMAGED', `${what}; nothing was put in the place of ${out}`);
    }
    sync(part);
    renameSync(part, out);
    sync(dirname(out));
    return read;
  } finally {
    rmSync(part, { force: true });
    rmSync(`${part}.tmp`, { recursive: true, force: true });
  }
}

async function writePart(
  { store, table, options, terminal }: Exporting,
  path: string,
): Promise<{ readonly read: number; readonly written: number }> {
  const { fromUs, untilUs, symbols, format } = options;
  const only = symbols === undefined ? {} : { only: { symbol: symbols } };
  const progress = rowProgress(terminal, 'export');
  let read = 0;
  const batches = counted(store.read({ table, fromUs, untilUs, ...only }), (rows) => {
    read += rows;
    progress(rows);
  });
  if (format !== 'parquet') {
    await writeTextFile(path, format, table, batches);
    return { read, written: countRecords(path, format) };
  }
  const scratch = `${path}.tmp`;
  const given = { path, scratch, memoryBytesMax: MEMORY_BYTES_MAX, table, batches };
  const written = await writeParquetFile({ ...given, progress: () => undefined });
  return { read, written };
}

async function* counted(
  batches: AsyncIterable<RowBatch>,
  tell: (rows: number) => void,
): AsyncIterable<RowBatch> {
  for await (const batch of batches) {
    tell(batch.rows);
    yield batch;
  }
}

/** What is renamed must be on the disk, and so must be its new name. */
function sync(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
