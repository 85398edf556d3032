import { existsSync } from 'node:fs';
import { DAY, formatTime, MS } from '../core/time.ts';
import { bytesText, count, plural } from '../cli/figures.ts';
import type { StoreAction } from '../cli/store-options.ts';
import { LakeError } from '../store/lake/lake-error.ts';
import { dateOf } from '../store/lake/lake.ts';
import {
  type ArchivedPart,
  archivePart,
  type DuePart,
  dueParts,
} from '../store/lifecycle/archive.ts';
import { isDue, packAway } from '../store/lifecycle/journal-segments.ts';
import { journalPlan, keepPlan, type PlannedSegment } from '../store/lifecycle/journal-plan.ts';
import { openNotes, returnKept } from '../store/lifecycle/kept-rows.ts';
import type { LifecycleTools } from '../store/lifecycle/lifecycle-tools.ts';
import { sessionReader } from './session-files.ts';
import { journalTools, lakeTools, type StoreBench } from './store-bench.ts';
import { rowProgress } from './store-progress.ts';
import { chosen, tablesOf } from './store-tables.ts';
import { policyOf, symbolTiers } from './store-tiers.ts';
import { APPLY, type StoreAnswer, type StoreCall } from './store-call.ts';

type ArchiveCall = StoreCall<Extract<StoreAction, { kind: 'archive' }>>;

/** Rows that are due, then journals of sessions that ended long enough ago. */
export async function archiveVerb(call: ArchiveCall): Promise<StoreAnswer> {
  const { bench, options, action } = call;
  const nowUs = Date.now() * MS;
  const rows = await archiveRows(call, nowUs);
  // Who names tables means them alone.
  const journals =
    action.tables.length > 0 ? [] : await archiveJournals(bench, options.isApplied, nowUs);
  const isNothing = rows.parts.length === 0 && journals.length === 0;
  const away = journals.filter(({ to }) => to === 'lake').length;
  return {
    lines: [
      ...rows.lines,
      `journals: ${plural(journals.length, 'segment')} to compress, ${count(away)} go to the lake`,
      ...(options.isApplied || isNothing ? [] : [APPLY]),
    ],
    json: { isApplied: options.isApplied, ...rows.json, segments: journals },
  };
}

async function archiveRows(
  { bench, options, action, terminal, environment }: ArchiveCall,
  nowUs: number,
) {
  const { store, lake, config, dataDir } = bench;
  if (store === undefined)
    return { parts: [], lines: ['there is no store yet'], json: { parts: [] } };
  const all = await tablesOf(store);
  const tables = chosen(all, action.tables, 'the store');
  const tiers = await symbolTiers(config, dataDir, environment, nowUs);
  const shared = lakeTools(bench, lake.place, rowProgress(terminal, 'archive'));
  const tools = { ...shared, store, notes: bench.notes };
  if (options.isApplied) await finishNotes(tools, all);
  const due = await dueParts(store, tables, tiers.bySymbol, policyOf(config), nowUs);
  const done: ArchivedPart[] = [];
  if (options.isApplied) for (const part of due) done.push(await archivePart(tools, part));
  const leaving = due.reduce((sum, { rowsLeaving }) => sum + rowsLeaving, 0);
  const moved = `${plural(leaving, 'row')} of ${plural(due.length, 'part')}`;
  const verb = options.isApplied ? 'were moved' : 'would move';
  const written = done.reduce((sum, { bytesWritten }) => sum + bytesWritten, 0);
  const size = options.isApplied ? `, ${bytesText(written)} written` : `, about ${sizeOf(due)}`;
  return {
    parts: due,
    lines: [
      ...due.map(partLine),
      `${moved} ${verb} to ${lake.place.name}${size}`,
      ...(tiers.unknown === undefined
        ? []
        : [`every symbol is in the lowest tier: ${tiers.unknown}`]),
    ],
    json: { parts: options.isApplied ? done : due.map(partJson), tiersUnknown: tiers.unknown },
  };
}

/** What an earlier run that died has left half done comes first. */
async function finishNotes(tools: LifecycleTools, tables: Awaited<ReturnType<typeof tablesOf>>) {
  for (const note of await openNotes(tools.notes)) {
    const table = tables.find(({ name }) => name === note.table);
    if (table === undefined) {
      throw new LakeError(
        'LAKE_DIFFERS',
        `rows of ${note.table} are to go back, and it is not there`,
      );
    }
    await returnKept(tools, table, note);
  }
}

async function archiveJournals(
  bench: StoreBench,
  isApplied: boolean,
  nowUs: number,
): Promise<readonly PlannedSegment[]> {
  if (!existsSync(bench.dataDir)) return [];
  const tools = journalTools(bench);
  const { disk } = tools;
  const beforeUs = nowUs - bench.config.store.lifecycle.journalDays * DAY;
  const done: PlannedSegment[] = [];
  for (const { sessionId, startedUs, ended } of sessionReader(disk).list()) {
    if (ended === undefined || startedUs >= beforeUs) continue;
    const plan = (await journalPlan(disk, bench.notes, sessionId)) ?? [];
    const due = plan.filter((segment) => isDue(disk, segment));
    if (isApplied && due.length > 0) {
      await keepPlan(bench.notes, plan);
      for (const segment of due) await packAway(tools, segment);
    }
    done.push(...due);
  }
  return done;
}

function partLine({ table, part, kept, rowsLeaving }: DuePart): string {
  const days = spanText(part.fromUs, part.untilUs);
  const stay =
    kept.length === 0 ? '' : `; ${plural(part.rows - rowsLeaving, 'row')} of higher layers stay`;
  return `  ${table.name} ${days}: ${plural(rowsLeaving, 'row')}${stay}`;
}

/** An hour, a day, or days. */
function spanText(fromUs: number, untilUs: number): string {
  const [first, last] = [dateOf(fromUs), dateOf(untilUs - 1)];
  if (untilUs - fromUs < DAY) return `${first} from ${formatTime(fromUs).slice(11, 16)} UTC`;
  return first === last ? first : `${first} to ${last}`;
}

function partJson({ table, part, rowsLeaving }: DuePart): object {
  const { fromUs, untilUs, rows } = part;
  return { table: table.name, fromUs, untilUs, rows, rowsLeaving };
}

/** As the store counts them; not every one does. */
function sizeOf(due: readonly DuePart[]): string {
  const bytes = due.reduce((sum, { part }) => sum + part.bytes, 0);
  return Number.isNaN(bytes) ? 'as many bytes as the store takes' : bytesText(bytes);
}
