/**
 * Wilder's averages of what was gained and what was lost from value to value, seeded with the plain
 * averages of the first `period` changes: what RSI and CMO are made of.
 */
export const GAIN = 0; // A sum of the first changes, then Wilder's average.
export const LOSS = 1;
const PREVIOUS = 2;
const COUNT = 3; // Values so far; stays at `period` + 1.

/** Slots of the averages; all zero is the state before the first value. */
export const WILDER_GAINS_WIDTH = 4;

/** Takes a value; answers whether the averages are ready. */
export function takeChange(
  state: Float64Array,
  at: number,
  period: number,
  value: number,
): boolean {
  const count = (state[at + COUNT] ?? NaN) | 0;
  const change = value - (state[at + PREVIOUS] ?? NaN);
  state[at + PREVIOUS] = value;
  if (count <= period) state[at + COUNT] = count + 1;
  if (count === 0) return false;

  // Until the seed is complete these are sums; the value that completes it divides them. Whether
  // it rose or fell is a factor and no branch, which would be guessed wrongly every other time.
  const keep = count > period ? period - 1 : 1;
  const share = count < period ? 1 : period;
  state[at + GAIN] = ((state[at + GAIN] ?? NaN) * keep + change * Number(change > 0)) / share;
  state[at + LOSS] = ((state[at + LOSS] ?? NaN) * keep - change * Number(change < 0)) / share;
  return count >= period;
}
