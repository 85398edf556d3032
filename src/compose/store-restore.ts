import { DAY, daysOfDate } from '../core/time.ts';
import { bytesText, plural } from '../cli/figures.ts';
import { EXIT_CODES } from '../cli/exit-codes.ts';
import type { RestoreAction } from '../cli/store-options.ts';
import { LakeError } from '../store/lake/lake-error.ts';
import { dateOf, EVER, Lake, type Span } from '../store/lake/lake.ts';
import { subPlace } from '../store/lake/sub-place.ts';
import { readBackup } from '../store/lifecycle/backup-manifest.ts';
import {
  type BackupRequest,
  type RestoredBackup,
  restoreBackup,
} from '../store/lifecycle/backup.ts';
import { bringBack } from '../store/lifecycle/journal-segments.ts';
import { type RestorableDay, restorableDays, restoreDay } from '../store/lifecycle/restore.ts';
import { sessionReader } from './session-files.ts';
import { backupRequest } from './store-backup.ts';
import { journalTools, lakeTools } from './store-bench.ts';
import { rowProgress } from './store-progress.ts';
import { chosen, tablesOfLake } from './store-tables.ts';
import { APPLY, type StoreAnswer, type StoreCall } from './store-call.ts';

type RestoreCall = StoreCall<RestoreAction>;

export async function restoreVerb(call: RestoreCall): Promise<StoreAnswer> {
  const { session, backup } = call.action;
  if (session !== undefined) return await restoreSession(call, session);
  if (backup !== undefined) return await fromBackup(call, backup);
  return await fromLake(call);
}

async function fromLake({ bench, options, action, terminal }: RestoreCall): Promise<StoreAnswer> {
  const { lake, store } = bench;
  const tables = chosen(await tablesOfLake(lake), action.tables, lake.place.name);
  const days: RestorableDay[] = [];
  for (const table of tables) days.push(...(await restorableDays(lake, table, spanOf(action))));
  const rows = days.reduce((sum, day) => sum + day.rows, 0);
  const size = bytesText(days.reduce((sum, day) => sum + day.bytes, 0));
  const lines = tables.flatMap(({ name }) => tableLine(name, days));
  if (!options.isApplied || store === undefined) {
    const text = `up to ${plural(rows, 'row')} of ${plural(days.length, 'day')}, ${size}`;
    return {
      lines: [...lines, `${text}, would come back from ${lake.place.name}`, APPLY],
      json: { isApplied: false, rows, days: days.length },
    };
  }
  await store.migrate(tables);
  const shared = lakeTools(bench, bench.data, rowProgress(terminal, 'restore'));
  const tools = { ...shared, store, notes: bench.notes };
  let [back, there] = [0, 0];
  for (const day of days) {
    const restored = await restoreDay(tools, day);
    back += restored.rows;
    there += restored.rowsAlreadyThere;
  }
  return {
    lines: [
      ...lines,
      `${plural(back, 'row')} came back, ${plural(there, 'row')} were there already and stay`,
      'the lake keeps its copy; the next archive drops again what is due',
    ],
    json: { isApplied: true, rows: back, rowsAlreadyThere: there, days: days.length },
  };
}

async function restoreSession(call: RestoreCall, wanted: string): Promise<StoreAnswer> {
  const { bench, options } = call;
  const tools = journalTools(bench);
  const sessionId = sessionReader(tools.disk).find(wanted)?.sessionId;
  if (sessionId === undefined) {
    return {
      lines: [`there is no session ${wanted}, or more than one`],
      json: { isApplied: false, session: wanted },
      exitCode: EXIT_CODES.notFound,
    };
  }
  const segments = await bringBack(tools, sessionId, !options.isApplied);
  const verb = options.isApplied ? 'came' : 'would come';
  return {
    lines: [
      `${plural(segments, 'segment')} of ${sessionId} ${verb} back from ${bench.lake.place.name}`,
      ...(options.isApplied || segments === 0 ? [] : [APPLY]),
    ],
    json: { isApplied: options.isApplied, sessionId, segments },
  };
}

async function fromBackup(call: RestoreCall, backup: string): Promise<StoreAnswer> {
  const { bench, options } = call;
  const to = await bench.placeOf(backup);
  const manifest = await readBackup(to);
  if (manifest === undefined) {
    throw new LakeError('LAKE_MISSING', `${to.name} holds no whole backup`);
  }
  const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
  if (!options.isApplied) {
    const files = plural(manifest.files.length, 'file');
    return {
      lines: [
        ...manifest.tables.map((one) => `  ${one.table}: ${plural(one.rows, 'row')}`),
        `up to ${plural(rows, 'row')} and ${files} of ${dateOf(manifest.atUs)} would come back`,
        APPLY,
      ],
      json: { isApplied: false, rows, files: manifest.files.length },
    };
  }
  const restored = await restoreBackup(await requestOf(call, to));
  const there = plural(restored.rowsAlreadyThere, 'row');
  return {
    lines: [
      `${plural(restored.rows, 'row')} and ${plural(restored.files, 'file')} came back`,
      `${there} and ${plural(restored.filesKept.length, 'file')} that were here stay as they are`,
      ...lostLines(restored, bench.lake.place.name),
    ],
    json: { isApplied: true, ...restored },
  };
}

function lostLines({ manifestsLost }: RestoredBackup, lake: string): readonly string[] {
  const [first] = manifestsLost;
  if (first === undefined) return [];
  const parts = plural(manifestsLost.length, 'partition');
  return [`${parts} of the lake did not come back: ${lake} has not the files (${first})`];
}

/** The backup says what its tables are; the store gets those that it has not. */
async function requestOf(call: RestoreCall, to: BackupRequest['to']): Promise<BackupRequest> {
  const { bench } = call;
  const tables = await tablesOfLake(new Lake(subPlace(to, 'store/'), bench.parquet));
  await bench.store?.migrate(tables);
  return { ...(await backupRequest(call, to)), tables };
}

function spanOf({ from, until }: RestoreAction): Span {
  return {
    fromUs: from === undefined ? EVER.fromUs : daysOfDate(from) * DAY,
    untilUs: until === undefined ? EVER.untilUs : (daysOfDate(until) + 1) * DAY,
  };
}

function tableLine(name: string, days: readonly RestorableDay[]): readonly string[] {
  const own = days.filter(({ table }) => table.name === name);
  const [first, last] = [own.at(0), own.at(-1)];
  if (first === undefined || last === undefined) return [];
  const rows = own.reduce((sum, day) => sum + day.rows, 0);
  const span = `${dateOf(first.fromUs)} to ${dateOf(last.fromUs)}`;
  return [`  ${name} ${span}: ${plural(rows, 'row')}`];
}
