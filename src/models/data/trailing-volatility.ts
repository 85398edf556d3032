import { assert } from '../../core/assert.ts';
import type { LabelBars } from './labels.ts';
import { sessionKeys } from './sessions.ts';

/**
 * Deviation of the returns from bar to bar, by exponential weights over `span` bars and by nothing
 * later than the bar: the unit of barriers. NaN until there have been `span` returns. The step from
 * one session to the next is left out unless it is said to count: a night would be taken for the
 * unrest of the minutes after it.
 */
export function trailingVolatility(
  bars: Pick<LabelBars, 'closeUs' | 'close'>,
  span: number,
  sessions: 'within' | 'across',
): Float64Array {
  assert(Number.isInteger(span) && span > 1, 'a span is of two bars at least');
  const keep = 1 - 2 / (span + 1);
  let mean = 0;
  let variance = 0;
  let weight = 0;
  let changes = 0;
  const keys = sessions === 'within' ? sessionKeys(bars.closeUs) : undefined;
  return bars.close.map((close, at) => {
    const isStep = at > 0 && keys?.[at] === keys?.[at - 1];
    const change = isStep ? close / (bars.close[at - 1] ?? Number.NaN) - 1 : Number.NaN;
    if (Number.isFinite(change)) {
      changes += 1;
      weight = keep * weight + 1;
      const gap = change - mean;
      mean += gap / weight;
      // West's update, with the old weight decayed: stays above nought whatever the numbers.
      variance = (variance * (weight - 1) + gap * (change - mean)) / weight;
    }
    return changes < span ? Number.NaN : Math.sqrt(variance);
  });
}
