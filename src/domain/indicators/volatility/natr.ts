import { type IndicatorBody, type IndicatorDeclaration, talibPeriod } from '../declaration.ts';
import { CLOSE, HIGH, LOW } from '../indicator.ts';
import { atr } from './atr.ts';

const VALUE = 0;
const ATR = 1;

/** Average true range in percent of the close (TA-Lib `NATR`). */
export const natr: IndicatorDeclaration = {
  name: 'natr',
  title: 'Normalised average true range',
  family: 'volatility',
  tells: 'How far a bar usually moves in percent: comparable between symbols of any price.',
  formula:
    '100 * atr(period) / close. With a period of 1 TA-Lib leaves out the division and answers ' +
    'the true range; here it is done.',
  source: 'TA-Lib NATR; John Forman, Stocks & Commodities, 2006',
  parameters: [talibPeriod(14, 1)],
  inputs: ['high', 'low', 'close'],
  takesAnySeries: false,
  outputs: [{ name: 'natr', units: 'percent', talib: 'outReal' }],
  talib: 'NATR',
  build: ([period = NaN]) => build(period),
};

function build(period: number): IndicatorBody {
  const inner = atr.build([period], []);

  return {
    width: ATR + inner.width,
    warmupBars: inner.warmupBars,

    reset(state, at) {
      state[at + VALUE] = NaN;
      inner.reset(state, at + ATR);
    },

    update(state, at, bar) {
      const close = bar[CLOSE] ?? NaN;
      const sound = (bar[HIGH] ?? NaN) + (bar[LOW] ?? NaN) + close;
      if (sound - sound !== 0) return;

      inner.update(state, at + ATR, bar);
      const range = state[at + ATR] ?? NaN;
      // As in TA-Lib a close of 0 has no percentage.
      state[at + VALUE] = close === 0 && range === range ? 0 : (range / close) * 100;
    },
  };
}
