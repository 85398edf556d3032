import { MS } from '../core/time.ts';
import { bytesText, count, plural } from '../cli/figures.ts';
import { EXIT_CODES } from '../cli/exit-codes.ts';
import type { StoreOptions } from '../cli/store-options.ts';
import { StoreError } from '../ports/store-error.ts';
import type { TableStatus } from '../ports/time-series.ts';
import { dateOf, type Lake } from '../store/lake/lake.ts';
import { dueParts } from '../store/lifecycle/archive.ts';
import { openNotes } from '../store/lifecycle/kept-rows.ts';
import type { StoreBench } from './store-bench.ts';
import { spoolFolder } from './store-feed/open-series.ts';
import { tablesOf } from './store-tables.ts';
import { policyOf, symbolTiers } from './store-tiers.ts';
import type { StoreAnswer, StoreCall } from './store-call.ts';

/** Of a table as the lake has it. */
interface LakeTable {
  readonly name: string;
  readonly partitions: number;
  readonly files: number;
  readonly rows: number;
  readonly bytes: number;
  readonly first: string;
  readonly last: string;
}

export async function statusVerb(call: StoreCall): Promise<StoreAnswer> {
  const { bench } = call;
  const status = await bench.store?.status();
  const lake = await lakeTables(bench.lake);
  const due = await dueRows(call);
  const unfinished = (await openNotes(bench.notes)).length;
  const freeBytes = await bench.data.freeBytes();
  const waitingBytes = await spooledBytes(bench);
  return {
    lines: [
      status === undefined ? absence(bench) : `store: ${status.place}`,
      ...(status?.tables ?? []).filter(({ rows }) => rows > 0).map(storeLine),
      ...(waitingBytes === 0 ? [] : [waitingLine(waitingBytes)]),
      `lake: ${bench.lake.place.name}${lake.length === 0 ? ', nothing in it' : ''}`,
      ...lake.map(lakeLine),
      `due for the lake: ${plural(due.rows, 'row')} of ${plural(due.parts, 'part')}`,
      ...(unfinished === 0
        ? []
        : [`${plural(unfinished, 'archive run')} died half done: run it again`]),
      `free on the disk: ${bytesText(freeBytes)}`,
    ],
    json: {
      store: status,
      waitingBytes,
      lake: { place: bench.lake.place.name, tables: lake },
      due,
      unfinished,
      freeBytes,
    },
  };
}

/** Rows that the store has not taken. */
async function spooledBytes({ config, data }: StoreBench): Promise<number> {
  const { kind } = config.store.series;
  if (kind === 'none') return 0;
  const files = await data.list(`${spoolFolder(kind)}/`);
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

function waitingLine(bytes: number): string {
  return `  ${bytesText(bytes)} wait on the disk: the next session hands them in`;
}

/** An engine has the embedded store for itself: nobody else can look into it. */
export function heldStatus({ action, isJson, dataDir }: StoreOptions, holder: string): StoreAnswer {
  if (action.kind !== 'status') {
    const message = `${dataDir} is held by ${holder}; strata store ${action.kind} has to wait`;
    throw new StoreError('STORE_LOCKED', message);
  }
  const lines = isJson ? [] : [`an engine holds the store: ${holder}`, 'strata status asks it'];
  return { lines, json: { holder }, exitCode: EXIT_CODES.ok };
}

async function dueRows({ bench, environment }: StoreCall) {
  const { store, config, dataDir } = bench;
  if (store === undefined) return { parts: 0, rows: 0 };
  const nowUs = Date.now() * MS;
  const { bySymbol } = await symbolTiers(config, dataDir, environment, nowUs);
  const due = await dueParts(store, await tablesOf(store), bySymbol, policyOf(config), nowUs);
  const rows = due.reduce((sum, { rowsLeaving }) => sum + rowsLeaving, 0);
  return { parts: due.length, rows };
}

async function lakeTables(lake: Lake): Promise<readonly LakeTable[]> {
  const found: LakeTable[] = [];
  for (const name of await lake.tables()) {
    const partitions = await lake.partitions(name);
    const files = partitions.flatMap((manifest) => manifest.files);
    found.push({
      name,
      partitions: partitions.length,
      files: files.length,
      rows: files.reduce((sum, { rows }) => sum + rows, 0),
      bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
      first: partitions.at(0)?.date ?? '',
      last: partitions.at(-1)?.date ?? '',
    });
  }
  return found;
}

function absence({ config, dataDir }: StoreBench): string {
  return config.store.series.kind === 'none'
    ? 'store: none, by store.series.kind; the journals are kept'
    : `store: none in ${dataDir} yet; a session makes it, or strata store migrate --apply`;
}

function storeLine({ name, rows, firstUs, lastUs, bytes }: TableStatus): string {
  const size = Number.isNaN(bytes) ? '' : `, ${bytesText(bytes)}`;
  return `  ${name}: ${plural(rows, 'row')}, ${dateOf(firstUs)} to ${dateOf(lastUs)}${size}`;
}

function lakeLine({ name, partitions, files, rows, bytes, first, last }: LakeTable): string {
  const size = `${count(files)} files, ${bytesText(bytes)}`;
  const span = `${first} to ${last}, ${count(partitions)} partitions`;
  return `  ${name}: ${plural(rows, 'row')}, ${span}, ${size}`;
}
