import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import { CLOSE, HIGH, LOW } from '../indicator.ts';
import { RUNNING_SUM_WIDTH, runningSum, slideSum } from '../running-sum.ts';
import { trueRange } from '../true-range.ts';
import { ZERO_BELOW } from '../zero.ts';

const VALUE = 0;
const PREVIOUS = 1;
const COUNT = 2; // Bars so far; stays at the longest period + 1.
const PLACE = 3;
const PRESSURES = 4; // Buying pressure: a sum for each period, the shortest first.
const RANGES = PRESSURES + 3 * RUNNING_SUM_WIDTH;
const RINGS = RANGES + 3 * RUNNING_SUM_WIDTH;

/** Ultimate oscillator, 0 to 100; the order of the three periods does not matter. */
export const ultimate: IndicatorDeclaration = {
  name: 'ultimate',
  title: 'Ultimate oscillator',
  family: 'momentum',
  tells: 'Who has been stronger over three horizons at once: below 30 sellers may be exhausted.',
  formula:
    '100 * (4 * a + 2 * b + c) / 7: buying pressure (close - true low) over true range, in sums ' +
    'of the shortest, middle and longest period; one without range adds 0.',
  source: 'TA-Lib ULTOSC; Larry Williams, 1985',
  parameters: [
    periodParameter(7, 1, 'short', 'optInTimePeriod1'),
    periodParameter(14, 1, 'middle', 'optInTimePeriod2'),
    periodParameter(28, 1, 'long', 'optInTimePeriod3'),
  ],
  inputs: ['high', 'low', 'close'],
  takesAnySeries: false,
  outputs: [{ name: 'ultimate', units: 'percent', talib: 'outReal' }],
  talib: 'ULTOSC',
  build: (periods) => build(periods.toSorted((a, b) => a - b)),
};

function build([short = NaN, middle = NaN, long = NaN]: readonly number[]): IndicatorBody {
  const ranges = RINGS + long;
  const width = ranges + long;

  return {
    width,
    warmupBars: long + 1,

    reset(state, at) {
      state.fill(0, at, at + width);
      state[at + VALUE] = NaN;
    },

    update(state, at, bar) {
      const high = bar[HIGH] ?? NaN;
      const low = bar[LOW] ?? NaN;
      const close = bar[CLOSE] ?? NaN;
      const sound = high + low + close;
      if (sound - sound !== 0) return;

      const count = (state[at + COUNT] ?? NaN) | 0;
      const previous = state[at + PREVIOUS] ?? NaN;
      state[at + PREVIOUS] = close;
      if (count <= long) state[at + COUNT] = count + 1;
      if (count === 0) return;

      const place = (state[at + PLACE] ?? NaN) | 0;
      state[at + PLACE] = place + 1 === long ? 0 : place + 1;
      const pressure = close - Math.min(low, previous);
      const range = trueRange(high, low, previous);
      slideThree(state, at + PRESSURES, at + RINGS, place, pressure);
      slideThree(state, at + RANGES, at + ranges, place, range);
      if (count < long) return;
      const weighted = 4 * part(state, at, 0) + 2 * part(state, at, 1) + part(state, at, 2);
      state[at + VALUE] = (100 * weighted) / 7;
    },
  };

  /** One value into the sums of all three periods and into their ring, which holds the longest. */
  function slideThree(
    state: Float64Array,
    sums: number,
    ring: number,
    place: number,
    value: number,
  ): void {
    const shortPlace = place < short ? place - short + long : place - short;
    const middlePlace = place < middle ? place - middle + long : place - middle;
    slideSum(state, sums, value, state[ring + shortPlace] ?? NaN);
    slideSum(state, sums + RUNNING_SUM_WIDTH, value, state[ring + middlePlace] ?? NaN);
    slideSum(state, sums + 2 * RUNNING_SUM_WIDTH, value, state[ring + place] ?? NaN);
    state[ring + place] = value;
  }
}

function part(state: Float64Array, at: number, which: number): number {
  const range = runningSum(state, at + RANGES + which * RUNNING_SUM_WIDTH);
  if (range < ZERO_BELOW) return 0;
  return runningSum(state, at + PRESSURES + which * RUNNING_SUM_WIDTH) / range;
}
