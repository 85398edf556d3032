/** Figures of one run by name; the unit is the end of the name. NaN where there is none. */
export type Figures = Readonly<Record<string, number>>;

export interface Outcome {
  readonly figures: Figures;
  /** What a reader must know of this run: another input than asked for, or why there is none. */
  readonly note?: string;
}

/** One row of a bench's table. Every run of it has a process of its own. */
export interface Variant {
  readonly name: string;
  run(): Promise<Outcome> | Outcome;
}

export interface Bench {
  readonly name: string;
  readonly measures: string;
  readonly leavesOut: string;
  readonly target: string;
  /** One of them is the floor: the same loop around nothing. */
  readonly variants: readonly Variant[];
}
