/** The candidate a typist most likely meant; undefined when none is close enough to suggest. */
export function nearestWord(typed: string, candidates: readonly string[]): string | undefined {
  // A third of the letters wrong is still a slip; more is another word.
  const distanceMax = Math.max(1, Math.floor(typed.length / 3));
  let best: string | undefined;
  let bestDistance = distanceMax + 1;
  for (const candidate of candidates) {
    const distance = editDistance(typed.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** Letters to insert, delete or replace (Levenshtein 1966), by rows. */
export function editDistance(left: string, right: string): number {
  let above = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const changed = left[row - 1] === right[column - 1] ? 0 : 1;
      current.push(
        Math.min(
          (above[column - 1] ?? 0) + changed,
          (above[column] ?? 0) + 1,
          (current[column - 1] ?? 0) + 1,
        ),
      );
    }
    above = current;
  }
  return above[right.length] ?? 0;
}
