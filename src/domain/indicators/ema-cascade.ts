/**
 * Exponential averages of exponential averages, each seeded with the simple average of the first
 * `period` values that reach it, as TA-Lib does in DEMA, TEMA, T3 and TRIX.
 */
const COUNT = 0; // Values so far; stays at `cascadeBars`.
const LEVELS = 1;

/** Slots: a count, then one average a level, from `cascadeLevel` on. */
export function cascadeWidth(depth: number): number {
  return LEVELS + depth;
}

/** Values until the last level is ready. */
export function cascadeBars(depth: number, period: number): number {
  return depth * (period - 1) + 1;
}

/** Slot of a level's average, counted from 0; a sum until that level is ready. */
export function cascadeLevel(at: number, level: number): number {
  return at + LEVELS + level;
}

export function resetCascade(state: Float64Array, at: number, depth: number): void {
  state.fill(0, at, at + LEVELS + depth);
}

/** One value through all levels; whether the last of them is ready. */
export function stepCascade(
  state: Float64Array,
  at: number,
  depth: number,
  period: number,
  value: number,
): boolean {
  const alpha = 2 / (period + 1);
  const count = (state[at + COUNT] ?? NaN) | 0;
  if (count < cascadeBars(depth, period)) state[at + COUNT] = count + 1;
  let input = value;
  for (let level = 0; level < depth; level += 1) {
    const slot = at + LEVELS + level;
    const seededAt = (level + 1) * (period - 1);
    let average = state[slot] ?? NaN;
    if (count > seededAt) {
      average = (input - average) * alpha + average;
    } else {
      average += input;
      if (count < seededAt) {
        state[slot] = average;
        return false;
      }
      average /= period;
    }
    state[slot] = average;
    input = average;
  }
  return true;
}
