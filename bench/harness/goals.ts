import type { Row } from './rounds.ts';
import { type Spread, spreadOf } from './spread.ts';
import type { Goal, Scale, Suite } from './suite.ts';

export interface GoalResult {
  readonly id: string;
  readonly suite: string;
  readonly says: string;
  readonly limit: number;
  readonly sense: 'atLeast' | 'atMost';
  /** Left out where it was not measured. */
  readonly measured?: Spread;
  /** A quick run shows that a goal can be measured; it judges none. */
  readonly verdict: 'met' | 'not met' | 'not measured' | 'not judged';
  /** Why it is not met, where it is not. */
  readonly argued?: string;
}

/** The goals of a suite over what ran on the first side, which is this tree. */
export function goalResults(
  suite: Suite,
  rows: readonly Row[],
  scale: Scale,
): readonly GoalResult[] {
  const own = rows.filter(({ side }) => side === rows[0]?.side);
  return (suite.goals ?? []).map((goal) => {
    const result = resultOf(goal, suite.name, own);
    const { id, says, limit, sense, measured } = result;
    if (scale === 'full' || measured === undefined) return result;
    return { id, suite: suite.name, says, limit, sense, measured, verdict: 'not judged' };
  });
}

/** Those of suites that did not run are listed too: a goal that nobody measured is not met. */
export function unmeasured(suite: Suite): readonly GoalResult[] {
  return goalResults(suite, [], 'full');
}

function resultOf(goal: Goal, suite: string, rows: readonly Row[]): GoalResult {
  const { id, says, limit, sense, argued } = goal;
  const line = { id, suite, says, limit, sense };
  const median = goal.figure((variant, figure) => {
    const row = rows.find((one) => one.variant === variant);
    return spreadOf(valuesOf(row, figure))?.median ?? Number.NaN;
  });
  if (!Number.isFinite(median)) return { ...line, verdict: 'not measured' };
  const runs = rows.reduce((most, row) => Math.max(most, row.runs.length), 0);
  // Run by run, as they took turns: what disturbed a round disturbed both sides of a ratio.
  const each = Array.from({ length: runs }, (_, at) =>
    goal.figure((variant, figure) => {
      const row = rows.find((one) => one.variant === variant);
      return valuesOf(row, figure)[at] ?? Number.NaN;
    }),
  );
  const spread = spreadOf(each);
  const isMet = sense === 'atLeast' ? median >= limit : median <= limit;
  const measured = {
    median,
    min: Math.min(median, spread?.min ?? median),
    max: Math.max(median, spread?.max ?? median),
    runs: spread?.runs ?? 0,
  };
  if (isMet) return { ...line, measured, verdict: 'met' };
  return { ...line, measured, verdict: 'not met', ...(argued === undefined ? {} : { argued }) };
}

function valuesOf(row: Row | undefined, figure: string): readonly number[] {
  return (row?.runs ?? []).map(
    (figures, at) => figures[figure] ?? row?.costs[at]?.[figure] ?? Number.NaN,
  );
}

/** `1.10` comes after `1.9`. */
export function byId(left: GoalResult, right: GoalResult): number {
  const [a, b] = [left.id, right.id].map((id) => id.split('.').map(Number));
  for (let at = 0; at < Math.max(a?.length ?? 0, b?.length ?? 0); at += 1) {
    const difference = (a?.[at] ?? -1) - (b?.[at] ?? -1);
    if (difference !== 0 && !Number.isNaN(difference)) return difference;
  }
  return 0;
}
