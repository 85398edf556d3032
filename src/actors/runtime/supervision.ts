import type { Fact } from '../../ports/fact.ts';
import type { Restart } from './definition.ts';
import { type FamilySlot, isOut, resetRow, type Slot } from './slot.ts';

/** What follows from a crash: the actor goes on without the message, or a step of the ladder. */
export type Step = 'again' | Restart['then'];

/** Crash times of one row, or of a whole actor. */
export interface CrashTimes {
  readonly place: number;
  /** -1 for an actor, -2 for the sweeps of a family. */
  readonly row: number;
  readonly times: readonly number[];
}

/**
 * Counts crashes in input time. Past its budget an actor or row is out; too many rows out at once
 * is a fault of the family, and the ladder goes on: quarantine, no new entries, stop.
 */
export class Supervision {
  readonly #crashes = new Map<number, readonly number[]>();

  /** Takes in a fact of the runtime's own; of a crash it answers what follows from it. */
  apply(fact: Fact, slots: readonly Slot[], nowUs: number): Step {
    if (fact.kind !== 'crashed' && fact.kind !== 'quarantined' && fact.kind !== 'lifted') {
      return 'again';
    }
    const slot = slots.find(({ definition }) => definition.name === fact.actor);
    if (slot === undefined) return 'again'; // An actor of an earlier build.
    if (fact.kind === 'crashed') return this.#crashed(slot, fact.row, nowUs);
    const isGoingOut = fact.kind === 'quarantined';
    if (isOut(slot, fact.row) === isGoingOut) return 'again'; // Lifted by its timer already.
    if (fact.row >= 0 && slot.type === 'family') slot.outRows[fact.row] = isGoingOut ? 1 : 0;
    else slot.isOut = isGoingOut;
    if (isGoingOut) return 'again';
    this.#crashes.delete(liftKey(slot.place, fact.row)); // It starts with a clean record.
    if (slot.type === 'family') resetMissed(slot, fact.row);
    return 'again';
  }

  #crashed({ definition, place }: Slot, row: number, nowUs: number): Step {
    const { restartsMax, withinUs, then } = definition.restart;
    const key = liftKey(place, row);
    const recent = (this.#crashes.get(key) ?? []).filter((us) => us > nowUs - withinUs);
    // More than these could not change an answer, so a storm of crashes costs no memory.
    const times = [...recent, nowUs].slice(-restartsMax - 1);
    this.#crashes.set(key, times);
    return times.length > restartsMax ? then : 'again';
  }

  /** For snapshots. */
  list(): readonly CrashTimes[] {
    return [...this.#crashes].map(([key, times]) => {
      const { place, row } = liftedBy(key);
      return { place, row, times };
    });
  }

  load({ place, row, times }: CrashTimes): void {
    this.#crashes.set(liftKey(place, row), [...times]);
  }
}

/** Rows of one family that may be out at once before new entries stop altogether. */
export const ROWS_OUT_MAX = 16;

export function rowsOut(slot: Slot): number {
  return slot.type === 'family' ? slot.outRows.reduce((count, flag) => count + flag, 0) : 0;
}

const LIFT_PLACE = 1 << 20;
/** Rows begin at -2. */
const LIFT_ROW = 2;
export const ROWS_MAX = LIFT_PLACE - LIFT_ROW;

/** Spreads place and row over one number: the key of the timer that ends a quarantine. */
export function liftKey(place: number, row: number): number {
  return place * LIFT_PLACE + row + LIFT_ROW;
}

export function liftedBy(key: number): { readonly place: number; readonly row: number } {
  return { place: Math.floor(key / LIFT_PLACE), row: (key % LIFT_PLACE) - LIFT_ROW };
}

/** What was out has missed events, so it starts anew: one row, or all rows of a whole family. */
function resetMissed(family: FamilySlot, row: number): void {
  if (row >= 0) return resetRow(family, row);
  for (let each = 0; each < family.rows.rows; each += 1) resetRow(family, each);
}
