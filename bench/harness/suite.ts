/** Figures of one run by name; the unit is the end of the name. NaN where there is none. */
export type Figures = Readonly<Record<string, number>>;

export interface Outcome {
  readonly figures: Figures;
  /** What a reader must know of this run: another input than asked for, or why there is none. */
  readonly note?: string;
}

/** How much of it: all of it, or little enough to see that it runs. */
export type Scale = 'full' | 'quick';

/** One row of a suite's table. Every run of it has a process of its own. */
export interface Variant {
  readonly name: string;
  run(scale: Scale): Promise<Outcome> | Outcome;
}

/** A line of the goals' table. */
export interface Goal {
  /** Of the list in bench/README.md: `4.2`. */
  readonly id: string;
  /** What is compared, with its unit: `Polygon trades, 100 a frame, over JSON.parse to columns`. */
  readonly says: string;
  readonly limit: number;
  readonly sense: 'atLeast' | 'atMost';
  /** From the medians of one run of the suite; NaN where a peer or a floor is not to be had. */
  figure(of: Medians): number;
  /** Where it is not met: the limit that was measured, and what it is made of. */
  readonly argued?: string;
}

/** The median of a figure of a variant; NaN where there is none. */
export type Medians = (variant: string, figure: string) => number;

export interface Suite {
  readonly name: string;
  readonly measures: string;
  readonly leavesOut: string;
  readonly target: string;
  /** One of them is the floor: the same loop around nothing. */
  readonly variants: readonly Variant[];
  readonly goals?: readonly Goal[];
}
