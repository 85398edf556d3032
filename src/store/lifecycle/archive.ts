import type { TableDeclaration, TablePart, TimeSeriesStore } from '../../ports/time-series.ts';
import { LakeError } from '../lake/lake-error.ts';
import { LakePass } from '../lake/lake-pass.ts';
import { dateOf, type Span } from '../lake/lake.ts';
import { RowChecksum } from '../lake/row-checksum.ts';
import { type KeptRows, keptRows, returnKept, writeNote } from './kept-rows.ts';
import { dueBeforeUs, FACT_TABLES, type LifecyclePolicy, type Tier } from './policy.ts';
import { type LifecycleTools, sumOf } from './lifecycle-tools.ts';

/** A part of a table that is due, and how much of it. */
export interface DuePart {
  readonly table: TableDeclaration;
  readonly part: TablePart;
  /** Symbols whose tier keeps them in the store; empty: the whole part goes. */
  readonly kept: readonly string[];
  readonly rowsLeaving: number;
}

export interface ArchivedPart {
  readonly table: string;
  readonly fromUs: number;
  readonly untilUs: number;
  readonly rows: number;
  readonly rowsKept: number;
  readonly rowChecksum: string;
  readonly bytesWritten: number;
}

/**
 * The parts that are due by now, oldest first. `tiers` names the symbols that are not in the lowest
 * tier. Facts are never due, nor what a table forgets by itself.
 */
export async function dueParts(
  store: TimeSeriesStore,
  tables: readonly TableDeclaration[],
  tiers: ReadonlyMap<string, Tier>,
  policy: LifecyclePolicy,
  nowUs: number,
): Promise<readonly DuePart[]> {
  const due: DuePart[] = [];
  const latestUs = dueBeforeUs('archive', policy, nowUs);
  for (const table of tables) {
    if (FACT_TABLES.has(table.name) || table.keepDays !== undefined) continue;
    const isBySymbol = table.columns.some(({ name }) => name === 'symbol');
    for (const part of await store.parts(table)) {
      if (part.untilUs > latestUs) continue;
      const stays = ([, tier]: readonly [string, Tier]): boolean =>
        part.untilUs > dueBeforeUs(tier, policy, nowUs);
      const kept = isBySymbol ? [...tiers].filter(stays).map(([symbol]) => symbol) : [];
      const rowsKept = kept.length === 0 ? 0 : (await sumOf(store, table, part, kept)).rows;
      const rowsLeaving = part.rows - rowsKept;
      if (rowsLeaving > 0) due.push({ table, part, kept: rowsKept > 0 ? kept : [], rowsLeaving });
    }
  }
  return due;
}

/**
 * Copies a part to the lake, compares what is there with what was read, looks whether the store
 * still has just that, and only then drops it. Rows of symbols that stay are put back. Killed
 * anywhere, the next run finds what is done and does the rest.
 */
export async function archivePart(tools: LifecycleTools, due: DuePart): Promise<ArchivedPart> {
  const { store, lake, at, progress } = tools;
  const { table, part, kept } = due;
  const pass = new LakePass(lake, table, { ...tools, beforeFile: tools.reserve });
  for await (const batch of store.read({ table, fromUs: part.fromUs, untilUs: part.untilUs })) {
    await pass.add(batch);
    progress(batch.rows);
  }
  await pass.finish();
  await demandInLake(tools, table, pass);
  const staying = await keptRows(store, table, part, kept);
  const now = await sumOf(store, table, part);
  if (!now.equals(pass.sum)) throw differs(table, part, 'the store', pass.sum, now);
  await at('archiveVerified');
  await dropPart(tools, due, staying, pass.sum.rows);
  return {
    table: table.name,
    fromUs: part.fromUs,
    untilUs: part.untilUs,
    rows: pass.sum.rows,
    rowsKept: staying?.rows ?? 0,
    rowChecksum: pass.sum.hex,
    bytesWritten: pass.bytesWritten,
  };
}

/** Every file from its bytes anew, and together the rows that were read. */
async function demandInLake(
  { lake, progress }: LifecycleTools,
  table: TableDeclaration,
  pass: LakePass,
): Promise<void> {
  const there = new RowChecksum();
  for (const { key, file } of pass.files) {
    there.addSum(await lake.checksumOf(table, key, file));
    progress(file.rows);
  }
  if (there.equals(pass.sum)) return;
  const message = `${table.name}: the lake has ${there.rows} rows, checksum ${there.hex}`;
  const read = `${pass.sum.rows} rows, checksum ${pass.sum.hex}`;
  throw new LakeError('LAKE_DIFFERS', `${message}; the store had ${read}`);
}

async function dropPart(
  tools: LifecycleTools,
  { table, part }: DuePart,
  staying: KeptRows | undefined,
  rows: number,
): Promise<void> {
  const { store, at } = tools;
  if (staying !== undefined) {
    await writeNote(tools.notes, staying);
    await at('intentWritten');
  }
  const dropped = await store.drop(table, part.fromUs, part.untilUs);
  await at('partDropped');
  if (staying !== undefined) await returnKept(tools, table, staying);
  if (dropped === rows) return;
  const message = `${table.name} from ${dateOf(part.fromUs)}: ${dropped} rows were dropped`;
  throw new LakeError('LAKE_DIFFERS', `${message}, ${rows} were in the lake: somebody else wrote`);
}

function differs(
  table: TableDeclaration,
  part: Span,
  where: string,
  wanted: RowChecksum,
  found: RowChecksum,
): LakeError {
  const message = `${table.name} from ${dateOf(part.fromUs)} until ${dateOf(part.untilUs)}`;
  const copied = `copied were ${wanted.rows}, ${wanted.hex}`;
  const sums = `${found.rows} rows, checksum ${found.hex}; ${copied}`;
  return new LakeError('LAKE_DIFFERS', `${message}: ${where} has ${sums}`);
}
