import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';

const MACD = 0;
const SIGNAL = 1;
const HISTOGRAM = 2;
const FAST = 3; // A sum until the slow seed is complete, then the average.
const SLOW = 4;
const SIGNAL_SEED = 5;
const COUNT = 6; // Bars so far; stays at `warmupBars`.

/**
 * Moving average convergence and divergence of closes (TA-Lib `MACD`).
 *
 * The fast average is seeded with the last `fast` closes of the slow seed, so both start on the
 * same bar; all three outputs appear together, with the first signal.
 */
export const macd: IndicatorDeclaration = {
  name: 'macd',
  title: 'Moving average convergence and divergence',
  family: 'momentum',
  tells: 'Whether the short trend pulls away from the long one, and whether that pull weakens.',
  formula:
    'macd = ema(fast) - ema(slow), both seeded on the same bar; signal = ema(macd, signal); ' +
    'histogram = macd - signal.',
  source: 'TA-Lib MACD; Gerald Appel, 1979',
  parameters: [
    periodParameter(12, 2, 'fast', 'optInFastPeriod'),
    periodParameter(26, 2, 'slow', 'optInSlowPeriod'),
    periodParameter(9, 1, 'signal', 'optInSignalPeriod'),
  ],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [
    { name: 'macd', units: 'series', talib: 'outMACD' },
    { name: 'signal', units: 'series', talib: 'outMACDSignal' },
    { name: 'histogram', units: 'series', talib: 'outMACDHist' },
  ],
  talib: 'MACD',
  refuses: ([fast = 0, slow = 0]) => (fast < slow ? undefined : 'fast below slow'),
  build: ([fast = NaN, slow = NaN, signal = NaN], [closeAt = NaN]) =>
    build(fast, slow, signal, closeAt),
};

function build(fast: number, slow: number, signal: number, closeAt: number): IndicatorBody {
  const fastAlpha = 2 / (fast + 1);
  const slowAlpha = 2 / (slow + 1);
  const signalAlpha = 2 / (signal + 1);
  const warmupBars = slow + signal - 1;

  return {
    width: 7,
    warmupBars,

    reset(state, at) {
      state.fill(0, at, at + 7);
      state.fill(NaN, at, at + FAST);
    },

    update(state, at, bar) {
      const close = bar[closeAt] ?? NaN;
      if (close - close !== 0) return;

      const count = (state[at + COUNT] ?? NaN) | 0;
      let fastMean = state[at + FAST] ?? NaN;
      let slowMean = state[at + SLOW] ?? NaN;
      if (count >= slow) {
        fastMean = (close - fastMean) * fastAlpha + fastMean;
        slowMean = (close - slowMean) * slowAlpha + slowMean;
      } else {
        slowMean += close;
        if (count >= slow - fast) fastMean += close;
        if (count === slow - 1) {
          slowMean /= slow;
          fastMean /= fast;
        }
      }
      state[at + FAST] = fastMean;
      state[at + SLOW] = slowMean;
      if (count < warmupBars) state[at + COUNT] = count + 1;
      if (count < slow - 1) return;

      const line = fastMean - slowMean;
      let signalMean = state[at + SIGNAL] ?? NaN;
      if (count < warmupBars) {
        const seed = (state[at + SIGNAL_SEED] ?? NaN) + line;
        state[at + SIGNAL_SEED] = seed;
        if (count < warmupBars - 1) return;
        signalMean = seed / signal;
      } else {
        signalMean = (line - signalMean) * signalAlpha + signalMean;
      }
      state[at + MACD] = line;
      state[at + SIGNAL] = signalMean;
      state[at + HISTOGRAM] = line - signalMean;
    },
  };
}
