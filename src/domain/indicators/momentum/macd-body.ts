import type { IndicatorBody } from '../declaration.ts';

const MACD = 0;
const SIGNAL = 1;
const HISTOGRAM = 2;
const FAST = 3; // A sum until the slow seed is complete, then the average.
const SLOW = 4;
const SIGNAL_SEED = 5;
const COUNT = 6; // Bars so far; stays at `warmupBars`.

/** Bars of an exponential average, and what of each distance it goes. */
export interface Pace {
  readonly period: number;
  readonly alpha: number;
}

/**
 * Two exponential averages and that of their difference. The fast one is seeded with the last
 * values of the slow one's seed, so both start on the same bar; all three outputs appear together,
 * with the first signal.
 */
export function macdBody(
  { period: fast, alpha: fastAlpha }: Pace,
  { period: slow, alpha: slowAlpha }: Pace,
  signal: number,
  closeAt: number,
): IndicatorBody {
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
