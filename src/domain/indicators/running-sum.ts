/** Two slots: the rounded sum, and what rounding has left of it. */
export const RUNNING_SUM_WIDTH = 2;

/**
 * One value into a running sum and one out of it, exact to the last digits whatever went through:
 * what each addition loses is kept beside the sum (Knuth's two-sum), so a price a milliard times
 * the usual leaves nothing behind when it goes. Read it by `runningSum`.
 */
export function slideSum(state: Float64Array, at: number, added: number, gone: number): void {
  const before = state[at] ?? NaN;
  const between = before + added;
  const addedPart = between - before;
  const lostIn = before - (between - addedPart) + (added - addedPart);
  const after = between - gone;
  const gonePart = between - after;
  const lostOut = between - (after + gonePart) - (gone - gonePart);
  state[at] = after;
  state[at + 1] = (state[at + 1] ?? NaN) + lostIn + lostOut;
}

export function runningSum(state: Float64Array, at: number): number {
  return (state[at] ?? NaN) + (state[at + 1] ?? NaN);
}
