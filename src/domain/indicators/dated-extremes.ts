/**
 * The extreme of the last `period` values and how long ago it was, by van Herk's laps (see
 * window-extremes.ts): beside the extreme of each rest of a lap stands the place where it was.
 */

/** Slots to read after a step: the extreme and its age in bars; NaN until the window is full. */
export const EXTREME = 0;
export const EXTREME_AGE = 1;
const COUNT = 2; // Below `period`: values so far. From it on: `period` + next place in the rings.
const LAP = 3; // Extreme of the present lap, times the side.
const LAP_PLACE = 4;
const RING = 5; // `period` values times the side, then the places of their rests' extremes.

/** Which extreme is sought, and which of equal ones counts. */
export interface ExtremeRule {
  /** 1 for the highest, -1 for the lowest. */
  readonly side: 1 | -1;
  /** Of equal extremes the newest counts; else the oldest. */
  readonly isNewest: boolean;
}

export function datedExtremeWidth(period: number): number {
  return RING + 2 * period;
}

export function resetDatedExtreme(state: Float64Array, at: number, period: number): void {
  state.fill(0, at, at + RING + 2 * period);
  state[at + EXTREME] = NaN;
  state[at + EXTREME_AGE] = NaN;
}

/** Takes a value; what is the extreme now stands in the first two slots. */
export function slideDatedExtreme(
  state: Float64Array,
  at: number,
  period: number,
  rule: ExtremeRule,
  value: number,
): void {
  const { side, isNewest } = rule;
  const count = (state[at + COUNT] ?? NaN) | 0;
  const place = count < period ? count : count - period;
  const sided = value * side;
  const ring = at + RING;
  let best = state[at + LAP] ?? NaN;
  let bestPlace = state[at + LAP_PLACE] ?? NaN;
  if (place === 0 || sided > best || (isNewest && sided === best)) {
    best = sided;
    bestPlace = place;
  }
  state[at + LAP] = best;
  state[at + LAP_PLACE] = bestPlace;
  state[ring + place] = sided;

  let age = place - bestPlace;
  if (place + 1 === period) {
    state[at + COUNT] = period;
    turnLap(state, ring, period, isNewest);
  } else {
    state[at + COUNT] = count + 1;
    if (count < period) return;
    const older = state[ring + place + 1] ?? NaN;
    if (older > best || (!isNewest && older === best)) {
      best = older;
      age = place + period - (state[ring + period + place + 1] ?? NaN);
    }
  }
  state[at + EXTREME] = best * side;
  state[at + EXTREME_AGE] = age;
}

/** The lap is complete: each place takes the extreme from itself to the end, and where it is. */
function turnLap(state: Float64Array, ring: number, period: number, isNewest: boolean): void {
  let best = state[ring + period - 1] ?? NaN;
  let bestPlace = period - 1;
  state[ring + period + bestPlace] = bestPlace;
  for (let place = period - 2; place > 0; place -= 1) {
    const value = state[ring + place] ?? NaN;
    if (value > best || (!isNewest && value === best)) {
      best = value;
      bestPlace = place;
    }
    state[ring + place] = best;
    state[ring + period + place] = bestPlace;
  }
}
