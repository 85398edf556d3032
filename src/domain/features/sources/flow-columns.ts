import { PRICE_SCALE } from '../../../core/money.ts';
import type { FeatureUnits } from '../feature.ts';
import type { ColumnDeclaration } from '../source.ts';
import { vpinOf } from './flow-buckets.ts';
import {
  BAR_PLACE,
  BAR_RING,
  DEPTH,
  DEPTHS,
  EFFECTIVE,
  EFFECTIVE_VOLUME,
  FLOW_BARS,
  MIDDLE_MOVE,
  MINUTES,
  MOVE_BEFORE_SUM,
  MOVE_PRODUCT,
  MOVE_SUM,
  MOVES,
  ORDER_FLOW,
  PASSED_OVER,
  REALISED,
  REALISED_LOST,
  REALISED_VOLUME,
  SIGNED,
  SPREAD_TIME,
  SUMS,
  TIME,
  TRADES,
  VOLUME,
} from './flow-places.ts';

const BASIS_POINTS = 10_000;
/** Fewer changes of the middle make no line. */
const SAMPLES_MIN = 10;

export const FLOW_COLUMNS: readonly ColumnDeclaration[] = [
  column('trades', 'count', 'Trades of the last bar.'),
  column('volume', 'shares', 'Shares of them.'),
  column('signedVolume', 'shares', 'Shares bought less shares sold in the last bar.'),
  column('orderFlow', 'shares', 'Net order flow at the best in the last bar.'),
  column('depth', 'shares', 'Shares at the best, mean of both sides over quotes of the last bar.'),
  column('volume20', 'shares', 'Shares traded in the last 20 bars.'),
  column('signedVolume20', 'shares', 'Shares bought less shares sold in the last 20 bars.'),
  column('orderFlow20', 'shares', 'Net order flow at the best in the last 20 bars.'),
  column('depth20', 'shares', 'Shares at the best, mean of both sides over quotes of 20 bars.'),
  column('tradesPerMinute', 'count', 'Trades a minute over the last 20 bars.'),
  column('tradeSize', 'shares', 'Mean shares of a trade over the last 20 bars.'),
  column('quotedSpread', 'bps', 'Ask less bid over the middle, weighted by time, of 20 bars.'),
  column(
    'effectiveSpread',
    'bps',
    'Twice the distance of price and middle, by shares, of 20 bars.',
  ),
  column('realisedSpread', 'bps', 'What is left of it against the middle five minutes later.'),
  column(
    'kyleLambda',
    'dollarsPerShare',
    'Slope of changes of the middle on net shares bought, of 20 bars.',
  ),
  column('rollSpread', 'dollars', 'Spread that the bounce of prices betrays, of 20 bars.'),
  column('vpin', 'share', 'Mean imbalance of the last 50 buckets of equal volume.'),
  column('passedOver', 'count', 'Trades that count for nothing here, so far.'),
  column('realisedLost', 'count', 'Trades whose realised spread cannot be told, so far.'),
];

function column(name: string, units: FeatureUnits, tells: string): ColumnDeclaration {
  return { name, units, tells };
}

/**
 * Writes the columns. Sums of 20 bars are NaN until there were so many: the ring is NaN where it is
 * empty.
 *
 * @param sums room for one bar's sums, of the caller.
 */
export function readFlow(
  sums: Float64Array,
  state: Float64Array,
  at: number,
  out: Float64Array,
  outAt: number,
): void {
  sumBars(sums, state, at);
  const place = (state[at + BAR_PLACE] ?? NaN) | 0;
  const last = at + BAR_RING + (place === 0 ? FLOW_BARS - 1 : place - 1) * SUMS;
  out[outAt] = state[last + TRADES] ?? NaN;
  out[outAt + 1] = state[last + VOLUME] ?? NaN;
  out[outAt + 2] = state[last + SIGNED] ?? NaN;
  out[outAt + 3] = state[last + ORDER_FLOW] ?? NaN;
  out[outAt + 4] = ratio(state[last + DEPTH], state[last + DEPTHS]);
  out[outAt + 5] = sums[VOLUME] ?? NaN;
  out[outAt + 6] = sums[SIGNED] ?? NaN;
  out[outAt + 7] = sums[ORDER_FLOW] ?? NaN;
  out[outAt + 8] = ratio(sums[DEPTH], sums[DEPTHS]);
  out[outAt + 9] = ratio(sums[TRADES], sums[MINUTES]);
  out[outAt + 10] = ratio(sums[VOLUME], sums[TRADES]);
  out[outAt + 11] = BASIS_POINTS * ratio(sums[SPREAD_TIME], sums[TIME]);
  out[outAt + 12] = BASIS_POINTS * ratio(sums[EFFECTIVE], sums[EFFECTIVE_VOLUME]);
  out[outAt + 13] = BASIS_POINTS * ratio(sums[REALISED], sums[REALISED_VOLUME]);
  out[outAt + 14] = kyleLambda(state, at) / PRICE_SCALE;
  out[outAt + 15] = rollSpread(sums) / PRICE_SCALE;
  out[outAt + 16] = vpinOf(state, at);
  out[outAt + 17] = state[at + PASSED_OVER] ?? NaN;
  out[outAt + 18] = state[at + REALISED_LOST] ?? NaN;
}

/** In the order of their places, anew for each answer: no error runs along. */
function sumBars(sums: Float64Array, state: Float64Array, at: number): void {
  sums.fill(0);
  for (let bar = 0; bar < FLOW_BARS; bar += 1) {
    const from = at + BAR_RING + bar * SUMS;
    for (let sum = 0; sum < SUMS; sum += 1) {
      sums[sum] = (sums[sum] ?? NaN) + (state[from + sum] ?? NaN);
    }
  }
}

/** NaN over nothing. */
function ratio(value = NaN, by = NaN): number {
  return by > 0 ? value / by : NaN;
}

/**
 * Kyle (1985) as Hasbrouck (2007) measures it: the slope of the least-squares line, with intercept,
 * of a bar's change of the middle on its net shares bought. Bars without such a change are left
 * out; NaN with fewer than ten, or where all bought alike.
 */
function kyleLambda(state: Float64Array, at: number): number {
  let samples = 0;
  let shares = 0;
  let moves = 0;
  for (let bar = at + BAR_RING, left = FLOW_BARS; left > 0; left -= 1, bar += SUMS) {
    const move = state[bar + MIDDLE_MOVE] ?? NaN;
    if (move !== move) continue;
    samples += 1;
    shares += state[bar + SIGNED] ?? NaN;
    moves += move;
  }
  const [meanShares, meanMove] = [shares / samples, moves / samples];
  let spread = 0;
  let together = 0;
  for (let bar = at + BAR_RING, left = FLOW_BARS; left > 0; left -= 1, bar += SUMS) {
    const move = state[bar + MIDDLE_MOVE] ?? NaN;
    if (move !== move) continue;
    const apart = (state[bar + SIGNED] ?? NaN) - meanShares;
    spread += apart * apart;
    together += apart * (move - meanMove);
  }
  return samples >= SAMPLES_MIN ? ratio(together, spread) : NaN;
}

/**
 * Roll (1984): twice the root of the negative covariance of one price change with the next, from
 * trade to trade. 0 where the covariance is not negative, the reading of Goyenko, Holden and
 * Trzcinka (2009).
 */
function rollSpread(sums: Float64Array): number {
  const moves = sums[MOVES] ?? NaN;
  const means = ratio((sums[MOVE_SUM] ?? NaN) * (sums[MOVE_BEFORE_SUM] ?? NaN), moves);
  const covariance = ratio((sums[MOVE_PRODUCT] ?? NaN) - means, moves);
  return 2 * Math.sqrt(Math.max(0, -covariance));
}
