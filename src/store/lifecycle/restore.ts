import type { RowBatch, SeriesQuery, TableDeclaration } from '../../ports/time-series.ts';
import { DAY, daysOfDate, parseDate } from '../../core/time.ts';
import { LakeError } from '../lake/lake-error.ts';
import { pick } from '../lake/lake-pass.ts';
import { dateOf, type Lake, type Span } from '../lake/lake.ts';
import { withColumnsOf } from '../lake/manifest.ts';
import { RowChecksum } from '../lake/row-checksum.ts';
import { type LifecycleTools, sumOf } from './lifecycle-tools.ts';

/** A day of a table that the lake has; `rows` before any was found in the store too. */
export interface RestorableDay extends Span {
  readonly table: TableDeclaration;
  readonly rows: number;
  readonly bytes: number;
}

export interface RestoredDay {
  readonly table: string;
  readonly fromUs: number;
  readonly rows: number;
  /** Rows whose keys the store has: they are later than the lake's, and stay. */
  readonly rowsAlreadyThere: number;
}

export type RestoreTools = Pick<LifecycleTools, 'store' | 'lake' | 'at' | 'progress'>;

/** What the lake has of a table between two times, by days of UTC. */
export async function restorableDays(
  lake: Lake,
  table: TableDeclaration,
  span: Span,
): Promise<readonly RestorableDay[]> {
  const days = new Map<number, RestorableDay>();
  for (const { files, date } of await lake.partitions(table.name, span)) {
    demandKnown(table, files);
    const fromUs = daysOfDate(parseDate(date) ?? 0) * DAY;
    const day = days.get(fromUs) ?? { table, fromUs, untilUs: fromUs + DAY, rows: 0, bytes: 0 };
    const rows = files.reduce((sum, file) => sum + file.rows, day.rows);
    days.set(fromUs, {
      ...day,
      rows,
      bytes: files.reduce((sum, { bytes }) => sum + bytes, day.bytes),
    });
  }
  const within = ({ fromUs, untilUs }: RestorableDay): RestorableDay[] => {
    const [from, until] = [Math.max(fromUs, span.fromUs), Math.min(untilUs, span.untilUs)];
    const day = days.get(fromUs);
    return from < until && day !== undefined ? [{ ...day, fromUs: from, untilUs: until }] : [];
  };
  return [...days.values()].flatMap(within);
}

/**
 * Puts a day's rows back into the store, except those whose keys it has, and compares what it then
 * holds with what it should. The lake keeps its copy. A second run puts back what is missing.
 */
export async function restoreDay(tools: RestoreTools, day: RestorableDay): Promise<RestoredDay> {
  const { store, lake, at, progress } = tools;
  const { table, fromUs, untilUs } = day;
  const query = { table, fromUs, untilUs };
  const wanted = new RowChecksum();
  const present = await keysThere(tools, query, wanted);
  let [rows, rowsAlreadyThere] = [0, 0];
  for await (const batch of lake.read(query)) {
    const missing = withoutKeys(batch, present);
    rowsAlreadyThere += batch.rows - missing.rows;
    progress(batch.rows);
    if (missing.rows === 0) continue;
    rows += missing.rows;
    wanted.add(missing);
    const { refused } = await store.append(missing);
    const [first] = refused;
    if (first !== undefined) {
      const message = `${table.name}: the store refused ${refused.length} rows: ${first.reason}`;
      throw new LakeError('LAKE_DIFFERS', message);
    }
  }
  const found = await sumOf(store, table, day);
  if (!found.equals(wanted)) {
    const message = `${table.name} of ${dateOf(fromUs)}: the store has ${found.rows} rows`;
    const sums = `checksum ${found.hex}, and not ${wanted.rows}, ${wanted.hex}`;
    throw new LakeError('LAKE_DIFFERS', `${message}, ${sums}`);
  }
  await at('dayRestored');
  return { table: table.name, fromUs, rows, rowsAlreadyThere };
}

/** A build that lacks a column would leave its values behind. */
function demandKnown(table: TableDeclaration, files: Parameters<typeof withColumnsOf>[1]): void {
  const known = new Set(table.columns.map(({ name }) => name));
  const unknown = withColumnsOf(table, files).columns.find(({ name }) => !known.has(name));
  if (unknown === undefined) return;
  const message = `the lake has a column ${unknown.name} of ${table.name}, this build has none`;
  throw new LakeError('LAKE_NEWER', message);
}

async function keysThere(
  { store }: RestoreTools,
  query: SeriesQuery,
  sum: RowChecksum,
): Promise<ReadonlySet<string>> {
  const keys = new Set<string>();
  for await (const batch of store.read(query)) {
    sum.add(batch);
    const keyOf = rowKeys(batch);
    for (let row = 0; row < batch.rows; row += 1) keys.add(keyOf(row));
  }
  return keys;
}

function withoutKeys(batch: RowBatch, present: ReadonlySet<string>): RowBatch {
  if (present.size === 0) return batch;
  const keyOf = rowKeys(batch);
  const rows: number[] = [];
  for (let row = 0; row < batch.rows; row += 1) if (!present.has(keyOf(row))) rows.push(row);
  return rows.length === batch.rows ? batch : pick(batch, rows);
}

/** Texts of ours hold no NUL, so it parts them. */
function rowKeys({ table, columns }: RowBatch): (row: number) => string {
  const keys = [table.time, ...table.keys].map(
    (key) => columns[table.columns.findIndex(({ name }) => name === key)] ?? [],
  );
  return (row) => keys.map((values) => String(values[row])).join('\0');
}
