import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import { CLOSE, HIGH, LOW } from '../indicator.ts';
import { atr } from '../volatility/atr.ts';

const VALUE = 0;
const DIRECTION = 1;
const UPPER = 2; // The stop of a falling market: falls, or stays, until a close is above it.
const LOWER = 3;
const PREVIOUS = 4; // The last close.
const RANGE = 5;

/**
 * SuperTrend. A stop moves only towards the price until a close has passed it; then the market has
 * turned and the other stop holds. The first ready bar counts as falling, unless its close is above
 * the upper stop, as charts do that made it known.
 */
export const supertrend: IndicatorDeclaration = {
  name: 'supertrend',
  title: 'SuperTrend',
  family: 'overlap',
  tells: 'Which way the market goes, and the price at which that is over: a trailing stop.',
  formula:
    'upper = (high + low) / 2 + multiplier * atr(period), lowered or kept until the close before ' +
    'was above it, lower likewise; a close beyond the stop turns the direction (1 up, -1 down).',
  source: 'Olivier Seban',
  parameters: [
    periodParameter(10, 1),
    { name: 'multiplier', least: 0.01, most: 100, usual: 3, isWhole: false },
  ],
  inputs: ['high', 'low', 'close'],
  takesAnySeries: false,
  outputs: [
    { name: 'supertrend', units: 'price' },
    { name: 'direction', units: 'sign' },
  ],
  build: ([period = NaN, multiplier = NaN]) => build(period, multiplier),
};

function build(period: number, multiplier: number): IndicatorBody {
  const range = atr.build([period], [HIGH, LOW, CLOSE]);

  return {
    width: RANGE + range.width,
    warmupBars: range.warmupBars,

    reset(state, at) {
      state.fill(NaN, at, at + RANGE);
      range.reset(state, at + RANGE);
    },

    update(state, at, bar) {
      const close = bar[CLOSE] ?? NaN;
      const middle = ((bar[HIGH] ?? NaN) + (bar[LOW] ?? NaN)) / 2;
      const sound = middle + close;
      if (sound - sound !== 0) return;

      range.update(state, at + RANGE, bar);
      const distance = multiplier * (state[at + RANGE] ?? NaN);
      const previous = state[at + PREVIOUS] ?? NaN;
      state[at + PREVIOUS] = close;
      if (Number.isNaN(distance)) return;

      // Before the first of them the old stops are NaN, and every comparison lets the new in.
      const oldUpper = state[at + UPPER] ?? NaN;
      const oldLower = state[at + LOWER] ?? NaN;
      const upper = keeps(middle + distance >= oldUpper, previous <= oldUpper)
        ? oldUpper
        : middle + distance;
      const lower = keeps(middle - distance <= oldLower, previous >= oldLower)
        ? oldLower
        : middle - distance;
      state[at + UPPER] = upper;
      state[at + LOWER] = lower;
      const isUp = state[at + DIRECTION] === 1 ? close >= lower : close > upper;
      state[at + DIRECTION] = isUp ? 1 : -1;
      state[at + VALUE] = isUp ? lower : upper;
    },
  };
}

/** A stop stays where the new one would be further off, and no close has passed it. */
function keeps(isFurther: boolean, isUnbroken: boolean): boolean {
  return isFurther && isUnbroken;
}
