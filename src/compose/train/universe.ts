import type { Config } from '../../cli/config-schema.ts';
import { nearestWord } from '../../core/nearest-word.ts';
import { PRICE_SCALE } from '../../core/money.ts';
import { log } from '../../core/math.ts';
import type { DailyBar } from '../../domain/market/daily-bar.ts';
import { stratifiedSymbols } from '../../models/data/stratified-symbols.ts';
import { TrainError } from './train-error.ts';
import type { TrainPlan } from './train-plan.ts';

/** A symbol as it was before the test begins: nothing of the test chooses what is learned from. */
export interface Measured {
  readonly symbol: string;
  readonly sector: string;
  readonly days: number;
  /** Dollars. */
  readonly price: number;
  /** Dollars a day, of the last 20. */
  readonly dollarVolume: number;
  /** High less low, as a share of the close. */
  readonly range: number;
  /** How far its volume leaves its own pace: the deviation of its logarithm from day to day. */
  readonly activity: number;
}

export interface ChosenUniverse {
  readonly symbols: readonly string[];
  /** The highest layer that a symbol reached, by its name. */
  readonly layers: ReadonlyMap<string, number>;
  readonly text: string;
}

const DAYS = 20;

export function measured(symbol: string, sector: string, bars: readonly DailyBar[]): Measured {
  const last = bars.slice(-DAYS);
  const mean = (of: (bar: DailyBar) => number) =>
    last.reduce((sum, bar) => sum + of(bar), 0) / Math.max(1, last.length);
  const dollars = (bar: DailyBar) => (bar.close / PRICE_SCALE) * bar.volume;
  const volumes = last.flatMap(({ volume }) => (volume > 0 ? [log(volume)] : []));
  const middle = volumes.reduce((sum, value) => sum + value, 0) / Math.max(1, volumes.length);
  const squares = volumes.reduce((sum, value) => sum + (value - middle) * (value - middle), 0);
  return {
    symbol,
    sector,
    days: bars.length,
    price: (last.at(-1)?.close ?? 0) / PRICE_SCALE,
    dollarVolume: mean(dollars),
    range: mean(({ high, low, close }) => (high - low) / close),
    activity: Math.sqrt(squares / Math.max(1, volumes.length - 1)),
  };
}

/** Throws `TrainError` where nothing is left. */
export function chooseUniverse(all: readonly Measured[], plan: TrainPlan): ChosenUniverse {
  const { strategy, symbols, layer, limit } = plan.universe;
  const layers = layersOf(all, plan);
  const known = new Set(all.map(({ symbol }) => symbol));
  switch (strategy) {
    case 'symbols': {
      const asked = symbols.length > 0 ? symbols : [...known].toSorted();
      const found = asked.filter((symbol) => known.has(symbol));
      const missing = asked.length - found.length;
      const absent = missing > 0 ? `, ${missing} not in the source before the test` : '';
      const text = `${found.length} named${absent}`;
      return chosen(found.slice(0, limit), layers, text, () => absentText(asked, [...known]));
    }
    case 'layer': {
      const at = layer ?? 0;
      const members = all.filter(({ symbol }) => (layers.get(symbol) ?? 0) >= at);
      const size = Math.min(limit ?? Infinity, sizesOf(plan)[at] ?? Infinity);
      const taken = at === 0 ? sample(members, size, plan.seed) : best(members, size);
      const text = `${taken.length} of the ${members.length} of layer ${at}`;
      return chosen(taken, layers, text, () => `layer ${at} has no symbol in this source`);
    }
    case 'layered':
      return layered(all, layers, plan);
  }
}

/** A sample of layer 0, and the best of each above it; a limit takes from each in proportion. */
function layered(
  all: readonly Measured[],
  layers: ReadonlyMap<string, number>,
  plan: TrainPlan,
): ChosenUniverse {
  const sizes = sizesOf(plan);
  const groups = sizes.map((size, at) => {
    const members = all.filter(({ symbol }) => (layers.get(symbol) ?? 0) === at);
    return { members, size: Math.min(size, members.length) };
  });
  const total = groups.reduce((sum, { size }) => sum + size, 0);
  const share = Math.min(1, (plan.universe.limit ?? Infinity) / Math.max(1, total));
  // From above down, each rounded up: the fewest are not rounded away.
  let room = Math.round(total * share);
  const taken = groups.toReversed().flatMap(({ members, size }, above) => {
    const wanted = Math.min(room, Math.ceil(size * share));
    room -= wanted;
    return above === groups.length - 1 ? sample(members, wanted, plan.seed) : best(members, wanted);
  });
  const counts = groups.map((_, layer) => {
    return taken.filter((symbol) => (layers.get(symbol) ?? 0) === layer).length;
  });
  const text =
    `${taken.length} of ${all.length}, by highest layer ${counts.join('/')}; layer 0 drawn by ` +
    `seed ${plan.seed} in shares of sectors and liquidity`;
  return chosen(taken, layers, text, () => 'the source has no symbol before the test begins');
}

function chosen(
  symbols: readonly string[],
  layers: ReadonlyMap<string, number>,
  text: string,
  whyNot: () => string,
): ChosenUniverse {
  if (symbols.length === 0) throw new TrainError('TRAIN_UNIVERSE_EMPTY', whyNot());
  return { symbols: symbols.toSorted(), layers, text };
}

function absentText(asked: readonly string[], known: readonly string[]): string {
  const few = asked.slice(0, 5).map((symbol) => {
    const near = nearestWord(symbol, known);
    return near === undefined ? symbol : `${symbol} (did you mean ${near}?)`;
  });
  return `the source has none of the ${asked.length} symbols asked for: ${few.join(', ')}`;
}

function sizesOf({ training }: TrainPlan): readonly number[] {
  const { layer0, layer1, layer2, layer3 } = training.layers;
  return [layer0, layer1, layer2, layer3].map(({ sampleSize }) => sampleSize);
}

function sample(from: readonly Measured[], size: number, seed: number): readonly string[] {
  const candidates = from.map(({ symbol, sector, dollarVolume }) => {
    return { symbol, liquidity: dollarVolume, ...(sector === '' ? {} : { sector }) };
  });
  return stratifiedSymbols(candidates, { size: Math.min(size, from.length), seed }).symbols;
}

/** By dollars traded. */
function best(from: readonly Measured[], size: number): readonly string[] {
  return from
    .toSorted((a, b) => b.dollarVolume - a.dollarVolume || (a.symbol < b.symbol ? -1 : 1))
    .slice(0, size)
    .map(({ symbol }) => symbol);
}

/** What L1 leaves of it, in the seed of the scanner. */
const LAYER2_SHARE = 0.2;

/**
 * The layers of a session, measured by days: 1 by price, dollars traded and age, the widest ranges
 * first; 2 by how far the volume leaves its pace. There is no layer 3 yet.
 */
function layersOf(all: readonly Measured[], plan: TrainPlan): ReadonlyMap<string, number> {
  const layers = new Map<string, number>(all.map(({ symbol }) => [symbol, 0]));
  const liquid = all.filter((one) => isLiquid(one, plan.layer1));
  const cap1 = Math.max(plan.layer1.floor, Math.ceil(all.length * plan.layer1.capRatio));
  const first = liquid
    .toSorted((a, b) => b.range - a.range || (a.symbol < b.symbol ? -1 : 1))
    .slice(0, cap1);
  for (const { symbol } of first) layers.set(symbol, 1);
  const { floor, cap } = plan.layer2;
  const cap2 = Math.min(cap, Math.max(floor, Math.ceil(first.length * LAYER2_SHARE)));
  const second = first
    .toSorted((a, b) => b.activity - a.activity || (a.symbol < b.symbol ? -1 : 1))
    .slice(0, cap2);
  for (const { symbol } of second) layers.set(symbol, 2);
  return layers;
}

function isLiquid(one: Measured, layer1: Config['universe']['layer1']): boolean {
  return (
    one.price >= Number(layer1.priceMin) &&
    one.dollarVolume >= layer1.dollarVolume20Min &&
    one.days >= layer1.historyDaysMin
  );
}
