/** What is measured and how it is told: the harness in `bench/` reads the same words. */
export interface BenchOptions {
  /** Names of suites, as typed; empty for all. */
  readonly suites: readonly string[];
  /** Undefined: five, or one where it is quick. */
  readonly runs: number | undefined;
  /** Little of everything, to see that it works. */
  readonly isQuick: boolean;
  readonly isJson: boolean;
  /** Only the suites with goals, and only the goals' table. */
  readonly isGoals: boolean;
  readonly isList: boolean;
  /** A page with charts is written there. */
  readonly html: string | undefined;
  /** An earlier JSON to compare with. */
  readonly baseline: string | undefined;
  /** A revision that is built beside and run in turn. */
  readonly compare: string | undefined;
  /** A folder of dated results. */
  readonly out: string | undefined;
  /** Nothing is run: the newest results go between the markers of this file. */
  readonly readme: string | undefined;
}

/** The command line of the harness. */
export function benchArguments(options: BenchOptions): readonly string[] {
  const { suites, runs, isQuick, isJson, isGoals, isList } = options;
  const flags: readonly (readonly [string, boolean])[] = [
    ['--quick', isQuick],
    ['--json', isJson],
    ['--goals', isGoals],
    ['--list', isList],
  ];
  const { html, baseline, compare, out, readme } = options;
  const values: readonly (readonly [string, string | number | undefined])[] = [
    ['--runs', runs],
    ['--html', html],
    ['--baseline', baseline],
    ['--compare', compare],
    ['--out', out],
    ['--readme', readme],
  ];
  return [
    ...flags.flatMap(([flag, isSet]) => (isSet ? [flag] : [])),
    // One word each: a value may begin with a dash.
    ...values.flatMap(([flag, value]) => (value === undefined ? [] : [`${flag}=${value}`])),
    '--',
    ...suites,
  ];
}
