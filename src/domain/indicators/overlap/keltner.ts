import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import { CLOSE, HIGH, LOW } from '../indicator.ts';
import { atr } from '../volatility/atr.ts';
import { ema } from './ema.ts';

const UPPER = 0;
const MIDDLE = 1;
const LOWER = 2;
const PARTS = 3;

/** Keltner's channel in the form that Linda Raschke gave it: true ranges around an EMA. */
export const keltner: IndicatorDeclaration = {
  name: 'keltner',
  title: 'Keltner channel',
  family: 'overlap',
  tells: 'How far a price may usually stray in bars of this length: outside it a trend is strong.',
  formula: 'ema(close, period) +- multiplier * atr(atrPeriod).',
  source: 'Chester Keltner, How to Make Money in Commodities, 1960; EMA and ATR by Linda Raschke',
  parameters: [
    periodParameter(20, 1),
    { ...periodParameter(10, 1, 'atrPeriod'), isQuiet: true },
    { name: 'multiplier', least: 0.01, most: 100, usual: 2, isWhole: false, isQuiet: true },
  ],
  inputs: ['high', 'low', 'close'],
  takesAnySeries: false,
  outputs: [
    { name: 'upper', units: 'price' },
    { name: 'middle', units: 'price' },
    { name: 'lower', units: 'price' },
  ],
  build: ([period = NaN, atrPeriod = NaN, multiplier = NaN]) =>
    build(period, atrPeriod, multiplier),
};

function build(period: number, atrPeriod: number, multiplier: number): IndicatorBody {
  const average = ema.build([period], [CLOSE]);
  const range = atr.build([atrPeriod], [HIGH, LOW, CLOSE]);
  const rangeAt = PARTS + average.width;

  return {
    width: rangeAt + range.width,
    warmupBars: Math.max(average.warmupBars, range.warmupBars),

    reset(state, at) {
      state.fill(NaN, at, at + PARTS);
      average.reset(state, at + PARTS);
      range.reset(state, at + rangeAt);
    },

    update(state, at, bar) {
      const sound = (bar[HIGH] ?? NaN) + (bar[LOW] ?? NaN) + (bar[CLOSE] ?? NaN);
      if (sound - sound !== 0) return;
      average.update(state, at + PARTS, bar);
      range.update(state, at + rangeAt, bar);
      const middle = state[at + PARTS] ?? NaN;
      const distance = multiplier * (state[at + rangeAt] ?? NaN);
      const sum = middle + distance;
      if (Number.isNaN(sum)) return;
      state[at + UPPER] = sum;
      state[at + MIDDLE] = middle;
      state[at + LOWER] = middle - distance;
    },
  };
}
