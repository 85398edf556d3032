import { OPEN_BAR_CLOSE, OPEN_BAR_TURNOVER, OPEN_BAR_VOLUME } from '../bar.ts';
import type { ImbalanceBarKind } from './bar-kind.ts';
import type { BarRule } from './bar-rule.ts';

/** Imbalance of the open bar: theta. */
const THETA = 0;
/** Ticks of the open bar: T. */
const TICKS = 1;
/** How large an imbalance closes the open bar; NaN for the first, which closes at `ticks`. */
const THRESHOLD = 2;
/** Average of the ticks of complete bars: E0[T]. */
const EXPECTED_TICKS = 3;
/** Average of the signed weight of a tick: E0[b v]; NaN before the first. */
const EXPECTED_WEIGHT = 4;
/** Last price, and the sign of the last change of price: b; 0 before the first change. */
const LAST = 5;
const SIGN = 6;
const WIDTH = 7;

/**
 * Imbalance bars (Lopez de Prado, Advances in Financial Machine Learning, 2018, 2.3.2.1 and
 * 2.3.2.2). A tick is a trade, or a venue's bar, that has volume and may set the last price. By the
 * tick rule its sign b is that of the change of price, or the last sign where the price stood
 * still, over the edges of bars and sessions too; its weight v is 1, its shares, or its money.
 *
 *     theta = sum of b v over the bar; the bar closes at the first tick T with
 *     |theta| >= E0[T] * |E0[b v]|
 *
 * E0[T] is the exponentially weighted average of T over complete bars, begun at `ticks`, with
 * alpha = 2 / (bars + 1); E0[b v] that of b v over all ticks, begun at the first one's, with alpha
 * = 2 / (imbalanceTicks + 1); both as they stand when the bar begins. The book leaves open:
 *
 * - the first bar, of which nothing is expected: it closes after `ticks` ticks;
 * - ticks before the first change of price: their sign is 0;
 * - that bars run away (a long bar makes the next one longer) or shrink to single ticks: a bar has
 *   at least `ticksMin` ticks and closes at `ticksMax`;
 * - a bar that the session cuts: its T says nothing, and no average takes it.
 */
export function imbalanceRule(kind: ImbalanceBarKind): BarRule {
  const { ticks: firstTicks, ticksMin, ticksMax } = kind;
  const weightPlace = WEIGHTS[kind.kind];
  const ticksAlpha = 2 / (kind.bars + 1);
  const weightAlpha = 2 / (kind.imbalanceTicks + 1);
  return {
    width: WIDTH,
    remembersParts: true,

    reset(state, at) {
      state.fill(0, at, at + WIDTH);
      state[at + THRESHOLD] = NaN;
      state[at + EXPECTED_TICKS] = firstTicks;
      state[at + EXPECTED_WEIGHT] = NaN;
      state[at + LAST] = NaN;
    },

    isComplete(state, _barAt, at, part) {
      const price = part[OPEN_BAR_CLOSE] ?? NaN;
      if (price === price && (part[OPEN_BAR_VOLUME] ?? NaN) > 0) {
        takeTick(state, at, price, weightPlace < 0 ? 1 : (part[weightPlace] ?? NaN), weightAlpha);
      }
      const ticks = state[at + TICKS] ?? NaN;
      const threshold = state[at + THRESHOLD] ?? NaN;
      if (threshold !== threshold) return ticks >= firstTicks;
      if (ticks >= ticksMax) return true;
      return ticks >= ticksMin && Math.abs(state[at + THETA] ?? NaN) >= threshold;
    },

    begin(state, at, isAfterComplete) {
      const expected = state[at + EXPECTED_TICKS] ?? NaN;
      const ticks = state[at + TICKS] ?? NaN;
      if (isAfterComplete) state[at + EXPECTED_TICKS] = expected + ticksAlpha * (ticks - expected);
      const isFirst = state[at + THRESHOLD] !== state[at + THRESHOLD];
      if (isAfterComplete || !isFirst) {
        const weight = state[at + EXPECTED_WEIGHT] ?? NaN;
        state[at + THRESHOLD] = (state[at + EXPECTED_TICKS] ?? NaN) * Math.abs(weight);
      }
      state[at + THETA] = 0;
      state[at + TICKS] = 0;
    },
  };
}

const WEIGHTS = {
  tickImbalance: -1,
  volumeImbalance: OPEN_BAR_VOLUME,
  dollarImbalance: OPEN_BAR_TURNOVER,
} as const;

function takeTick(
  state: Float64Array,
  at: number,
  price: number,
  weight: number,
  alpha: number,
): void {
  const last = state[at + LAST] ?? NaN;
  if (price > last) state[at + SIGN] = 1;
  if (price < last) state[at + SIGN] = -1;
  const signed = (state[at + SIGN] ?? NaN) * weight;
  const expected = state[at + EXPECTED_WEIGHT] ?? NaN;
  state[at + LAST] = price;
  state[at + THETA] = (state[at + THETA] ?? NaN) + signed;
  state[at + TICKS] = (state[at + TICKS] ?? NaN) + 1;
  state[at + EXPECTED_WEIGHT] =
    expected === expected ? expected + alpha * (signed - expected) : signed;
}
