import type { Comparison } from './comparison.ts';
import type { GoalResult } from './goals.ts';
import type { BenchReport, SuiteResult, VariantResult } from './report.ts';
import { chanceOf, type Spread, VERDICT_RUNS_MIN } from './spread.ts';
import { heading, limit, number, range, told } from './words.ts';

/** What a run cost its process, and the floor beside it: a column each. */
const COSTS: readonly (readonly [title: string, figure: string])[] = [
  ['CPU ms', 'runCpuMs'],
  ['wall ms', 'runWallMs'],
  ['bytes/event', 'allocatedBytesPerEvent'],
  ['GCs', 'gcCount'],
  ['GC ms', 'gcMs'],
  ['pause max ms', 'gcPauseMaxMs'],
  ['RSS max MB', 'rssMaxMb'],
  ['loop late max ms', 'loopLateMaxMs'],
  ['preempted', 'preemptions'],
  ['wake p50 us', 'wakeP50Us'],
  ['wake p99 us', 'wakeP99Us'],
  ['spin p999 us', 'spinP999Us'],
];

/** A whole report as a page of text. */
export function reportText(report: BenchReport): string {
  const suites = report.suites.map((suite) => suiteText(suite, report.engines.length > 1));
  const parts = [heading(report).join('\n'), ...suites, goalsText(report.goals)];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** A suite: what it is, then a line a figure and variant, then what the runs cost. */
export function suiteText(suite: SuiteResult, isOfMany = false): string {
  const { name, measures, leavesOut, target, variants } = suite;
  const rows = variants.flatMap((variant) => figureRows(variant, isOfMany));
  const notes = variants.flatMap((variant) =>
    variant.notes.map((note) => `- ${titleOf(variant, isOfMany)}: ${note}`),
  );
  return [
    `## ${name}`,
    '',
    `Measures ${measures}`,
    `Leaves out ${leavesOut}`,
    `Target: ${target}`,
    '',
    ...grid(['variant', 'figure', 'median [lowest..highest]', 'floor'], rows, 2),
    ...(notes.length === 0 ? [] : ['', ...notes]),
    '',
    ...costGrid(variants, isOfMany),
  ].join('\n');
}

function figureRows(variant: VariantResult, isOfMany: boolean): readonly (readonly string[])[] {
  const { figures, percentiles } = variant;
  const names = new Set([...Object.keys(figures), ...Object.keys(percentiles)]);
  return [...names].map((name) => {
    const statement = percentiles[name];
    const floor = statement?.floor === undefined ? '' : number(statement.floor);
    return [titleOf(variant, isOfMany), name, told(figures[name], statement), floor];
  });
}

function costGrid(variants: readonly VariantResult[], isOfMany: boolean): readonly string[] {
  const known = COSTS.filter(([, figure]) => variants.some(({ cost }) => figure in cost));
  if (known.length === 0) return [];
  const rows = variants.map((variant) => [
    titleOf(variant, isOfMany),
    ...known.map(([, figure]) => medianText(variant.cost[figure])),
  ]);
  return grid(['what a run cost (medians)', ...known.map(([title]) => title)], rows, 1);
}

/** All goals, those that nobody measured too. */
export function goalsText(goals: readonly GoalResult[]): string {
  if (goals.length === 0) return '';
  const rows = goals.map((goal) => [
    goal.id,
    goal.says,
    limit(goal),
    goal.measured === undefined ? '' : range(goal.measured),
    goal.verdict,
  ]);
  const argued = goals.flatMap(({ id, argued: why, doubt }) => [
    ...(why === undefined ? [] : [`${id}: ${why}`]),
    ...(doubt === undefined ? [] : [`${id} rests on what is not stated: ${doubt}`]),
  ]);
  return [
    '## Goals',
    '',
    ...grid(['goal', 'what', 'limit', 'measured', 'verdict'], rows, 2),
    ...(argued.length === 0 ? [] : ['', ...argued]),
  ].join('\n');
}

export function comparisonText(rows: readonly Comparison[], against: string): string {
  const told = rows.map(({ suite, variant, figure, before, after, ratio, verdict }) => [
    `${suite}: ${variant}`,
    figure,
    range(before),
    range(after),
    number(ratio),
    verdict,
  ]);
  return [
    `## Against ${against}`,
    '',
    ...grid(['variant', 'figure', 'before', 'now', 'now / before', 'verdict'], told, 2),
    '',
    ...chanceText(rows),
    '',
  ].join('\n');
}

/** By the runs that either side really had: a kept file may have fewer than were made now. */
function chanceText(rows: readonly Comparison[]): readonly string[] {
  const least = (of: (row: Comparison) => Spread): number =>
    rows.reduce((runs, row) => Math.min(runs, of(row).runs), Number.POSITIVE_INFINITY);
  const [before, now] = [least((row) => row.before), least((row) => row.after)];
  if (rows.length === 0) return ['No figure is in both.'];
  if (Math.min(before, now) < VERDICT_RUNS_MIN) {
    return [`A figure of fewer than ${VERDICT_RUNS_MIN} runs on a side is not judged.`];
  }
  const runs =
    before === now ? `${now} runs on either side` : `${before} runs before and ${now} now`;
  return [
    `A figure is better or worse where its ranges lie apart. With ${runs} that`,
    `happens by chance alone to one figure in ${chanceOf(before, now)}.`,
  ];
}

/** A table in Markdown that is also one on a screen. Columns after the first few are numbers. */
export function grid(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  texts: number,
): readonly string[] {
  const cells = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '/')));
  const widths = head.map((_, at) => Math.max(3, ...cells.map((row) => row[at]?.length ?? 0)));
  const line = (row: readonly string[]) => {
    const padded = row.map((cell, at) =>
      at < texts ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0),
    );
    return `| ${padded.join(' | ')} |`;
  };
  const rule = widths.map((width, at) =>
    at < texts ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  const [first = [], ...others] = cells;
  return [line(first), line(rule), ...others.map(line)];
}

function titleOf({ variant, engine }: VariantResult, isOfMany: boolean): string {
  return isOfMany ? `${variant} (${engine})` : variant;
}

function medianText(spread: Spread | undefined): string {
  return spread === undefined ? '' : number(spread.median);
}
