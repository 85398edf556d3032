import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { openDuckDbStore } from '../../src/store/duckdb/duckdb-store.ts';
import { directoryPlace } from '../../src/store/lake/directory-place.ts';
import { EVER, Lake } from '../../src/store/lake/lake.ts';
import { Parquet } from '../../src/store/lake/parquet.ts';
import { archivePart, dueParts } from '../../src/store/lifecycle/archive.ts';
import { backUp, type BackupRequest, restoreBackup } from '../../src/store/lifecycle/backup.ts';
import { readBackup } from '../../src/store/lifecycle/backup-manifest.ts';
import { consolidate, fragmented } from '../../src/store/lifecycle/compact.ts';
import type { LifecycleTools } from '../../src/store/lifecycle/lifecycle-tools.ts';
import { restorableDays, restoreDay } from '../../src/store/lifecycle/restore.ts';
import { bars } from '../../src/store/tables/market.ts';

/**
 * A life that is there to be killed: `archive`, `restore`, `compact`, `backup` or `return` over the
 * store, the lake and the backup under a folder. Writes a dot for every step that it has passed.
 */
const [, , root = '', verb = '', rowsPerFile = ''] = process.argv;

const POLICY = { recentDays: 30, daysInStore: { hot: 30, warm: 30, cold: 30 } };
const NOW_US = Date.UTC(2026, 3, 1) * 1_000;

const isReturn = verb === 'return';
const store = await openDuckDbStore({ file: join(root, isReturn ? 'again' : 'store', 'x.duckdb') });
await store.migrate([bars]);
const parquet = new Parquet(join(root, 'scratch'), 512);
const lake = new Lake(directoryPlace(join(root, 'lake')), parquet);
const tools: LifecycleTools = {
  store,
  lake,
  notes: directoryPlace(join(root, 'notes')),
  buckets: 1,
  rowsPerFileMax: Number(rowsPerFile),
  bytesPerFileMax: 64 * 1_048_576,
  reserve: () => Promise.resolve(),
  at: () => void writeSync(1, '.'),
  progress: () => undefined,
};
const request: BackupRequest = {
  tools,
  store,
  parquet,
  to: directoryPlace(join(root, 'backup')),
  tables: [bars],
  data: directoryPlace(join(root, 'data')),
  folders: [],
  isLakeCopied: true,
  nowUs: NOW_US,
};

switch (verb) {
  case 'archive':
    for (const due of await dueParts(store, [bars], new Map(), POLICY, NOW_US)) {
      await archivePart(tools, due);
    }
    break;
  case 'restore':
    for (const day of await restorableDays(lake, bars, EVER)) await restoreDay(tools, day);
    break;
  case 'compact':
    for (const one of await fragmented(lake, 'bars', tools)) await consolidate(tools, one);
    break;
  case 'backup':
    // The one before may have been killed after its last step: a whole backup is not made again.
    if ((await readBackup(request.to)) === undefined) await backUp(request);
    break;
  case 'return':
    await restoreBackup(request);
    break;
}
await store.close();
await lake.close();
