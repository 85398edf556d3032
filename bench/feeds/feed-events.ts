import { Random } from '../../src/core/random.ts';

/** What happened, before any venue's spelling of it. */
export interface FeedEvent {
  readonly name: string;
  readonly us: number;
  /** Whole ten-thousandths, most of them whole cents. */
  readonly ticks: number;
  readonly size: number;
  readonly id: number;
  /** Of `EXCHANGES` and of `CONDITIONS`. */
  readonly exchange: number;
  readonly conditions: number;
  readonly tape: 1 | 2 | 3;
  readonly sequence: number;
}

export const SYMBOLS = 10_000;
const SEED = 11;
const START_US = 1_795_100_640_000_000;
const LETTERS = 26;

/** Tickers of one to four letters: A .. ZZZ comes to more than ten thousand. */
export const NAMES: readonly string[] = Array.from({ length: SYMBOLS }, (_, index) => {
  let name = '';
  for (let left = index + 1; left > 0; left = Math.floor((left - 1) / LETTERS)) {
    name = String.fromCharCode(65 + ((left - 1) % LETTERS)) + name;
  }
  return name;
});

/** Trades or quotes in order of time, over ten thousand symbols of which few trade most. */
export function* feedEvents(): Generator<FeedEvent, never> {
  const random = new Random(SEED);
  const ticks = NAMES.map(() => 50_000 + random.below(5_000_000));
  for (let at = 0; ; at += 1) {
    const symbol = Math.floor(random.unit() * random.unit() * SYMBOLS);
    const moved = Math.max(10_000, (ticks[symbol] ?? 0) + (random.below(9) - 4) * 100);
    ticks[symbol] = moved;
    yield {
      name: NAMES[symbol] ?? '',
      us: START_US + at * 25,
      // A third lie between the cents: midpoints and improved prices.
      ticks: moved + (random.chance(1 / 3) ? random.below(100) : 0),
      size: random.chance(0.6) ? 1 + random.below(99) : 100 * (1 + random.below(9)),
      id: 50_000 + at,
      exchange: random.below(4),
      conditions: random.below(3),
      tape: symbol % 2 === 0 ? 3 : 1,
      sequence: 1_844_000 + at,
    };
  }
}
