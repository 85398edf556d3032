/**
 * Figures of one run by name; the unit is the end of the name (`nsPerEvent`, `cpuMs`, `rssMb`,
 * `perCpuSecond`, `ratio`). NaN where there is none. Percentiles of wall time end in `P50Us`,
 * `P99Us` or `P999Us`, as `Samples` names them: they are told with their floor.
 */
export type Figures = Readonly<Record<string, number>>;

export interface Outcome {
  readonly figures: Figures;
  /** What a reader must know of this run: another input than asked for, or why there is none. */
  readonly note?: string;
}

/** How much of it: all of it, or little enough to see that it runs, in two or three seconds. */
export type Scale = 'full' | 'quick';

/**
 * The harness measures every run as a whole: CPU, wall, memory, collections, the event loop. A
 * variant that tells where its measured part begins and ends gets those of that part alone, and
 * what it allocates per event: set-up and warm-up stay out. It may begin and end several times.
 */
export interface Meter {
  begin(): void;
  end(events: number): void;
}

/** Whose percentiles are the noise under those of some samples. */
export interface Floor {
  /** The name given to `Samples.figures`. */
  readonly samples: string;
  /** Of the same suite; the same run if left out. */
  readonly variant?: string;
}

/** One row of a suite's table. Every run of it has a process of its own. */
export interface Variant {
  readonly name: string;
  /**
   * By the name of the samples. Without an entry it is the samples named `floor` of the same run;
   * without those, a no-op loop that the harness runs beside every variant.
   */
  readonly floors?: Readonly<Record<string, Floor>>;
  run(scale: Scale, meter: Meter): Promise<Outcome> | Outcome;
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

/**
 * The median of a figure of a variant; NaN where there is none. Figures of the harness are there
 * too: `allocatedBytesPerEvent`, `gcPauseMaxMs`, `rssMaxMb`, `wakeP99Us` (see measured-run.ts).
 */
export type Medians = (variant: string, figure: string) => number;

export interface Suite {
  readonly name: string;
  readonly measures: string;
  readonly leavesOut: string;
  readonly target: string;
  /** One of them is the floor: the same loop around nothing. */
  readonly variants: readonly Variant[];
  readonly goals?: readonly Goal[];
  /** Packages of bench/peers are measured beside: they are installed before a full run of it. */
  readonly hasPeers?: boolean;
}
