import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { count } from '../cli/figures.ts';
import { EXIT_CODES, type ExitCode } from '../cli/exit-codes.ts';
import { loadConfig } from '../cli/load-config.ts';
import type { QueryOptions } from '../cli/query-options.ts';
import { csvLine, renderRows } from '../cli/query-text.ts';
import type { Terminal } from '../cli/terminal.ts';
import type { VerbOptions } from '../cli/verbs.ts';
import type { Profile } from '../cli/load-config.ts';
import { StoreError } from '../ports/store-error.ts';
import type { SqlPage, SqlValue, TimeSeriesStore } from '../ports/time-series.ts';
import { STORE_FILE } from '../store/duckdb/duckdb-store.ts';
import { answerTables } from './query-tables.ts';
import { holderText } from './store-claim.ts';
import { type Environment, openNow } from './store-feed/open-store.ts';

const ROWS_SHOWN = 1_000;
const BUSY_MS = 5;

/** One question of a person's, or none: which tables there are. As text, as CSV or as JSON. */
export function queryVerb(
  options: QueryOptions,
  terminal: Terminal,
  environment: Environment,
): Promise<ExitCode> {
  if (options.text !== undefined && options.tables !== undefined) {
    terminal.writeError('strata: --tables asks nothing else: leave it out, or the question\n');
    return Promise.resolve(EXIT_CODES.error);
  }
  return withStore(options, terminal, environment, async (store) => {
    const { text, tables: names, isCsv, isJson, rowsMax } = options;
    if (text === undefined) return answerTables(store, { names, isCsv, isJson }, terminal);
    if (isCsv) await answerCsv(store, text, rowsMax ?? Infinity, terminal);
    else if (isJson) await answerJson(store, text, rowsMax ?? Infinity, terminal);
    else await answerTable(store, text, rowsMax ?? ROWS_SHOWN, terminal);
    return EXIT_CODES.ok;
  });
}

/** The store of a profile, to read from; says what is the matter where it cannot be. */
export async function withStore(
  { dataDir, profile, config: file }: VerbOptions & { readonly profile: Profile },
  terminal: Terminal,
  environment: Environment,
  work: (store: TimeSeriesStore) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { series } = loadConfig(profile, file).config.store;
  const { kind } = series;
  if (kind === 'none') {
    terminal.writeError('strata: these settings keep no store (store.series.kind is none)\n');
    return EXIT_CODES.notFound;
  }
  if (kind === 'duckdb') {
    const holder = await holderText(dataDir);
    if (holder !== undefined) throw heldBy(dataDir, holder);
    if (!existsSync(join(dataDir, STORE_FILE))) {
      terminal.writeError(
        `strata: there is no store in ${dataDir} yet\n` +
          'A session makes it, or strata store migrate --apply.\n',
      );
      return EXIT_CODES.notFound;
    }
  }
  const store = await openNow({ series: { ...series, kind }, dataDir, environment });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** The embedded store is one process's at a time. */
function heldBy(dataDir: string, holder: string): StoreError {
  return new StoreError(
    'STORE_LOCKED',
    `the store in ${dataDir} is held by ${holder}: it can be asked when that has ended`,
  );
}

async function answerTable(
  store: TimeSeriesStore,
  text: string,
  rowsMax: number,
  terminal: Terminal,
): Promise<void> {
  let names: readonly string[] = [];
  const rows: (readonly SqlValue[])[] = [];
  const hasMore = await walk(store.sql(text), rowsMax, (page) => {
    ({ names } = page);
    rows.push(...page.rows);
    return Promise.resolve();
  });
  terminal.write(renderRows(names, rows));
  const more = hasMore ? ', and there are more: --limit, --csv or --json hand them out' : '';
  terminal.writeError(`${count(rows.length)} ${rows.length === 1 ? 'row' : 'rows'}${more}\n`);
}

async function answerCsv(
  store: TimeSeriesStore,
  text: string,
  rowsMax: number,
  terminal: Terminal,
): Promise<void> {
  let isFirst = true;
  const hasMore = await walk(store.sql(text), rowsMax, async ({ names, rows }) => {
    const head = isFirst ? csvLine(names) : '';
    isFirst = false;
    terminal.write(head + rows.map(csvLine).join(''));
    await drained(terminal);
  });
  if (hasMore) terminal.writeError(`there are more rows than ${count(rowsMax)}\n`);
}

/** One value, written as it comes: an answer may be larger than memory. */
async function answerJson(
  store: TimeSeriesStore,
  text: string,
  rowsMax: number,
  terminal: Terminal,
): Promise<void> {
  let written = 0;
  const hasMore = await walk(store.sql(text), rowsMax, async ({ names, rows }) => {
    const head = written === 0 ? `{"names":${JSON.stringify(names)},"rows":[` : '';
    const lines = rows.map((row, at) => (written + at === 0 ? '' : ',') + JSON.stringify(row));
    written += rows.length;
    terminal.write(head + lines.join('\n'));
    await drained(terminal);
  });
  terminal.write(`],"hasMore":${hasMore}}\n`);
}

/** Hands over pages of at most so many rows, and answers whether there would have been more. */
async function walk(
  pages: AsyncIterable<SqlPage>,
  rowsMax: number,
  take: (page: SqlPage) => Promise<void>,
): Promise<boolean> {
  let left = rowsMax;
  let isFirst = true;
  for await (const { names, rows } of pages) {
    if (rows.length > 0 && left === 0) return true;
    const some = rows.length <= left ? rows : rows.slice(0, left);
    left -= some.length;
    if (some.length > 0 || isFirst) await take({ names, rows: some });
    isFirst = false;
    if (some.length < rows.length) return true;
  }
  return false;
}

/** A pipe that is slow is waited for: what it has not taken lies in memory. */
async function drained(terminal: Terminal): Promise<void> {
  while (terminal.isBusy) {
    await new Promise((resolve) => {
      setTimeout(resolve, BUSY_MS);
    });
  }
}
