import type { IndicatorBody } from '../declaration.ts';
import { CLOSE, HIGH, LOW } from '../indicator.ts';
import { extremeWidth, resetExtreme, slideHighest, slideLowest } from '../window-extremes.ts';

const K = 0;
const D = 1;
const HIGHS = 2;

/**
 * A stochastic of any averages: the close's place in the range of `period` bars, 0 to 100, averaged
 * to K and again to D. A window without range counts as 0. Both outputs appear together.
 */
export function stochasticBody(
  period: number,
  slowing: IndicatorBody,
  smoothing: IndicatorBody,
): IndicatorBody {
  const lows = HIGHS + extremeWidth(period);
  const slow = lows + extremeWidth(period);
  const smooth = slow + slowing.width;
  const scratch = new Float64Array(1);

  return {
    width: smooth + smoothing.width,
    warmupBars: period + slowing.warmupBars + smoothing.warmupBars - 2,

    reset(state, at) {
      state[at + K] = NaN;
      state[at + D] = NaN;
      resetExtreme(state, at + HIGHS, period);
      resetExtreme(state, at + lows, period);
      slowing.reset(state, at + slow);
      smoothing.reset(state, at + smooth);
    },

    update(state, at, bar) {
      const high = bar[HIGH] ?? NaN;
      const low = bar[LOW] ?? NaN;
      const close = bar[CLOSE] ?? NaN;
      const sound = high + low + close;
      if (sound - sound !== 0) return;
      const highest = slideHighest(state, at + HIGHS, period, high);
      const lowest = slideLowest(state, at + lows, period, low);
      const scale = (highest - lowest) / 100;
      // NaN until the window is full, and an average passes over NaN.
      scratch[0] = scale === 0 ? 0 : (close - lowest) / scale;
      slowing.update(state, at + slow, scratch);
      const k = state[at + slow] ?? NaN;
      scratch[0] = k;
      smoothing.update(state, at + smooth, scratch);
      const d = state[at + smooth] ?? NaN;
      if (d !== d) return;
      state[at + K] = k;
      state[at + D] = d;
    },
  };
}
