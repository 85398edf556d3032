import type { IndicatorBody } from '../declaration.ts';
import {
  cascadeBars,
  cascadeLevel,
  cascadeWidth,
  resetCascade,
  stepCascade,
} from '../ema-cascade.ts';

const VALUE = 0;
const CASCADE = 1;

/** A weighted sum of the levels of averages of averages: `weights[0]` is of the first. */
export function cascadeBody(
  period: number,
  closeAt: number,
  weights: readonly number[],
): IndicatorBody {
  const depth = weights.length;
  return {
    width: CASCADE + cascadeWidth(depth),
    warmupBars: cascadeBars(depth, period),

    reset(state, at) {
      state[at + VALUE] = NaN;
      resetCascade(state, at + CASCADE, depth);
    },

    update(state, at, bar) {
      const close = bar[closeAt] ?? NaN;
      if (close - close !== 0) return;
      const cascade = at + CASCADE;
      if (!stepCascade(state, cascade, depth, period, close)) return;
      let sum = 0;
      for (let level = 0; level < depth; level += 1) {
        sum += (weights[level] ?? NaN) * (state[cascadeLevel(cascade, level)] ?? NaN);
      }
      state[at + VALUE] = sum;
    },
  };
}
