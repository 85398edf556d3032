import type { Restart } from './definition.ts';

/**
 * Counts crashes in input time. Past its budget an actor or row is out; too many rows out at once
 * is a fault of the family, and the ladder goes on: quarantine, no new entries, stop.
 */
export class Supervision {
  readonly #crashes = new Map<string, number[]>();
  readonly #outRows = new Map<number, number>();

  /** Notes a crash and answers what follows from it. Row -1 is a whole actor. */
  crashed(
    place: number,
    row: number,
    nowUs: number,
    restart: Restart,
  ): 'again' | 'quarantine' | 'noEntries' | 'stop' {
    const key = `${place}:${row}`;
    const times = (this.#crashes.get(key) ?? []).filter((us) => us > nowUs - restart.withinUs);
    times.push(nowUs);
    this.#crashes.set(key, times);
    return times.length > restart.restartsMax ? restart.then : 'again';
  }

  /** A row went out or came back; answers how many of the family are out now. */
  rowsOut(place: number, change: 1 | -1): number {
    const out = Math.max(0, (this.#outRows.get(place) ?? 0) + change);
    this.#outRows.set(place, out);
    return out;
  }

  /** Crash times by `place:row`, for snapshots. */
  list(): readonly (readonly [key: string, times: readonly number[]])[] {
    return [...this.#crashes];
  }

  load(entries: readonly (readonly [key: string, times: readonly number[]])[]): void {
    for (const [key, times] of entries) this.#crashes.set(key, [...times]);
  }

  /** A lifted row or actor starts with a clean record. */
  forget(place: number, row: number): void {
    this.#crashes.delete(`${place}:${row}`);
  }
}

/** Rows of one family that may be out at once before new entries stop altogether. */
export const ROWS_OUT_MAX = 16;
