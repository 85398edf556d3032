import { Random } from '../../src/core/random.ts';
import { present } from '../../src/core/assert.ts';
import { parseTime, SECOND } from '../../src/core/time.ts';

/** Trades of a market in order of time, as columns. */
export interface Ticks {
  readonly names: readonly string[];
  readonly count: number;
  /** So many come first, until every indicator is warm and every symbol may be traded. */
  readonly warm: number;
  /** Of those in a frame, so that none is late for its bar when its frame comes. */
  readonly warmPerFrame: number;
  readonly symbol: Int32Array;
  /** Ten-thousandths, whole cents. */
  readonly price: Int32Array;
  readonly size: Int32Array;
  readonly venueUs: Float64Array;
}

export interface TickPlan {
  readonly symbols: number;
  /** After the warm ones. */
  readonly ticks: number;
}

/** Near the usual minute: of bars of a minute the model would be asked, and it has its own row. */
export const BAR_MS = 72_000;
/** Five minutes into a session. */
export const START_US = present(parseTime('2024-06-03T13:35:00Z'), 'a time');
/** What Polygon says its stocks cluster has on average: 2,000 trade and 8,000 quote messages. */
const PER_SECOND = 10_000;
/** Layer 2 asks for five bars, and the longest of the ten for 33 prices. */
const WARM_BARS = 8;
const WARM_PER_BAR = 5;
const CENT = 100;
/** Market time that a warm frame may hold: less than bars wait for late trades. */
const WARM_FRAME_US = 100_000;
const WARM_FRAME_MAX = 100;

/**
 * A random walk of so many symbols, some of them far busier than others. The first bars have as
 * many trades of each symbol; what follows comes as fast as a market does on average.
 */
export function makeTicks({ symbols, ticks }: TickPlan): Ticks {
  const random = new Random(7, 1);
  const warm = symbols * WARM_BARS * WARM_PER_BAR;
  const count = warm + ticks;
  const spacingUs = (BAR_MS * 1_000) / (symbols * WARM_PER_BAR);
  const most = Math.floor(WARM_FRAME_US / spacingUs);
  const made: Ticks = {
    names: Array.from({ length: symbols }, (_, at) => nameOf(at)),
    count,
    warm,
    warmPerFrame: Math.min(WARM_FRAME_MAX, Math.max(1, most)),
    symbol: new Int32Array(count),
    price: new Int32Array(count),
    size: new Int32Array(count),
    venueUs: new Float64Array(count),
  };
  const cents = Float64Array.from({ length: symbols }, () => 2_000 + random.below(28_000));
  const beginUs = START_US + WARM_BARS * BAR_MS * 1_000;
  for (let at = 0; at < count; at += 1) {
    const symbol = at < warm ? at % symbols : skewed(random, symbols);
    const step = (random.unit() - 0.5) * 0.002 * (cents[symbol] ?? 0);
    const next = Math.max(500, Math.round((cents[symbol] ?? 0) + step));
    cents[symbol] = next;
    made.symbol[at] = symbol;
    made.price[at] = next * CENT;
    made.size[at] = 100 * (1 + random.below(20));
    made.venueUs[at] = Math.floor(
      at < warm ? START_US + at * spacingUs : beginUs + ((at - warm) * SECOND) / PER_SECOND,
    );
  }
  return made;
}

/** Cubic: of 10,000 symbols the busiest hundred have a fifth of all trades. */
function skewed(random: Random, symbols: number): number {
  const unit = random.unit();
  return Math.floor(unit * unit * unit * symbols);
}

/** Four letters: `AAAA`, `AAAB`. */
export function nameOf(at: number): string {
  let name = '';
  for (let left = at, place = 0; place < 4; place += 1) {
    name = String.fromCharCode(65 + (left % 26)) + name;
    left = Math.floor(left / 26);
  }
  return name;
}
