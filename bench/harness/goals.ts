import { percentileRules } from './percentile-rules.ts';
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
  /** Of the tails that it rests on, those that its suite does not state: the verdict is as good. */
  readonly doubt?: string;
}

/** The goals of a suite over what ran on the first side, which is this tree. */
export function goalResults(
  suite: Suite,
  rows: readonly Row[],
  scale: Scale,
): readonly GoalResult[] {
  const own = rows.filter(({ side }) => side === rows[0]?.side);
  return (suite.goals ?? []).map((goal) => {
    const result = resultOf(goal, suite, own);
    const { id, says, limit, sense, measured } = result;
    if (scale === 'full' || measured === undefined) return result;
    return { id, suite: suite.name, says, limit, sense, measured, verdict: 'not judged' };
  });
}

/** Those of suites that did not run are listed too: a goal that nobody measured is not met. */
export function unmeasured(suite: Suite): readonly GoalResult[] {
  return goalResults(suite, [], 'full');
}

function resultOf(goal: Goal, suite: Suite, rows: readonly Row[]): GoalResult {
  const { id, says, limit, sense, argued } = goal;
  const line = { id, suite: suite.name, says, limit, sense };
  const read: Reading[] = [];
  const median = goal.figure((variant, figure) => {
    const row = rows.find((one) => one.variant === variant);
    if (row !== undefined) read.push({ row, figure });
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
  const told = { ...line, measured, ...doubtOf(suite, rows, read) };
  if (isMet) return { ...told, verdict: 'met' };
  return { ...told, verdict: 'not met', ...(argued === undefined ? {} : { argued }) };
}

interface Reading {
  readonly row: Row;
  readonly figure: string;
}

/** A tail that is held against its own floor may be as low as that: it is what is asked. */
function doubtOf(
  suite: Suite,
  rows: readonly Row[],
  read: readonly Reading[],
): { readonly doubt?: string } {
  const medians = new Set(read.map(({ row, figure }) => spreadOf(valuesOf(row, figure))?.median));
  const doubts = read.flatMap(({ row, figure }) => {
    const statement = percentileRules(suite, rows, row)[figure];
    if (statement === undefined || statement.isStated) return [];
    const { floor, why = '' } = statement;
    const isHeldAgainst = floor !== undefined && medians.has(floor);
    return isHeldAgainst ? [] : [`${figure} of ${row.variant}: ${why}`];
  });
  return doubts.length === 0 ? {} : { doubt: [...new Set(doubts)].join('; ') };
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
