import { setImmediate as breathe } from 'node:timers/promises';
import { expect } from 'vitest';
import { Config } from '../../../../src/cli/config-schema.ts';
import { withHistory } from '../../../../src/compose/history-source.ts';
import type { OpenedMarket } from '../../../../src/compose/market.ts';
import { type OpenedSession, openSession } from '../../../../src/compose/open-session.ts';
import type { SessionFile } from '../../../../src/compose/session-files.ts';
import { learnedState } from '../../../../src/compose/store-feed/learned-state.ts';
import {
  layoutTables,
  rowLayouts,
  warmthsOf,
} from '../../../../src/compose/store-feed/session-feed.ts';
import { readWarmRows, type RowWarmed } from '../../../../src/compose/store-feed/warm-rows.ts';
import { present } from '../../../../src/core/assert.ts';
import { ByteReader } from '../../../../src/core/bytes.ts';
import { formatMoney } from '../../../../src/core/money.ts';
import { DAY, HOUR, MINUTE } from '../../../../src/core/time.ts';
import { nextTradingDay, tradingDay } from '../../../../src/domain/market/calendar.ts';
import { copyEvents } from '../../../../src/domain/market/copy-events.ts';
import { EventBatch } from '../../../../src/domain/market/event-batch.ts';
import type { MarketSource } from '../../../../src/ports/market-source.ts';
import type { TimeSeriesStore } from '../../../../src/ports/time-series.ts';
import { readTurn, RECORD_TURN, type TurnItem } from '../../../../src/ports/turn-record.ts';
import { readJournal } from '../../../../src/store/journal/journal-reader.ts';
import { journalFolder } from '../../../../src/store/journal/segment-names.ts';
import { TABLES } from '../../../../src/store/tables/tables.ts';
import { seededHistory } from '../../../../src/venue/market/seeded-history.ts';
import { createSeededMarket } from '../../../../src/venue/market/seeded-market.ts';
import { MemoryDisk } from '../../../faulty-disk.ts';
import { goldenFile } from '../../../golden/golden-session.ts';
import { runInto } from './rows-into.ts';

const SYMBOLS = 500;
/** A half day, then a holiday, then a whole day. */
const DATE = 20240703;
const MARKET = { seed: 8, symbols: SYMBOLS, date: DATE, extendedHours: false, tradesPerDay: 60 };
const FIRST = present(tradingDay(DATE), 'the first day');
const SECOND = present(nextTradingDay(DATE), 'the second day');
/** Between the two days, and before anything of the second. */
const NIGHT_US = SECOND.openUs - 6 * HOUR;
/** The session is open then, and no event of it has come. */
const OPENING_US = SECOND.openUs + 2;

export interface Restarted {
  readonly symbols: number;
  readonly rows: number;
  /** Doubles of all rows at the opening, and those that differ in any bit. */
  readonly doubles: number;
  readonly differing: number;
  /** Members of layers that were carried. */
  readonly carried: number;
  /** Of the second day, by what they are. */
  readonly decisions: ReadonlyMap<string, number>;
  /** Signals of an engine that has only the symbols' own rows, and those that are the same. */
  readonly withoutLayers: readonly [signals: number, same: number];
}

/**
 * One engine runs two days. Another runs the first, its rows go into the store, and it ends; a
 * third begins on the second day with nothing but the store, and the cash that the broker says.
 */
export async function expectRestarted(store: TimeSeriesStore): Promise<Restarted> {
  const file = fileOf('monday');
  const config = Config.parse(file.config);
  await store.migrate([...TABLES, ...layoutTables(config)]);

  const never = await secondDayOf(fileOf('never'), marketOf(2));
  const cash = await firstDayInto(store, file);
  const { rows, reason } = await readWarmRows({
    store,
    feed: `seeded-${MARKET.seed}-${SYMBOLS}`,
    ...rowLayouts(config),
    names: marketOf(1).source.symbols.map(({ name }) => name),
    nowUs: SECOND.openUs - 30 * MINUTE,
    areBarsSent: false,
  });
  expect(reason).toBeUndefined();
  const again = await secondDayOf(fileOf('tuesday', cash), lateMarket(rows));

  const own = rows.filter(({ family }) => family === 'symbols');
  const without = await secondDayOf(fileOf('halfway', cash), lateMarket(own));

  const differing = never.learned.filter((value, at) => !Object.is(value, again.learned[at]));
  expect(again.learned.length).toBe(never.learned.length);
  expect(differing).toHaveLength(0);
  expect(again.decisions).toEqual(never.decisions);
  expect(without.decisions).not.toEqual(never.decisions);
  return {
    symbols: new Set(rows.map(({ symbol }) => symbol)).size,
    rows: rows.length,
    doubles: never.learned.length,
    differing: differing.length,
    carried: again.carried,
    decisions: countsOf(never.decisions),
    withoutLayers: sameSignals(without.decisions, never.decisions),
  };
}

function fileOf(sessionId: string, startingCash = '100000.00'): SessionFile {
  const file = goldenFile((yaml) =>
    yaml
      .replace("startingCash: '100000.00'", `startingCash: '${startingCash}'`)
      .replace('floor: 8, cap: 12', 'floor: 40, cap: 60')
      .replace('partialFillChance: 0.3', 'partialFillChance: 0'),
  );
  const market = { ...file.market, kind: 'seeded', ...MARKET } as const;
  return { ...file, sessionId, market, symbolsMax: SYMBOLS + 8 };
}

function marketOf(days: number): OpenedMarket {
  const market = createSeededMarket({ ...MARKET, days });
  const atUs = present(market.calendar[0], 'a day').atUs - MINUTE;
  return {
    source: withHistory(market, seededHistory(MARKET), atUs),
    isHistoryGiven: true,
    historyFaults: { count: 0, first: [] },
  };
}

/** The second day, as an engine meets it that was not there on the first. */
function lateMarket(warmed: readonly RowWarmed[]): OpenedMarket {
  const market = marketOf(2);
  const { source } = market;
  const calendar = source.calendar.filter(({ atUs }) => atUs >= NIGHT_US);
  const atUs = present(calendar[0], 'a session').atUs - MINUTE;
  return {
    ...market,
    source: {
      ...fixed(source),
      calendar: [...warmed.map((input) => ({ atUs, input })), ...calendar],
      next: onlyLate(source),
    },
  };
}

function fixed(source: MarketSource): MarketSource {
  const { name, symbols, calendar, faults } = source;
  const next: MarketSource['next'] = (batch) => source.next(batch);
  return { name, symbols, calendar, faults, next, close: () => source.close() };
}

/** Daily history, and what comes after the night. */
function onlyLate(source: MarketSource): MarketSource['next'] {
  const taken = new EventBatch();
  const isWanted = (frame: number): boolean =>
    (taken.frameUs[frame] ?? 0) >= NIGHT_US || (taken.f[taken.frameBegin(frame)] ?? 0) >= DAY;
  return (batch) => {
    batch.clear();
    while (batch.frames === 0) {
      if (!source.next(taken)) return false;
      for (let frame = 0; frame < taken.frames; frame += 1) {
        if (!isWanted(frame)) continue;
        copyEvents(taken, taken.frameBegin(frame), taken.frameEnd[frame] ?? 0, batch);
        batch.endFrame(taken.frameUs[frame] ?? 0);
      }
    }
    return true;
  };
}

interface SecondDay {
  /** All that the rows have learned, at the opening. */
  readonly learned: readonly number[];
  readonly carried: number;
  readonly decisions: readonly string[];
}

async function secondDayOf(file: SessionFile, market: OpenedMarket): Promise<SecondDay> {
  const disk = new MemoryDisk();
  const opened = open(file, market, disk);
  const { session } = opened;
  await session.advance(OPENING_US);
  const learned = learnedBy(file, opened);
  await session.advance(Number.MAX_SAFE_INTEGER);
  await session.close();
  const all = decisionsOf(disk, file.sessionId, 0);
  const carried = all.filter((line) => line.includes('"carried from monday"')).length;
  return { learned, carried, decisions: decisionsOf(disk, file.sessionId, SECOND.openUs) };
}

function open(file: SessionFile, market: OpenedMarket, disk: MemoryDisk): OpenedSession {
  return openSession({ disk, file, market, observers: [], alert: () => undefined });
}

function learnedBy(file: SessionFile, { session, market }: OpenedSession): readonly number[] {
  const { row, layers } = learnedState(session.kernel, warmthsOf(Config.parse(file.config)));
  return market.source.symbols.flatMap((_, symbol) =>
    [row, ...layers].flatMap((of) => [...of.read(symbol)]),
  );
}

/** Answers the cash with which it ended, flat. */
async function firstDayInto(store: TimeSeriesStore, file: SessionFile): Promise<string> {
  const disk = new MemoryDisk();
  let cash = '';
  const told = await runInto(store, file, async (series) => {
    const { feed } = series;
    const market = marketOf(1);
    const opened = openSession({
      disk,
      file,
      market,
      feed,
      observers: [],
      alert: () => undefined,
    });
    const { session, broker } = opened;
    for (let untilUs = FIRST.openUs, isMore = true; isMore; untilUs += 10 * MINUTE) {
      isMore = await session.advance(untilUs);
      series.look(() => session.writeOut());
      await breathe();
    }
    expect(broker.positions()).toEqual([]);
    cash = formatMoney(broker.cash());
    await session.close();
  });
  expect(told).toBeUndefined();
  return cash;
}

/** Numbers that a session gives its own orders and signals. */
const IDS: ReadonlySet<string> = new Set([
  'signalId',
  'clientOrderId',
  'venueOrderId',
  'executionId',
  'sequence',
]);

/** One line each, from then on. */
function decisionsOf(disk: MemoryDisk, sessionId: string, fromUs: number): readonly string[] {
  const lines: string[] = [];
  readJournal(disk, journalFolder(sessionId), ({ kind, nowUs, payload }) => {
    if (kind !== RECORD_TURN || nowUs < fromUs) return;
    for (const item of readTurn(new ByteReader(payload)).items) {
      lines.push(`${nowUs} ${JSON.stringify(contentOf(item), withoutIds)}`);
    }
  });
  return lines;
}

function contentOf(item: TurnItem): unknown {
  if (item.type === 'fact') return item.fact;
  return item.type === 'effect' ? item.effect : { kind: item.effectKind, hash: item.hash };
}

function withoutIds(key: string, value: unknown): unknown {
  return IDS.has(key) ? undefined : value;
}

function sameSignals(
  some: readonly string[],
  all: readonly string[],
): readonly [signals: number, same: number] {
  const known = new Set(all);
  const signals = some.filter((line) => line.includes('"kind":"signalled"'));
  return [signals.length, signals.filter((line) => known.has(line)).length];
}

function countsOf(decisions: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const line of decisions) {
    const kind = /"kind":"(\w+)"/.exec(line)?.[1] ?? '';
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}

/** For who reads the run. */
export function tellRestarted(store: string, found: Restarted): void {
  const { symbols, rows, doubles, differing, carried, decisions, withoutLayers } = found;
  const counts = [...decisions].map(([kind, count]) => `${count} ${kind}`).join(', ');
  const [signals, same] = withoutLayers;
  process.stdout.write(
    `restarted from ${store}: ${symbols} symbols, ${rows} rows of ${doubles} doubles, ` +
      `${differing} of them differ, ${carried} memberships carried\n` +
      `the day after, one by one equal: ${counts}\n` +
      `without the rows of the layers ${same} of ${signals} signals would be the same\n`,
  );
}
