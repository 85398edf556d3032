/** Which turn the rows are of. */
export interface TurnPlace {
  readonly session: string;
  readonly sequence: number;
  readonly atUs: number;
}

/** Counts the rows that a table gets of one turn. */
export class Places {
  #sequence = -1;
  #next = 0;

  next({ sequence }: TurnPlace): number {
    if (sequence !== this.#sequence) {
      this.#sequence = sequence;
      this.#next = 0;
    }
    this.#next += 1;
    return this.#next - 1;
  }
}
