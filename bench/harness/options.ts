import { parseArgs } from 'node:util';
import { nearestWord } from '../../src/core/nearest-word.ts';
import type { Scale } from './suite.ts';
import type { SuiteEntry } from './suites.ts';

export interface BenchOptions {
  /** As typed; empty for all. */
  readonly suites: readonly string[];
  readonly runs: number;
  readonly scale: Scale;
  readonly isJson: boolean;
  /** Only the suites that have goals, and only the goals' table. */
  readonly isGoals: boolean;
  /** Only the names, and what each measures. */
  readonly isList: boolean;
  readonly html: string | undefined;
  readonly baseline: string | undefined;
  readonly compare: string | undefined;
  /** A folder that keeps dated results. */
  readonly out: string | undefined;
  /** Runs nothing: writes the newest results of `out` between the markers of this file. */
  readonly readme: string | undefined;
}

export const RUNS = 5;
const RUNS_MAX = 100;
export const RESULTS_FOLDER = 'bench/results';

/** The command line cannot be run: what is wrong with it, and the exit code for it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly isUnknownSuite: boolean;

  constructor(message: string, isUnknownSuite = false) {
    super(message);
    this.isUnknownSuite = isUnknownSuite;
  }
}

/** The same options as `strata bench` has, for who runs the compiled harness itself. */
export function parseOptions(argv: readonly string[]): BenchOptions {
  const { values, positionals } = parsed(argv);
  const scale = values.quick === true ? 'quick' : 'full';
  const options = {
    suites: positionals,
    runs: values.runs === undefined ? (scale === 'quick' ? 1 : RUNS) : runsOf(values.runs),
    scale,
    isJson: values.json === true,
    isGoals: values.goals === true,
    isList: values.list === true,
    html: values.html,
    baseline: values.baseline,
    compare: values.compare,
    out: values.out,
    readme: values.readme,
  } as const;
  if (options.out !== undefined && options.compare !== undefined) {
    throw new UsageError('--out keeps the results of one engine: leave it out with --compare');
  }
  if (options.out !== undefined && scale === 'quick') {
    throw new UsageError('--out keeps full results: leave it out with --quick');
  }
  return options;
}

/**
 * The suites of these names, each once, in the order of the list; without a name those that need
 * not be asked for, or every one where it is quick.
 */
export function suitesNamed(
  { suites: typed, scale }: Pick<BenchOptions, 'suites' | 'scale'>,
  known: readonly SuiteEntry[],
  askedFor: readonly SuiteEntry[],
): readonly SuiteEntry[] {
  const all = [...known, ...askedFor];
  const names = all.map(({ name }) => name);
  const unknown = typed.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const near = nearestWord(unknown, names);
    const hint = near === undefined ? `there are ${names.join(', ')}` : `did you mean ${near}?`;
    throw new UsageError(`there is no suite ${JSON.stringify(unknown)}: ${hint}`, true);
  }
  if (typed.length === 0) return scale === 'quick' ? all : known;
  return all.filter(({ name }) => typed.includes(name));
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        runs: { type: 'string' },
        quick: { type: 'boolean' },
        json: { type: 'boolean' },
        goals: { type: 'boolean' },
        list: { type: 'boolean' },
        html: { type: 'string' },
        baseline: { type: 'string' },
        compare: { type: 'string' },
        out: { type: 'string' },
        readme: { type: 'string' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function runsOf(text: string): number {
  const runs = Number(text);
  if (/^\d+$/.test(text) && runs >= 1 && runs <= RUNS_MAX) return runs;
  throw new UsageError(`--runs must be a whole number from 1 to ${RUNS_MAX}, not ${text}`);
}
