import type { TableDeclaration, TimeSeriesStore } from '../../ports/time-series.ts';
import type { Span } from '../lake/lake.ts';
import { LakeError } from '../lake/lake-error.ts';
import { isCount, isRecord, parseJson } from '../lake/manifest.ts';
import type { Place } from '../lake/place.ts';
import { type LifecycleTools, sumOf } from './lifecycle-tools.ts';

/** Rows of a part that go back into the store after it was dropped whole. */
export interface KeptRows {
  readonly table: string;
  readonly fromUs: number;
  readonly untilUs: number;
  readonly symbols: readonly string[];
  readonly rows: number;
  readonly rowChecksum: string;
}

const FOLDER = 'kept/';

/** Undefined where none stay. */
export async function keptRows(
  store: TimeSeriesStore,
  table: TableDeclaration,
  { fromUs, untilUs }: Span,
  symbols: readonly string[],
): Promise<KeptRows | undefined> {
  if (symbols.length === 0) return undefined;
  const { rows, hex } = await sumOf(store, table, { fromUs, untilUs }, symbols);
  return { table: table.name, fromUs, untilUs, symbols, rows, rowChecksum: hex };
}

/** Before the drop: from then on a run that finds the note puts the rows back. */
export async function writeNote(notes: Place, kept: KeptRows): Promise<void> {
  await notes.put(pathOf(kept), new TextEncoder().encode(`${JSON.stringify(kept)}\n`));
}

/** Of runs that died between the drop and the end; each is finished before anything else begins. */
export async function openNotes(notes: Place): Promise<readonly KeptRows[]> {
  const found: KeptRows[] = [];
  for (const { path } of await notes.list(FOLDER)) {
    const content = parseJson(`${path} in ${notes.name}`, await notes.get(path));
    if (!isKeptRows(content)) {
      throw new LakeError('LAKE_DAMAGED', `${path} in ${notes.name} is no note of kept rows`);
    }
    found.push(content);
  }
  return found;
}

/** From the lake into the store, unless they are there already. Then the note goes. */
export async function returnKept(
  tools: LifecycleTools,
  table: TableDeclaration,
  kept: KeptRows,
): Promise<void> {
  const { store, lake, notes, at } = tools;
  if (!(await areThere(store, table, kept))) {
    const { fromUs, untilUs, symbols } = kept;
    for await (const batch of lake.read({ table, fromUs, untilUs, only: { symbol: symbols } })) {
      await store.append(batch);
      tools.progress(batch.rows);
    }
    if (!(await areThere(store, table, kept))) {
      const message = `${kept.table}: rows of ${symbols.length} symbols did not come back whole`;
      throw new LakeError('LAKE_DIFFERS', `${message}; they are in the lake`);
    }
  }
  await at('keptReturned');
  await notes.remove(pathOf(kept));
}

async function areThere(store: TimeSeriesStore, table: TableDeclaration, kept: KeptRows) {
  const { rows, hex } = await sumOf(store, table, kept, kept.symbols);
  return rows === kept.rows && hex === kept.rowChecksum;
}

function pathOf({ table, fromUs }: KeptRows): string {
  return `${FOLDER}${table}-${fromUs}.json`;
}

function isKeptRows(value: unknown): value is KeptRows {
  if (!isRecord(value)) return false;
  const { table, fromUs, untilUs, symbols, rows, rowChecksum } = value;
  return (
    typeof table === 'string' &&
    [fromUs, untilUs, rows].every(isCount) &&
    Array.isArray(symbols) &&
    symbols.every((symbol) => typeof symbol === 'string') &&
    typeof rowChecksum === 'string'
  );
}
