import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import { CLOSE, HIGH, LOW, VOLUME } from '../indicator.ts';
import { moneyFlow } from './money-flow.ts';

const VALUE = 0;
const LINE = 1;
const FAST = 2;
const SLOW = 3;
const COUNT = 4; // Bars so far; stays at `warmupBars`.

/** Chaikin's oscillator (TA-Lib `ADOSC`): both averages begin at the line's first value. */
export const chaikinOscillator: IndicatorDeclaration = {
  name: 'chaikinOscillator',
  title: 'Chaikin oscillator',
  family: 'volume',
  tells: 'Whether the gathering of shares speeds up (above 0) or slackens.',
  formula:
    'ema(ad, fast) - ema(ad, slow) of the accumulation/distribution line; both averages begin at ' +
    "the line's first value, not at a plain average.",
  source: 'TA-Lib ADOSC; Marc Chaikin',
  parameters: [
    periodParameter(3, 2, 'fast', 'optInFastPeriod'),
    periodParameter(10, 2, 'slow', 'optInSlowPeriod'),
  ],
  inputs: ['high', 'low', 'close', 'volume'],
  takesAnySeries: false,
  outputs: [{ name: 'oscillator', units: 'shares', talib: 'outReal' }],
  talib: 'ADOSC',
  build: ([fast = NaN, slow = NaN]) => build(fast, slow),
};

function build(fast: number, slow: number): IndicatorBody {
  const warmupBars = Math.max(fast, slow);
  const fastShare = 2 / (fast + 1);
  const slowShare = 2 / (slow + 1);

  return {
    width: 5,
    warmupBars,

    reset(state, at) {
      state.fill(0, at, at + 5);
      state[at + VALUE] = NaN;
    },

    update(state, at, bar) {
      const high = bar[HIGH] ?? NaN;
      const low = bar[LOW] ?? NaN;
      const close = bar[CLOSE] ?? NaN;
      const volume = bar[VOLUME] ?? NaN;
      const sound = high + low + close + volume;
      if (sound - sound !== 0) return;

      const count = (state[at + COUNT] ?? NaN) | 0;
      const line = (state[at + LINE] ?? NaN) + moneyFlow(high, low, close, volume);
      const fastBefore = count === 0 ? line : (state[at + FAST] ?? NaN);
      const slowBefore = count === 0 ? line : (state[at + SLOW] ?? NaN);
      const fastMean = fastBefore + fastShare * (line - fastBefore);
      const slowMean = slowBefore + slowShare * (line - slowBefore);
      state[at + LINE] = line;
      state[at + FAST] = fastMean;
      state[at + SLOW] = slowMean;
      if (count < warmupBars) state[at + COUNT] = count + 1;
      if (count + 1 >= warmupBars) state[at + VALUE] = fastMean - slowMean;
    },
  };
}
