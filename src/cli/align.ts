/** What two rows have in common and where they part, in order. */
export interface Step<T> {
  readonly left: T | undefined;
  readonly right: T | undefined;
  readonly isEqual: boolean;
}

/** A table larger than this is not made: then only what stands at the same place is common. */
const CELLS_MAX = 4_000_000;

/**
 * Aligns two rows by their longest common subsequence (Wagner and Fischer 1974), so that one
 * decision more does not make all that follow look different. What stands between two common ones
 * on both sides is paired: it is the same decision, taken differently.
 */
export function align<T>(
  left: readonly T[],
  right: readonly T[],
  keyOf: (item: T) => string,
): readonly Step<T>[] {
  const leftKeys = left.map(keyOf);
  const rightKeys = right.map(keyOf);
  let begin = 0;
  while (begin < left.length && begin < right.length && leftKeys[begin] === rightKeys[begin]) {
    begin += 1;
  }
  let end = 0;
  const room = Math.min(left.length, right.length) - begin;
  while (end < room && leftKeys.at(-1 - end) === rightKeys.at(-1 - end)) end += 1;
  const common = commonPlaces(
    leftKeys.slice(begin, left.length - end),
    rightKeys.slice(begin, right.length - end),
  );
  const pairs = [
    ...Array.from({ length: begin }, (_, at) => [at, at] as const),
    ...common.map(([a, b]) => [a + begin, b + begin] as const),
    ...Array.from({ length: end }, (_, at) => {
      return [left.length - end + at, right.length - end + at] as const;
    }),
  ];
  return stepsOf(left, right, pairs);
}

function stepsOf<T>(
  left: readonly T[],
  right: readonly T[],
  pairs: readonly (readonly [number, number])[],
): readonly Step<T>[] {
  const steps: Step<T>[] = [];
  let [a, b] = [0, 0];
  for (const [nextA, nextB] of [...pairs, [left.length, right.length] as const]) {
    while (a < nextA || b < nextB) {
      steps.push({
        left: a < nextA ? left[a] : undefined,
        right: b < nextB ? right[b] : undefined,
        isEqual: false,
      });
      a = Math.min(a + 1, nextA);
      b = Math.min(b + 1, nextB);
    }
    if (a < left.length) steps.push({ left: left[a], right: right[b], isEqual: true });
    a += 1;
    b += 1;
  }
  return steps;
}

/** Places of a longest common subsequence, ascending. */
function commonPlaces(
  left: readonly string[],
  right: readonly string[],
): readonly (readonly [number, number])[] {
  const width = right.length + 1;
  if (left.length === 0 || right.length === 0) return [];
  if ((left.length + 1) * width > CELLS_MAX) {
    return left.flatMap((key, at) => (key === right[at] ? [[at, at] as const] : []));
  }
  const lengths = new Uint32Array((left.length + 1) * width);
  const at = (row: number, column: number) => lengths[row * width + column] ?? 0;
  for (let row = left.length - 1; row >= 0; row -= 1) {
    for (let column = right.length - 1; column >= 0; column -= 1) {
      lengths[row * width + column] =
        left[row] === right[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const places: (readonly [number, number])[] = [];
  for (let row = 0, column = 0; row < left.length && column < right.length;) {
    if (left[row] === right[column]) {
      places.push([row, column]);
      row += 1;
      column += 1;
    } else if (at(row + 1, column) >= at(row, column + 1)) row += 1;
    else column += 1;
  }
  return places;
}
