import { StoreError } from '../../src/ports/store-error.ts';
import type { Outcome } from '../harness/suite.ts';
import { inScratchFolder } from '../harness/scratch-folder.ts';
import { sinkOf } from './sink-of.ts';
import { Stopwatch } from '../harness/stopwatch.ts';
import { tenColumnRows } from './ten-column-rows.ts';

const BATCH_ROWS = 1_024;
const BATCHES = 400;
const QUEUE_BYTES = 4 << 20;
const SPOOL_BYTES = 24 << 20;

/** More rows than the spool takes while the store is away: what is kept, and what is told. */
export function spoolRows(): Promise<Outcome> {
  return inScratchFolder(async (folder) => {
    const away = { append: () => Promise.reject(new StoreError('STORE_AWAY', 'it is away')) };
    const sink = sinkOf(away, folder, { queueBytesMax: QUEUE_BYTES, spoolBytesMax: SPOOL_BYTES });
    const given = Array.from({ length: BATCHES }, (_, place) =>
      tenColumnRows(place * BATCH_ROWS, BATCH_ROWS),
    );
    let queuedBytesMost = 0;
    let spooledBytesMost = 0;
    const watch = new Stopwatch();
    for (const batch of given) {
      sink.offer(batch);
      const { queuedBytes, spooledBytes } = sink.counters();
      queuedBytesMost = Math.max(queuedBytesMost, queuedBytes);
      spooledBytesMost = Math.max(spooledBytesMost, spooledBytes);
    }
    const { cpuMs } = watch.read();
    const { spooled, lost } = await sink.close(1_000);
    return {
      figures: {
        rows: BATCHES * BATCH_ROWS,
        cpuNsARow: (cpuMs / (BATCHES * BATCH_ROWS)) * 1e6,
        queuedBytesMax: QUEUE_BYTES,
        queuedBytesMost,
        spoolBytesMax: SPOOL_BYTES,
        spooledBytesMost,
        spooled,
        lost,
        missing: BATCHES * BATCH_ROWS - spooled - lost,
      },
    };
  });
}
