import { join } from 'node:path';
import type { Config } from '../../cli/config-schema.ts';
import type { Clock, Timers } from '../../ports/clock.ts';
import type { LogFields } from '../../ports/service.ts';
import { directoryPlace } from '../../store/lake/directory-place.ts';
import { freeSpaceGuard } from '../../store/lifecycle/free-space.ts';
import { createSeriesSink } from '../../store/sink/series-sink.ts';
import { spoolDisk } from '../../store/sink/spool-disk.ts';
import { incidents } from '../../store/tables/decisions.ts';
import { type SessionFile, sessionFolder } from '../session-files.ts';
import { type Environment, openStore, placeName, type SeriesKind } from './open-store.ts';
import { SafeMark } from './safe-mark.ts';
import { layoutTables, sessionFeed } from './session-feed.ts';
import { SessionSeries } from './session-series.ts';
import { StoreArranger } from './store-arranger.ts';

export interface SeriesSetting {
  readonly config: Config;
  readonly file: SessionFile;
  readonly dataDir: string;
  readonly environment: Environment;
  readonly clock: Pick<Clock, 'nowUs' | 'wallMs'>;
  readonly timers: Timers;
  readonly log: (level: 'info' | 'warn' | 'error', event: string, fields: LogFields) => void;
}

const SPOOL = 'store/spool';
const MARK = 'rows-safe.json';

/**
 * The way of a session's rows into the configured store; undefined where none is. Nothing waits for
 * the store, which may be away now and come back at any time. The data directory must be ours.
 */
export function openSeries(setting: SeriesSetting): SessionSeries | undefined {
  const { config, file, dataDir, environment, clock, timers, log } = setting;
  const { kind, flushMs, drainMsMax, queueBytesMax, spoolBytesMax } = config.store.series;
  if (kind === 'none') return undefined;
  const tables = layoutTables(config);
  const series = { ...config.store.series, kind };
  const place = { series, dataDir, environment, tables };
  const store = openStore(place);
  let opened: SessionSeries | undefined;
  const sink = createSeriesSink({
    store,
    disk: spoolDisk(dataDir),
    folder: spoolFolder(kind),
    limits: { queueBytesMax, spoolBytesMax },
    clock,
    timers,
    log(level, event, fields) {
      log(level, event, fields);
      const table = String(fields['table'] ?? '');
      // A refused incident is in the log; a row about it might be refused again.
      if (event !== 'storeRowsRefused' || table === incidents.name) return;
      opened?.feed.rowsRefused(table, JSON.stringify(fields));
    },
    failed: (error) => log('error', 'storeSinkFailed', { error: String(error) }),
  });
  opened = new SessionSeries({
    place: placeName(place),
    makeFeed: (taken, safe) => sessionFeed(file, config, { taken, safe }),
    sink,
    mark: new SafeMark(join(dataDir, sessionFolder(file.sessionId), MARK)),
    flushMs,
    drainMsMax,
    queueBytesMax,
    wallMs: () => clock.wallMs(),
    store,
    arranger: new StoreArranger({
      store,
      reserve: freeSpaceGuard(directoryPlace(dataDir), config.store.lifecycle.freeMbMin),
      clock,
      timers,
      log,
    }),
  });
  return opened;
}

/** Rows that one store has not taken are not for another. */
export function spoolFolder(kind: SeriesKind): string {
  return `${SPOOL}/${kind}`;
}
