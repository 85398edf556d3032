import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import { fastBelowSlow } from '../fast-below-slow.ts';
import { HIGH, LOW } from '../indicator.ts';
import { resetWindowSum, slideWindowSum, windowSumWidth } from '../window-sum.ts';
import { awesome } from './awesome.ts';

const VALUE = 0;
const AWESOME = 1;

export const accelerator: IndicatorDeclaration = {
  name: 'accelerator',
  title: 'Accelerator oscillator',
  family: 'momentum',
  tells: 'Whether momentum itself grows or fades: it turns before the awesome oscillator does.',
  formula: 'awesome - sma(awesome, signal).',
  source: 'Bill Williams, New Trading Dimensions, 1998; equal to TA-Lib 0.8 AC',
  parameters: [...awesome.parameters, periodParameter(5, 2, 'signal')],
  inputs: ['high', 'low'],
  takesAnySeries: false,
  outputs: [{ name: 'accelerator', units: 'price' }],
  refuses: fastBelowSlow,
  build: ([fast = NaN, slow = NaN, signal = NaN], places) =>
    build(awesome.build([fast, slow], places), signal),
};

function build(oscillator: IndicatorBody, signal: number): IndicatorBody {
  const sum = AWESOME + oscillator.width;

  return {
    width: sum + windowSumWidth(signal),
    warmupBars: oscillator.warmupBars + signal - 1,

    reset(state, at) {
      state[at + VALUE] = NaN;
      oscillator.reset(state, at + AWESOME);
      resetWindowSum(state, at + sum, signal);
    },

    update(state, at, bar) {
      const sound = (bar[HIGH] ?? NaN) + (bar[LOW] ?? NaN);
      if (sound - sound !== 0) return;
      oscillator.update(state, at + AWESOME, bar);
      const now = state[at + AWESOME] ?? NaN;
      if (now !== now) return;
      state[at + VALUE] = now - slideWindowSum(state, at + sum, signal, now) / signal;
    },
  };
}
