import { existsSync, readdirSync, statSync } from 'node:fs';
import { DAY, daysOfDate, MINUTE, MS } from '../../core/time.ts';
import type { FeatureRegistry } from '../../domain/features/registry.ts';
import { newYorkDate } from '../../domain/market/calendar.ts';
import type { DailyBar } from '../../domain/market/daily-bar.ts';
import { FaultList } from '../../domain/market/data-fault.ts';
import type { MarketSource } from '../../ports/market-source.ts';
import { readText } from '../../history/read-text.ts';
import { sectorsOf } from '../../history/sectors-file.ts';
import { dailySymbols, readDays } from '../../streams/recorded/daily-history.ts';
import { findMinutes } from '../../streams/recorded/minute-folder.ts';
import { openRecorded } from '../../streams/recorded/open-recorded.ts';
import { RecordedError } from '../../streams/recorded/recorded-error.ts';
import { seededHistory } from '../../venue/market/seeded-history.ts';
import { createSeededMarket } from '../../venue/market/seeded-market.ts';
import { barsHeard } from '../features/bars-heard.ts';
import { type AdjustedDays, adjustedDays } from './adjusted-days.ts';
import { daysOfMarket } from './days-of-market.ts';
import { dayRows } from './day-rows.ts';
import { minuteRows, type TakenRows } from './minute-rows.ts';
import { storedMarket } from './stored-market.ts';
import { withStoredFeatures } from './stored-rows.ts';
import { wideSet, type WideSet } from './symbol-rows.ts';
import { TrainError } from './train-error.ts';
import type { TrainPlan, TrainSource } from './train-plan.ts';
import type { TrainingStore } from './training-store.ts';
import { chooseUniverse, type ChosenUniverse, measured } from './universe.ts';

export interface Gathered extends TakenRows {
  readonly wide: WideSet;
  readonly universe: ChosenUniverse;
  /** For people, as a card states it. */
  readonly source: string;
}

export interface GatherOptions {
  readonly plan: TrainPlan;
  readonly registry: FeatureRegistry;
  /** Opens the store of the data directory, where the plan wants it. */
  readonly openStore: () => Promise<TrainingStore>;
  readonly progress: (what: string, rows: number) => void;
}

/** A market that can be opened more than once. */
interface Market {
  readonly name: string;
  readonly open: (symbols: readonly string[] | undefined) => MarketSource;
  /** In shares of before a moment, where its prices are in shares of today. */
  readonly openBefore?: (untilUs: number) => MarketSource;
}

/**
 * Opens the source of a plan, measures its symbols by what was before the test, chooses among them
 * and takes their rows. Throws `TrainError`, or the source's own.
 */
export async function gatherRows(options: GatherOptions): Promise<Gathered> {
  const { source, timeframe, seed } = options.plan;
  if (source.kind === 'store') return await gatherStored(options, source.feed);
  if (timeframe === '1d') return gatherDays(options, dailyBars(source, seed));
  return gatherMinutes(options, minuteMarket(source, seed));
}

async function gatherStored(options: GatherOptions, feed: string): Promise<Gathered> {
  const { plan } = options;
  const { timeframe } = plan;
  const store = await options.openStore();
  try {
    const { source } = store;
    const { symbols } = plan.universe;
    const stored = await storedMarket({ source, feed, timeframe, symbols });
    if (timeframe === '1d') {
      const bars = daysOfMarket(stored.open(), Infinity);
      const before = (date: number) => {
        const untilUs = daysOfDate(date) * DAY;
        return daysOfMarket(stored.openBefore(untilUs), untilUs);
      };
      return gatherDays(options, { name: stored.name, bars, before });
    }
    const gathered = gatherMinutes(options, stored);
    const { layoutHash: hash, features: names } = gathered.wide;
    const layout = { hash, names };
    const found = await withStoredFeatures(source, gathered.rows, { feed, layout });
    return { ...gathered, source: `${gathered.source}, ${found} rows of sessions` };
  } finally {
    await store.close();
  }
}

interface Days extends AdjustedDays {
  readonly name: string;
}

type FileOrSeed = Exclude<TrainSource, { readonly kind: 'store' }>;

function dailyBars(source: FileOrSeed, seed: number): Days {
  if (source.kind === 'recorded') {
    const { path, actions } = source;
    return { name: path, ...adjustedDays(recordedDays(path), actions) };
  }
  const bars = seededHistory({ seed, symbols: source.symbols }, SEEDED_DAYS);
  const name = `seeded market ${seed}, ${SEEDED_DAYS} days`;
  return { name, ...adjustedDays(bars, undefined) };
}

const SEEDED_DAYS = 400;

function recordedDays(path: string): ReadonlyMap<string, readonly DailyBar[]> {
  demandFolder(path);
  const symbols = dailySymbols(path);
  const { bars, faults } = readDays(path, symbols);
  if (bars.size > 0) return bars;
  const first = faults.first[0]?.detail ?? 'it has no file of days';
  throw new TrainError('TRAIN_SOURCE', `${path} holds no daily bars: ${first}`);
}

function gatherDays({ plan, registry, progress }: GatherOptions, days: Days): Gathered {
  const sectors = sectorsBy(plan.universe.sectors);
  const cut = cutDate([...days.bars.values()], plan.training.parts.train);
  const all = [...days.before(cut)].map(([symbol, bars]) =>
    measured(symbol, sectors.get(symbol) ?? '', bars),
  );
  const universe = chooseUniverse(
    all.filter((one) => one.days > 0),
    plan,
  );
  const wanted = new Map(universe.symbols.map((name) => [name, days.bars.get(name) ?? []]));
  const wide = wideSet(registry, plan.features, plan.timeframe, wanted.size);
  const { lookbackDays } = plan;
  const told = (nowUs: number, rows: number) => progress(`days to ${newYorkDate(nowUs)}`, rows);
  const taken = dayRows({ bars: wanted, wide, sectors, lookbackDays, progress: told });
  return { ...taken, wide, universe, source: days.name };
}

/** After all that there are. */
const DATE_MAX = 99_991_231;

/** The day on which so much of the time is over. */
function cutDate(series: readonly (readonly DailyBar[])[], share: number): number {
  const dates = [...new Set(series.flatMap((bars) => bars.map(({ date }) => date)))];
  dates.sort((left, right) => left - right);
  return dates[Math.floor(dates.length * share)] ?? DATE_MAX;
}

function minuteMarket(source: FileOrSeed, seed: number): Market {
  if (source.kind === 'recorded') {
    return { name: source.path, open: (symbols) => openFolder(source.path, symbols) };
  }
  const { symbols, days } = source;
  const options = { seed, symbols, days, tradesPerDay: TRADES_PER_DAY, extendedHours: false };
  return { name: `seeded market ${seed}`, open: () => createSeededMarket(options) };
}

/** As in the demo's market, a little thinner. */
const TRADES_PER_DAY = 1_500;
const MINUTE_FILE = /^(.+?)(?:_1min)?\.csv(?:\.gz)?$/;
const FRAME_EVENTS = 1_024;

/** Only the files of the symbols that are wanted, where the source is a folder of such files. */
function openFolder(path: string, symbols: readonly string[] | undefined): MarketSource {
  demandFolder(path);
  try {
    if (symbols === undefined || !statSync(path).isDirectory()) return openRecorded(path);
    const names = readdirSync(path)
      .toSorted()
      .filter((name) => symbols.includes(MINUTE_FILE.exec(name)?.[1]?.toUpperCase() ?? ''));
    const found = names.length === 0 ? undefined : minutesOf(path, names);
    return found ?? openRecorded(path);
  } catch (error) {
    if (!(error instanceof RecordedError)) throw error;
    throw new TrainError('TRAIN_SOURCE', error.message, { cause: error });
  }
}

function minutesOf(path: string, names: readonly string[]): MarketSource | undefined {
  return findMinutes(path, names, undefined, FRAME_EVENTS);
}

function demandFolder(path: string): void {
  if (existsSync(path)) return;
  throw new TrainError('TRAIN_SOURCE', `${path} is not there`);
}

function gatherMinutes({ plan, registry, progress }: GatherOptions, market: Market): Gathered {
  const sectors = sectorsBy(plan.universe.sectors);
  const probe = market.open(undefined);
  const sessions = sessionsOf(probe);
  const sectorOf = new Map(probe.symbols.map(({ name, sector }) => [name, sector]));
  progress('measuring symbols', 0);
  const cutUs = sessions[Math.floor(sessions.length * plan.training.parts.train)] ?? Infinity;
  // One session alone: its symbols are measured by it, as there is nothing before.
  const untilUs = cutUs > (sessions[0] ?? 0) ? cutUs : Infinity;
  const days = daysOfMarket(openedBefore(market, probe, untilUs), untilUs);
  const all = [...days].map(([symbol, bars]) =>
    measured(symbol, sectors.get(symbol) ?? sectorOf.get(symbol) ?? '', bars),
  );
  const universe = chooseUniverse(all, plan);
  const wanted = new Set(universe.symbols);
  // The first day tells what the market is made of.
  const firstUs = (sessions[0] ?? 0) + DAY;
  const from = barsHeard(() => market.open(universe.symbols), 'trades', GRACE_US, firstUs);
  const source = market.open(universe.symbols);
  try {
    const wide = wideSet(registry, plan.features, plan.timeframe, source.symbols.length);
    const { timeframe } = plan;
    const taken = minuteRows({
      source,
      wide,
      timeframe,
      from,
      isWanted: (name) => wanted.has(name),
      sectors,
      fromUs: lookbackUs(sessions, plan.lookbackDays),
      progress: (nowUs, rows) => progress(`minutes to ${newYorkDate(nowUs)}`, rows),
    });
    return { ...taken, wide, universe, source: market.name };
  } finally {
    source.close();
  }
}

/** The probe itself, where no later split has been at its prices. */
function openedBefore({ openBefore }: Market, probe: MarketSource, untilUs: number): MarketSource {
  if (openBefore === undefined) return probe;
  probe.close();
  // A split is told by the beginning of its day.
  return openBefore(Math.floor(untilUs / DAY) * DAY);
}

const GRACE_US = 250 * MS;

function sessionsOf({ calendar }: MarketSource): readonly number[] {
  return calendar.flatMap(({ input }) =>
    input.kind === 'sessionChanged' && input.phase === 'core' ? [input.openUs] : [],
  );
}

function lookbackUs(sessions: readonly number[], days: number | undefined): number {
  if (days === undefined) return Number.NEGATIVE_INFINITY;
  return (sessions.at(-days) ?? DAY) - MINUTE;
}

function sectorsBy(path: string | undefined): ReadonlyMap<string, string> {
  if (path === undefined) return new Map();
  return sectorsOf(readText(path), path, new FaultList());
}
