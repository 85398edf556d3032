import { ROW_BAR_US } from '../../domain/market/symbol-row.ts';

/** I7: a bar that is heard of later than this many bars after its end makes no signal. */
const BAR_AGE_SPANS_MAX = 2;

/** Did the last bar end just now? */
export function isFresh(
  values: Float64Array,
  at: number,
  barSpanUs: number,
  nowUs: number,
): boolean {
  return nowUs - (values[at + ROW_BAR_US] ?? 0) <= BAR_AGE_SPANS_MAX * barSpanUs;
}
