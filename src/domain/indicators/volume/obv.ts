import type { IndicatorBody, IndicatorDeclaration } from '../declaration.ts';

const VALUE = 0;
const PREVIOUS = 1;

/**
 * On-balance volume (TA-Lib `OBV`): starts at the first bar's volume, then adds the volume of bars
 * that closed higher and takes away that of bars that closed lower. Exact below 2^53 shares.
 */
export const obv: IndicatorDeclaration = {
  name: 'obv',
  title: 'On-balance volume',
  family: 'volume',
  tells: 'Whether volume flows into rises or into falls.',
  formula:
    "The first bar's volume; then plus volume on a higher close, minus on a lower one. Exact " +
    'below 2^53 shares.',
  source: 'TA-Lib OBV; Joseph Granville, 1963',
  parameters: [],
  inputs: ['close', 'volume'],
  takesAnySeries: true,
  outputs: [{ name: 'obv', units: 'shares', talib: 'outReal' }],
  talib: 'OBV',
  build: (_parameters, [closeAt = NaN, volumeAt = NaN]) => build(closeAt, volumeAt),
};

function build(closeAt: number, volumeAt: number): IndicatorBody {
  return {
    width: 2,
    warmupBars: 1,

    reset(state, at) {
      state[at + VALUE] = NaN;
      state[at + PREVIOUS] = NaN;
    },

    update(state, at, bar) {
      step(state, at, bar, closeAt, volumeAt);
    },
  };
}

function step(
  state: Float64Array,
  at: number,
  bar: Float64Array,
  closeAt: number,
  volumeAt: number,
): void {
  const close = bar[closeAt] ?? NaN;
  const volume = bar[volumeAt] ?? NaN;
  const sound = close + volume;
  if (sound - sound !== 0) return;

  const previous = state[at + PREVIOUS] ?? NaN;
  state[at + PREVIOUS] = close;
  if (Number.isNaN(previous)) state[at + VALUE] = volume;
  else {
    // No branch: whether it rose or fell would be guessed wrongly every other time.
    const sign = Number(close > previous) - Number(close < previous);
    state[at + VALUE] = (state[at + VALUE] ?? NaN) + sign * volume;
  }
}
