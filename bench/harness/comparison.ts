import type { BenchReport, SuiteResult, VariantResult } from './report.ts';
import { directionOf, type Spread, type Verdict, verdictOf } from './spread.ts';

/** A figure that both have. */
export interface Comparison {
  readonly suite: string;
  readonly variant: string;
  readonly figure: string;
  readonly before: Spread;
  readonly after: Spread;
  /** After over before. */
  readonly ratio: number;
  readonly verdict: Verdict;
}

/** Of what a run cost, those that say something of the engine rather than of the machine. */
const COSTS = new Set(['allocatedBytesPerEvent', 'gcMs', 'gcPauseMaxMs', 'rssMaxMb', 'runCpuMs']);

/** What is in both, by suite, variant and figure; tails that either may not state are left out. */
export function compare(
  before: readonly SuiteResult[],
  after: readonly SuiteResult[],
): readonly Comparison[] {
  return after.flatMap((suite) => {
    const other = before.find(({ name }) => name === suite.name);
    return suite.variants.flatMap((variant) => {
      const past = other?.variants.find((one) => one.variant === variant.variant);
      return past === undefined ? [] : compareVariants(suite.name, past, variant);
    });
  });
}

/** The runs of one engine out of a report of two. */
export function suitesOf({ suites }: BenchReport, engine: string): readonly SuiteResult[] {
  return suites.map((suite) => ({
    ...suite,
    variants: suite.variants.filter((variant) => variant.engine === engine),
  }));
}

function compareVariants(
  suite: string,
  past: VariantResult,
  { variant, figures, cost, percentiles }: VariantResult,
): readonly Comparison[] {
  const costs = Object.entries(cost).filter(([name]) => COSTS.has(name));
  return [...Object.entries(figures), ...costs].flatMap(([figure, after]) => {
    const before = past.figures[figure] ?? past.cost[figure];
    const isStated = [percentiles, past.percentiles].every(
      (statements) => statements[figure]?.isStated !== false,
    );
    if (before === undefined || !isStated) return [];
    const ratio = after.median / before.median;
    const verdict = verdictOf(before, after, directionOf(figure));
    return [{ suite, variant, figure, before, after, ratio, verdict }];
  });
}

/** Why two reports are not of the same thing; what differs makes every ratio doubtful. */
export function differences(before: BenchReport, after: BenchReport): readonly string[] {
  const pairs: readonly (readonly [what: string, before: unknown, after: unknown])[] = [
    ['processor', before.machine.cpu, after.machine.cpu],
    ['cores', before.machine.cores, after.machine.cores],
    ['Node', before.machine.node, after.machine.node],
    ['scale', before.scale, after.scale],
    ['config', before.configHash, after.configHash],
  ];
  return pairs
    .filter(([, past, now]) => past !== now)
    .map(([what, past, now]) => `another ${what}: ${String(past)}, now ${String(now)}`);
}
