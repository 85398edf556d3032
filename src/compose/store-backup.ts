import { MS } from '../core/time.ts';
import { bytesText, plural } from '../cli/figures.ts';
import type { StoreAction } from '../cli/store-options.ts';
import type { Place } from '../store/lake/place.ts';
import { backUp, type BackupRequest, planBackup } from '../store/lifecycle/backup.ts';
import { lakeTools } from './store-bench.ts';
import { rowProgress } from './store-progress.ts';
import { tablesOf } from './store-tables.ts';
import { APPLY, type StoreAnswer, type StoreCall } from './store-call.ts';

type BackupCall = StoreCall<Extract<StoreAction, { kind: 'backup' }>>;

/** Journals, registries and what the lifecycle has noted: files that are copied as they are. */
const FOLDERS = ['sessions', 'relational', 'lifecycle'] as const;

export async function backupVerb(call: BackupCall): Promise<StoreAnswer> {
  const { bench, options, action } = call;
  const to = await bench.placeOf(action.to);
  const request = await backupRequest(call, to);
  if (!options.isApplied) {
    const plan = await planBackup(request);
    return {
      lines: [
        ...plan.tables.map(({ table, rows }) => `  ${table}: ${plural(rows, 'row')}`),
        `${plural(plan.rows, 'row')} would be copied to ${to.name},`,
        `and ${plural(plan.files, 'file')} of ${bytesText(plan.bytes)}`,
        APPLY,
      ],
      json: { isApplied: false, to: to.name, ...plan },
    };
  }
  const { tables, files } = await backUp(request);
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  return {
    lines: [
      `${plural(rows, 'row')} and ${plural(files.length, 'file')} are in ${to.name}`,
      'each was read back and compared',
      `bring them back with: strata store restore --backup ${action.to} --apply`,
    ],
    json: { isApplied: true, to: to.name, tables, files: files.length },
  };
}

export async function backupRequest(call: StoreCall, to: Place): Promise<BackupRequest> {
  const { bench, terminal, action } = call;
  const { store, parquet, data } = bench;
  const tools = lakeTools(bench, to, rowProgress(terminal, action.kind));
  const tables = store === undefined ? [] : await tablesOf(store);
  // Where it may be the same disk: of a bucket the manifests say what is in it.
  const isLakeCopied = bench.config.store.lake.kind === 'directory';
  const what = { tables, data, folders: FOLDERS, isLakeCopied };
  return { tools, store, parquet, to, ...what, nowUs: Date.now() * MS };
}
