import { createSystemTime } from '../actors/services/system-time.ts';
import { Config } from '../cli/config-schema.ts';
import { EXIT_CODES } from '../cli/exit-codes.ts';
import { count, plural } from '../cli/figures.ts';
import { pickSession } from '../cli/looking-verbs.ts';
import type { RefillAction } from '../cli/store-options.ts';
import type { RowBatch, TimeSeriesStore } from '../ports/time-series.ts';
import { nodeDisk } from '../store/journal/node-disk.ts';
import { createSeriesSink } from '../store/sink/series-sink.ts';
import type { SeriesSink } from '../store/sink/sink-types.ts';
import { spoolDisk } from '../store/sink/spool-disk.ts';
import { TABLES } from '../store/tables/tables.ts';
import { refillRegistry, type RegistryRefilled } from './registry-feed/refill-registry.ts';
import { readSessionFile, sessionReader } from './session-files.ts';
import { spoolFolder } from './store-feed/open-series.ts';
import { retellSession } from './store-feed/refill.ts';
import { layoutTables, sessionFeed } from './store-feed/session-feed.ts';
import { APPLY, type StoreAnswer, type StoreCall } from './store-call.ts';

/** All of a journal goes through the spool: the store is slower than what tells it. */
const SPOOL_BYTES_MAX = 1e15;
const DRAIN_MS_MAX = 3_600_000;

/**
 * Makes a session's rows again from its journal, and tells the registries of it: for a store that
 * was away, was lost or is new. What is there already is replaced by the same.
 */
export async function refillVerb(call: StoreCall<RefillAction>): Promise<StoreAnswer> {
  const { action, bench, options, terminal } = call;
  const { dataDir, store } = bench;
  const { isApplied } = options;
  const disk = nodeDisk(dataDir);
  const found = pickSession(sessionReader(disk), action.session, terminal);
  const file = found === undefined ? undefined : readSessionFile(disk, found.sessionId);
  if (file === undefined) {
    return {
      lines: [],
      json: { isApplied, session: action.session },
      exitCode: EXIT_CODES.notFound,
    };
  }
  // As the session was run; which store takes the rows is for the settings of now.
  const config = Config.parse(file.config);
  const place = { config: bench.config, dataDir, environment: call.environment };
  const registry = await refillRegistry(disk, file, place, isApplied);
  if (isApplied && store === undefined) return nowhere(file.sessionId, registry);
  await (isApplied ? store?.migrate([...TABLES, ...layoutTables(config)]) : undefined);
  const sink = isApplied && store !== undefined ? sinkInto(store, call) : undefined;
  const rows = new Map<string, number>();
  const taken = (batch: RowBatch): void => {
    const { name } = batch.table;
    rows.set(name, (rows.get(name) ?? 0) + batch.rows);
    sink?.offer(batch);
  };
  retellSession(disk, file, sessionFeed(file, config, { taken }));
  const { spooled = 0, refused = 0 } = (await sink?.close(DRAIN_MS_MAX)) ?? {};
  const total = [...rows.values()].reduce((sum, more) => sum + more, 0);
  return {
    lines: [
      `${file.sessionId}: ${plural(total, 'row')} ${isApplied ? 'told' : 'to tell'}`,
      ...[...rows].toSorted(byName).map(([table, many]) => `  ${table.padEnd(36)} ${count(many)}`),
      ...(spooled > 0 ? [`${plural(spooled, 'row')} wait in the spool: not taken yet`] : []),
      ...(refused > 0 ? [`${plural(refused, 'row')} refused by the store, and put aside`] : []),
      ...registry.lines,
      ...(isApplied ? [] : [APPLY]),
    ],
    json: {
      isApplied,
      registry: figuresOf(registry),
      sessionId: file.sessionId,
      rows: Object.fromEntries(rows),
      spooled,
      refused,
    },
    exitCode: spooled + refused + registry.refused > 0 ? EXIT_CODES.error : EXIT_CODES.ok,
  };
}

function nowhere(sessionId: string, registry: RegistryRefilled): StoreAnswer {
  const line = 'store.series.kind is none: there is no store to fill';
  return {
    lines: [line, ...registry.lines],
    json: { isApplied: false, sessionId, registry: figuresOf(registry) },
    exitCode: EXIT_CODES.config,
  };
}

function figuresOf({ names, moves, refused }: RegistryRefilled): object {
  return { names, moves, refused };
}

function sinkInto(
  store: TimeSeriesStore,
  { bench, terminal }: StoreCall<RefillAction>,
): SeriesSink {
  const { dataDir } = bench;
  const say = (text: string): void => terminal.writeError(`refill: ${text}\n`);
  return createSeriesSink({
    store,
    disk: spoolDisk(dataDir),
    folder: spoolFolder(store.kind),
    limits: { spoolBytesMax: SPOOL_BYTES_MAX },
    ...createSystemTime(),
    log(level, event, fields) {
      if (level !== 'info') say(`${event} ${JSON.stringify(fields)}`);
    },
    failed: (error) => say(String(error)),
  });
}

function byName([left]: readonly [string, number], [right]: readonly [string, number]): number {
  return left < right ? -1 : 1;
}
