import { COLOURS_MASK } from './candle-window.ts';

/**
 * For each of the 32 ways in which five candles can be coloured, newest lowest and 1 white, a bit:
 * whether a pattern's colours allow it. `WBB BWW`: white, black, black, or the contrary, oldest
 * first; `?` is either, and so are the candles before.
 */
export function allowedColours(colours: string | undefined): number {
  let allowed = 0;
  for (let seen = 0; seen <= COLOURS_MASK; seen += 1) {
    const isAllowed = colours?.split(' ').some((row) => fits(row, seen)) ?? true;
    if (isAllowed) allowed |= 1 << seen;
  }
  return allowed;
}

export function allowsColours(allowed: number, seen: number): boolean {
  return ((allowed >> seen) & 1) === 1;
}

function fits(row: string, seen: number): boolean {
  return [...row].every((wanted, place) => {
    const isWhite = ((seen >> (row.length - 1 - place)) & 1) === 1;
    return wanted === '?' || (wanted === 'W') === isWhite;
  });
}
