import { assert } from '../../core/assert.ts';
import type { LabelBars } from './labels.ts';

/**
 * Deviation of the returns from bar to bar, by exponential weights over `span` bars and by nothing
 * later than the bar: the unit of barriers. NaN until there have been `span` returns.
 */
export function trailingVolatility(bars: Pick<LabelBars, 'close'>, span: number): Float64Array {
  assert(Number.isInteger(span) && span > 1, 'a span is of two bars at least');
  const keep = 1 - 2 / (span + 1);
  let mean = 0;
  let variance = 0;
  let weight = 0;
  return bars.close.map((close, at) => {
    const change = at === 0 ? Number.NaN : close / (bars.close[at - 1] ?? Number.NaN) - 1;
    if (Number.isFinite(change)) {
      weight = keep * weight + 1;
      const gap = change - mean;
      mean += gap / weight;
      // West's update, with the old weight decayed: stays above nought whatever the numbers.
      variance = (variance * (weight - 1) + gap * (change - mean)) / weight;
    }
    return at < span ? Number.NaN : Math.sqrt(variance);
  });
}
