import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import { cascadeLevel, cascadeWidth, resetCascade, stepCascade } from '../ema-cascade.ts';
import { CLOSE, HIGH, LOW } from '../indicator.ts';

const BULL = 0;
const BEAR = 1;
const AVERAGE = 2;

export const elderRay: IndicatorDeclaration = {
  name: 'elderRay',
  title: 'Elder ray',
  family: 'momentum',
  tells: 'How far buyers could lift the price above its mean, and sellers press it below.',
  formula: 'bull = high - ema(close, period); bear = low - ema(close, period).',
  source: 'Alexander Elder, Trading for a Living, 1993',
  parameters: [periodParameter(13, 1)],
  inputs: ['high', 'low', 'close'],
  takesAnySeries: false,
  outputs: [
    { name: 'bull', units: 'price' },
    { name: 'bear', units: 'price' },
  ],
  build: ([period = NaN]) => build(period),
};

function build(period: number): IndicatorBody {
  return {
    width: AVERAGE + cascadeWidth(1),
    warmupBars: period,

    reset(state, at) {
      state[at + BULL] = NaN;
      state[at + BEAR] = NaN;
      resetCascade(state, at + AVERAGE, 1);
    },

    update(state, at, bar) {
      const high = bar[HIGH] ?? NaN;
      const low = bar[LOW] ?? NaN;
      const close = bar[CLOSE] ?? NaN;
      const sound = high + low + close;
      if (sound - sound !== 0) return;
      if (!stepCascade(state, at + AVERAGE, 1, period, close)) return;
      const mean = state[cascadeLevel(at + AVERAGE, 0)] ?? NaN;
      state[at + BULL] = high - mean;
      state[at + BEAR] = low - mean;
    },
  };
}
