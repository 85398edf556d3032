import { Random } from '../../../src/core/random.ts';
import { DAY, MINUTE } from '../../../src/core/time.ts';

/** A minute bar of a symbol, prices in ten-thousandths. */
export interface MinuteBar {
  readonly symbol: number;
  /** Day and minute of the core session: bar times in their order. */
  readonly day: number;
  readonly minute: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

export const FIRST_DAY = 20_000;
export const OPEN_US = 870 * MINUTE;

export function startOf({ day, minute }: MinuteBar): number {
  return (FIRST_DAY + day) * DAY + OPEN_US + minute * MINUTE;
}

/**
 * Bars of symbols that move with a market of their own, some minutes missing. The first symbol has
 * them all but a few; the last trades in every third minute.
 */
export function minuteBars(
  seed: number,
  { symbols, days, minutes }: { symbols: number; days: number; minutes: number },
): readonly MinuteBar[] {
  const random = new Random(seed);
  const prices = Array.from({ length: symbols }, (_, symbol) => 300_000 + 70_000 * symbol);
  const bars: MinuteBar[] = [];
  for (let day = 0; day < days; day += 1) {
    for (let minute = 0; minute < minutes; minute += 1) {
      const market = random.below(41) - 20;
      for (let symbol = 0; symbol < symbols; symbol += 1) {
        const missing = symbol === symbols - 1 ? 0.67 : symbol === 0 ? 0.01 : 0.04;
        const open = prices[symbol] ?? 0;
        const own = random.below(61) - 30;
        const jump = random.chance(0.001) ? 4_000 : 0;
        const move = Math.round((open * (market * (1 + symbol / 4) + own + jump)) / 100_000);
        const close = Math.max(100, open + move);
        prices[symbol] = close;
        const high = Math.max(open, close) + random.below(40);
        const low = Math.min(open, close) - random.below(40);
        const volume = 1 + random.below(1_000);
        if (random.chance(missing)) continue;
        bars.push({ symbol, day, minute, open, high, low, close, volume });
      }
    }
  }
  return bars;
}

/** All that is known of some bars, by the definitions and by brute force. */
export class NaiveMarket {
  readonly #bars: readonly MinuteBar[];
  readonly #times: readonly number[];

  constructor(bars: readonly MinuteBar[]) {
    this.#bars = bars;
    this.#times = [...new Set(bars.map(startOf))].toSorted((one, other) => one - other);
  }

  of(symbol: number): readonly MinuteBar[] {
    return this.#bars
      .filter((bar) => bar.symbol === symbol)
      .toSorted((one, other) => startOf(one) - startOf(other));
  }

  /** Beta and correlation over the returns of the last bar times that both have. */
  pairs(one: number, other: number, times: number): readonly [number, number] {
    const [xs, ys] = [this.#returns(one), this.#returns(other)];
    const both = this.#times
      .slice(-times)
      .flatMap((us) => (xs.has(us) && ys.has(us) ? [[xs.get(us) ?? NaN, ys.get(us) ?? NaN]] : []));
    if (both.length < times / 2) return [NaN, NaN];
    const x = both.map(([value = NaN]) => value);
    const y = both.map(([, value = NaN]) => value);
    const spread = products(y, y);
    if (!(spread > 0)) return [NaN, NaN];
    const beta = products(x, y) / spread;
    return [beta, products(x, y) / Math.sqrt(products(x, x) * spread)];
  }

  #returns(symbol: number): ReadonlyMap<number, number> {
    const bars = new Map(this.of(symbol).map((bar) => [startOf(bar), bar]));
    const returns = new Map<number, number>();
    this.#times.forEach((us, at) => {
      const now = bars.get(us);
      const before = bars.get(this.#times[at - 1] ?? NaN);
      if (now === undefined || before === undefined || now.day !== before.day) return;
      returns.set(us, Math.log(now.close / before.close));
    });
    return returns;
  }

  /** Both at the last time that both have reached, against so many bar times before. */
  over(one: number, other: number, times: number): number {
    const at = this.#reached(one, other);
    const last = this.#times.length - 1;
    if (at < times || last - at >= times) return NaN;
    const then = this.#times[at - times] ?? NaN;
    const now = this.#times[at] ?? NaN;
    const gain = (symbol: number) => this.#asOf(symbol, now) / this.#asOf(symbol, then);
    return gain(one) - gain(other);
  }

  overSession(one: number, other: number): number {
    const at = this.#reached(one, other);
    if (at < 0) return NaN;
    const now = this.#times[at] ?? NaN;
    const gain = (symbol: number) => {
      const day = this.of(symbol).at(-1)?.day;
      const first = this.of(symbol).find((bar) => bar.day === day);
      const isOfNow = this.#bars.some((bar) => startOf(bar) === now && bar.day === day);
      return isOfNow ? this.#asOf(symbol, now) / (first?.open ?? NaN) : NaN;
    };
    return gain(one) - gain(other);
  }

  #reached(one: number, other: number): number {
    const last = (symbol: number) => {
      const bar = this.of(symbol).at(-1);
      return bar === undefined ? -1 : this.#times.indexOf(startOf(bar));
    };
    return Math.min(last(one), last(other));
  }

  /** The last close then, if it lies among the last 96 bar times. */
  #asOf(symbol: number, us: number): number {
    const oldest = this.#times.at(-96) ?? 0;
    const bars = this.of(symbol).filter((bar) => startOf(bar) <= us && startOf(bar) >= oldest);
    return bars.at(-1)?.close ?? NaN;
  }

  /** The bars of the session of those members that have any. */
  session(members: readonly number[]): readonly (readonly MinuteBar[])[] {
    const day = Math.max(...this.#bars.map((bar) => bar.day));
    return members
      .map((symbol) => this.of(symbol).filter((bar) => bar.day === day))
      .filter((bars) => bars.length > 0);
  }

  /** Members of the session before. */
  before(members: readonly number[]): number {
    const day = Math.max(...this.#bars.map((bar) => bar.day)) - 1;
    return members.filter((symbol) => this.of(symbol).some((bar) => bar.day === day)).length;
  }
}

/** Two passes: sum of products of the distances from the means. */
function products(xs: readonly number[], ys: readonly number[]): number {
  const meanX = xs.reduce((sum, x) => sum + x, 0) / xs.length;
  const meanY = ys.reduce((sum, y) => sum + y, 0) / ys.length;
  return xs.reduce((sum, x, at) => sum + (x - meanX) * ((ys[at] ?? NaN) - meanY), 0);
}

export function changeOf(bars: readonly MinuteBar[]): number {
  return (bars.at(-1)?.close ?? NaN) / (bars[0]?.open ?? NaN) - 1;
}

export function isAboveVwap(bars: readonly MinuteBar[]): boolean {
  const turnover = bars.reduce((sum, { high, low, close, volume }) => {
    return sum + ((high + low + close) / 3) * volume;
  }, 0);
  const shares = bars.reduce((sum, { volume }) => sum + volume, 0);
  return (bars.at(-1)?.close ?? NaN) * shares > turnover;
}

/** 1 for a new high of the session, -1 for a new low, 0 for neither or both. */
export function extremeOf(bars: readonly MinuteBar[]): number {
  const last = bars.at(-1);
  const before = bars.slice(0, -1);
  if (last === undefined || before.length === 0) return 0;
  const isHigh = before.every(({ high }) => last.high > high);
  const isLow = before.every(({ low }) => last.low < low);
  return Number(isHigh) - Number(isLow);
}
