import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { createSystemTime } from '../../../../src/actors/services/system-time.ts';
import { Config } from '../../../../src/cli/config-schema.ts';
import type { SessionFile } from '../../../../src/compose/session-files.ts';
import { sessionFeed } from '../../../../src/compose/store-feed/session-feed.ts';
import { SessionSeries } from '../../../../src/compose/store-feed/session-series.ts';
import type { TimeSeriesStore } from '../../../../src/ports/time-series.ts';
import { createSeriesSink } from '../../../../src/store/sink/series-sink.ts';
import { spoolDisk } from '../../../../src/store/sink/spool-disk.ts';

/** Runs a session whose rows go into a real store, through the sink; answers what it told. */
export async function runInto(
  store: TimeSeriesStore,
  file: SessionFile,
  run: (series: SessionSeries) => Promise<void>,
): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'strata-rows-'));
  try {
    const config = Config.parse(file.config);
    const time = createSystemTime();
    const errors: unknown[] = [];
    const sink = createSeriesSink({
      store,
      disk: spoolDisk(folder),
      folder: 'spool',
      ...time,
      log: () => undefined,
      failed: (error) => errors.push(error),
    });
    const series = new SessionSeries({
      place: store.kind,
      makeFeed: (taken, safe) => sessionFeed(file, config, { taken, safe }),
      sink,
      mark: { sequence: 0, move: () => undefined },
      flushMs: 0,
      drainMsMax: 60_000,
      queueBytesMax: 1 << 26,
      wallMs: () => time.clock.wallMs(),
      store: { read: (query) => store.read(query), close: async () => undefined },
    });
    await run(series);
    const told = await series.close(true);
    expect(errors).toEqual([]);
    return told;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
