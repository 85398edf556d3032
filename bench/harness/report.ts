import type { GoalResult } from './goals.ts';
import type { Statement } from './percentile-rules.ts';
import type { Failure } from './rounds.ts';
import type { Spread } from './spread.ts';
import type { Figures, Scale } from './suite.ts';

/** The shape of the JSON: another number is another shape, and is not compared with. */
export const SCHEMA = 'strata-bench/1';

/** Without it a figure means nothing. */
export interface Machine {
  readonly node: string;
  readonly v8: string;
  readonly system: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  /** Over the last minute, five and fifteen, when it began. */
  readonly load: readonly number[];
  readonly loadAtEnd: readonly number[];
}

/** An engine that was measured. */
export interface Engine {
  readonly label: string;
  readonly commit: string;
  /** What was measured is not what the commit has. */
  readonly isDirty: boolean;
}

export interface VariantResult {
  readonly variant: string;
  /** The label of its engine. */
  readonly engine: string;
  readonly figures: Readonly<Record<string, Spread>>;
  /** Of the process, and of the floor beside it. */
  readonly cost: Readonly<Record<string, Spread>>;
  /** Every percentile of wall time among `figures`, and whether it may be told. */
  readonly percentiles: Readonly<Record<string, Statement>>;
  readonly notes: readonly string[];
  /** The figures of each run: what has none is left out. */
  readonly runs: readonly Figures[];
}

export interface SuiteResult {
  readonly name: string;
  readonly measures: string;
  readonly leavesOut: string;
  readonly target: string;
  readonly origin: Origin;
  readonly variants: readonly VariantResult[];
}

/** When and of what a suite was measured: a file of results may keep suites of several runs. */
export interface Origin {
  readonly startedAt: string;
  readonly commit: string;
  readonly isDirty: boolean;
  readonly load: readonly number[];
  readonly runs: number;
  readonly scale: Scale;
}

export interface BenchReport {
  readonly schema: typeof SCHEMA;
  readonly startedAt: string;
  readonly endedAt: string;
  /** As it can be typed again. */
  readonly command: string;
  readonly machine: Machine;
  readonly engines: readonly Engine[];
  readonly configHash: string;
  readonly scale: Scale;
  readonly runs: number;
  readonly suites: readonly SuiteResult[];
  readonly goals: readonly GoalResult[];
  readonly failures: readonly Failure[];
}
