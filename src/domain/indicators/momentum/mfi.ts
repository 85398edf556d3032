import { type IndicatorBody, type IndicatorDeclaration, talibPeriod } from '../declaration.ts';
import { CLOSE, HIGH, LOW, VOLUME } from '../indicator.ts';
import { resetWindowSum, slideWindowSum, windowSumWidth } from '../window-sum.ts';

const VALUE = 0;
const PREVIOUS = 1; // Typical price of the last bar; NaN before the first.
const INFLOW = 2;

/** TA-Lib counts less money than this as none. */
const FLOW_LEAST = 1;

export const mfi: IndicatorDeclaration = {
  name: 'mfi',
  title: 'Money flow index',
  family: 'momentum',
  tells: 'Whether money goes in or out: the RSI weighted by turnover (above 80: overbought).',
  formula:
    '100 * inflow / (inflow + outflow): sums over period bars of typical * volume where typical ' +
    '= (high + low + close) / 3 rose, and where it fell; 0 where less than 1 flowed.',
  source: 'TA-Lib MFI; Gene Quong and Avrum Soudack',
  parameters: [talibPeriod(14, 2)],
  inputs: ['high', 'low', 'close', 'volume'],
  takesAnySeries: false,
  outputs: [{ name: 'mfi', units: 'percent', talib: 'outReal' }],
  talib: 'MFI',
  build: ([period = NaN]) => build(period),
};

function build(period: number): IndicatorBody {
  const outflow = INFLOW + windowSumWidth(period);

  return {
    width: outflow + windowSumWidth(period),
    warmupBars: period + 1,

    reset(state, at) {
      state[at + VALUE] = NaN;
      state[at + PREVIOUS] = NaN;
      resetWindowSum(state, at + INFLOW, period);
      resetWindowSum(state, at + outflow, period);
    },

    update(state, at, bar) {
      const typical = ((bar[HIGH] ?? NaN) + (bar[LOW] ?? NaN) + (bar[CLOSE] ?? NaN)) / 3;
      const flow = typical * (bar[VOLUME] ?? NaN);
      if (flow - flow !== 0) return;
      const previous = state[at + PREVIOUS] ?? NaN;
      state[at + PREVIOUS] = typical;
      if (previous !== previous) return;
      const gone = slideWindowSum(state, at + outflow, period, typical < previous ? flow : 0);
      const come = slideWindowSum(state, at + INFLOW, period, typical > previous ? flow : 0);
      const total = come + gone;
      state[at + VALUE] = total < FLOW_LEAST ? 0 : (100 * come) / total;
    },
  };
}
