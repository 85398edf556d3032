import { ROW_BAR_US, ROW_DAMAGED_US } from '../../domain/market/symbol-row.ts';

/** I7: a bar that is heard of later than this many bars after its end makes no signal. */
const BAR_AGE_SPANS_MAX = 2;

/** Were data lost of the bar that begins there? */
export function isDamaged(values: Float64Array, at: number, startUs: number): boolean {
  return startUs < (values[at + ROW_DAMAGED_US] ?? 0);
}

/** Did the last bar end just now? */
export function isFresh(
  values: Float64Array,
  at: number,
  barSpanUs: number,
  nowUs: number,
): boolean {
  return nowUs - (values[at + ROW_BAR_US] ?? 0) <= BAR_AGE_SPANS_MAX * barSpanUs;
}
