import { type IndicatorBody, type IndicatorDeclaration, talibPeriod } from '../declaration.ts';

const VALUE = 0;
const COUNT = 1; // Below `period`: bars so far. From it on: `period` + next place in the ring.
const RING = 2;

/**
 * Mean distance from the mean (TA-Lib `AVGDEV`).
 *
 * A distance has a sign that turns with the mean, so there is no sum to keep: each bar looks at the
 * whole window, twice.
 */
export const averageDeviation: IndicatorDeclaration = {
  name: 'averageDeviation',
  title: 'Average deviation',
  family: 'statistics',
  tells: 'How far values stand from their mean: rare large ones count less than in a deviation.',
  formula: 'mean(abs(x - mean)) over period, taken afresh each bar.',
  source: 'TA-Lib AVGDEV',
  parameters: [talibPeriod(14)],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [{ name: 'deviation', units: 'series', talib: 'outReal' }],
  talib: 'AVGDEV',
  build: ([period = NaN], [place = NaN]) => build(period, place),
};

function build(period: number, place: number): IndicatorBody {
  const width = RING + period;

  return {
    width,
    warmupBars: period,

    reset(state, at) {
      state.fill(0, at, at + width);
      state[at + VALUE] = NaN;
    },

    update(state, at, bar) {
      const x = bar[place] ?? NaN;
      if (x - x !== 0) return;
      const count = (state[at + COUNT] ?? NaN) | 0;
      const next = count < period ? count : count - period;
      const ring = at + RING;
      state[ring + next] = x;
      state[at + COUNT] = next + 1 === period ? period : count + 1;
      if (count + 1 < period) return;

      // From the present value, so that a window of equal ones has no distance at all.
      let sum = 0;
      for (let index = ring; index < ring + period; index += 1) sum += (state[index] ?? NaN) - x;
      const mean = x + sum / period;
      let distance = 0;
      for (let index = ring; index < ring + period; index += 1) {
        distance += Math.abs((state[index] ?? NaN) - mean);
      }
      state[at + VALUE] = distance / period;
    },
  };
}
