import { type IndicatorBody, type IndicatorDeclaration, talibPeriod } from '../declaration.ts';

const VALUE = 0;
const COUNT = 1; // Below `period`: bars so far. From it on: `period` + next place in the ring.
const LAP = 2; // Sum of the present lap.
const WEIGHED = 3; // The same, its first value once, its second twice, and so on.
const RING = 4;

/**
 * Weighted moving average (TA-Lib `WMA`). The ring is filled lap by lap: places after the present
 * one hold what is left of the last lap, weighed 1 for the oldest and on. Nothing is subtracted, so
 * a jump leaves nothing behind; TA-Lib's running sums do.
 */
export const wma: IndicatorDeclaration = {
  name: 'wma',
  title: 'Weighted moving average',
  family: 'overlap',
  tells: 'An average in which each bar counts more than the one before: quicker than the simple.',
  formula: 'sum(i * x_i) / sum(i) over period bars, i = 1 for the oldest and period for the last.',
  source: 'TA-Lib WMA',
  parameters: [talibPeriod(20, 2)],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [{ name: 'wma', units: 'series', talib: 'outReal' }],
  talib: 'WMA',
  build: ([period = NaN], [place = NaN]) => build(period, place),
};

function build(period: number, closeAt: number): IndicatorBody {
  const width = RING + period;
  const weights = (period * (period + 1)) / 2;

  return {
    width,
    warmupBars: period,

    reset(state, at) {
      state.fill(0, at, at + width);
      state[at + VALUE] = NaN;
    },

    update(state, at, bar) {
      const close = bar[closeAt] ?? NaN;
      if (close - close !== 0) return;

      const count = (state[at + COUNT] ?? NaN) | 0;
      const place = count < period ? count : count - period;
      const ring = at + RING;
      const isFirst = place === 0;
      const lap = isFirst ? close : (state[at + LAP] ?? NaN) + close;
      const weighed = isFirst ? close : (state[at + WEIGHED] ?? NaN) + (place + 1) * close;
      state[at + LAP] = lap;
      state[at + WEIGHED] = weighed;
      state[ring + place] = close;
      const rest = period - 1 - place;
      state[at + COUNT] = rest === 0 ? period : count + 1;
      if (rest === 0) turnLap(state, ring, period);
      else if (count < period) return;
      const older = rest === 0 ? 0 : (state[ring + place + 1] ?? NaN);
      state[at + VALUE] = (weighed + rest * lap + older) / weights;
    },
  };
}

/** Each place but the first takes the sum from itself to the end, itself once, the next twice. */
function turnLap(state: Float64Array, ring: number, period: number): void {
  let sum = 0;
  let weighed = 0;
  for (let index = ring + period - 1; index > ring; index -= 1) {
    sum += state[index] ?? NaN;
    weighed += sum;
    state[index] = weighed;
  }
}
