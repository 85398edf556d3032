import { createTimers } from '../../src/actors/services/system-time.ts';
import type { TimeSeriesStore } from '../../src/ports/time-series.ts';
import { createSeriesSink } from '../../src/store/sink/series-sink.ts';
import type { SeriesSink, SinkLimits } from '../../src/store/sink/sink-types.ts';
import { spoolDisk } from '../../src/store/sink/spool-disk.ts';

/** A sink as a session has it, its spool in the folder. */
export function sinkOf(
  store: Pick<TimeSeriesStore, 'append'>,
  folder: string,
  limits: Partial<SinkLimits> = {},
): SeriesSink {
  return createSeriesSink({
    store,
    disk: spoolDisk(folder),
    folder: 'spool',
    limits,
    clock: { wallMs: () => performance.now() },
    timers: createTimers(),
    log: () => undefined,
    failed: (error) => {
      throw error;
    },
  });
}

/** Until the store has, or the spool keeps, all that was offered. */
export async function settled(sink: SeriesSink): Promise<void> {
  while (sink.counters().queued > 0) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
