import { html, table } from '../../src/cli/html-text.ts';
import { REPORT_STYLE } from '../../src/cli/report-style.ts';
import { type Bar, spreadChart } from './charts.ts';
import type { Comparison } from './comparison.ts';
import type { GoalResult } from './goals.ts';
import type { BenchReport, SuiteResult, VariantResult } from './report.ts';
import { heading, limit, number, range, reason } from './words.ts';

const STYLE = `
figure { margin: 14px 0 0; } figcaption { font-size: 13px; color: var(--soft); }
svg .own { fill: var(--blue); } svg .other { fill: var(--grey); }
svg .value { dominant-baseline: middle; }
svg .whisker { stroke: var(--ink); stroke-width: 1.5; }
svg .floor { stroke: var(--red); stroke-width: 2; }
header pre { max-height: none; margin-top: 12px; }
`;

/** Of what a run cost, what is worth a picture. */
const CHARTED_COSTS = new Set(['allocatedBytesPerEvent', 'gcPauseMaxMs', 'rssMaxMb']);
const CHARTS_MAX = 12;

/** A report as one page that needs nothing else: no network, no script, no other file. */
export function reportPage(report: BenchReport, comparisons: readonly Comparison[] = []): string {
  return [
    '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    // Nothing is fetched, whatever a note of a suite might try.
    '<meta http-equiv="Content-Security-Policy" ',
    `content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>Strata bench ${html(report.startedAt.slice(0, 10))}</title>`,
    `<style>${REPORT_STYLE}${STYLE}</style></head>`,
    '<body><main>',
    `<header><h1>Strata bench</h1><pre>${htmlLines(heading(report))}</pre></header>`,
    goalSection(report.goals),
    comparisonSection(comparisons),
    ...report.suites.map((suite) => suiteSection(suite, report.engines.length > 1)),
    failureSection(report),
    '</main></body></html>\n',
  ].join('\n');
}

function goalSection(goals: readonly GoalResult[]): string {
  if (goals.length === 0) return '';
  const met = goals.filter(({ verdict }) => verdict === 'met').length;
  const columns = table(
    [
      { title: 'goal', text: ({ id }) => id },
      { title: 'what', text: ({ says }) => says, tone: () => 'wide' },
      { title: 'limit', isNumber: true, text: limit },
      {
        title: 'measured',
        isNumber: true,
        text: ({ measured }) => (measured === undefined ? '' : range(measured)),
      },
      { title: 'verdict', text: ({ verdict }) => verdict, tone: ({ verdict }) => toneOf(verdict) },
      {
        title: 'why',
        text: ({ argued, doubt }) =>
          [argued ?? [], doubt === undefined ? [] : `not stated: ${doubt}`].flat().join('; '),
        tone: () => 'wide',
      },
    ],
    goals,
  );
  return `<section><h2>Goals: ${met} of ${goals.length} met</h2>${columns}</section>`;
}

function comparisonSection(rows: readonly Comparison[]): string {
  if (rows.length === 0) return '';
  const columns = table(
    [
      { title: 'suite', text: ({ suite }) => suite },
      { title: 'variant', text: ({ variant }) => variant },
      { title: 'figure', text: ({ figure }) => figure },
      { title: 'before', isNumber: true, text: ({ before }) => range(before) },
      { title: 'now', isNumber: true, text: ({ after }) => range(after) },
      { title: 'now / before', isNumber: true, text: ({ ratio }) => number(ratio) },
      { title: 'verdict', text: ({ verdict }) => verdict, tone: ({ verdict }) => toneOf(verdict) },
    ],
    rows,
  );
  return `<section><h2>Before and now</h2>${columns}</section>`;
}

function suiteSection(suite: SuiteResult, isOfMany: boolean): string {
  const { name, measures, leavesOut, target, origin, variants } = suite;
  const title = ({ variant, engine }: VariantResult) =>
    isOfMany ? `${variant} (${engine})` : variant;
  const lines = variants.flatMap((variant) => figureLines(variant, title(variant)));
  const notes = variants.flatMap((variant) =>
    variant.notes.map((note) => `<li>${html(`${title(variant)}: ${note}`)}</li>`),
  );
  const figures = table(
    [
      { title: 'variant', text: (row) => row.variant },
      { title: 'figure', text: (row) => row.figure },
      { title: 'median [lowest..highest]', isNumber: true, text: (row) => row.told },
      { title: 'floor', isNumber: true, text: (row) => row.floor },
    ],
    lines,
  );
  const { startedAt, commit, runs, scale } = origin;
  return [
    `<section><h2>${html(name)}</h2>`,
    `<p>Measures ${prose(measures)}</p><p class="note">Leaves out ${prose(leavesOut)}</p>`,
    `<p class="note">Target: ${prose(target)}. ${html(`Runs: ${runs}, ${scale}, of ${commit}, `)}`,
    `${html(startedAt)}. A line over a bar is from the lowest run to the highest; a red mark is `,
    'the floor.</p>',
    ...charts(variants, title),
    `<details><summary>All figures</summary>${figures}</details>`,
    notes.length === 0 ? '' : `<ul class="note">${notes.join('')}</ul>`,
    '</section>',
  ].join('');
}

/** A chart for each figure that at least two variants have, those first that most have. */
function charts(
  variants: readonly VariantResult[],
  title: (variant: VariantResult) => string,
): readonly string[] {
  const names = variants.flatMap(({ figures, cost }) => [
    ...Object.keys(figures),
    ...Object.keys(cost).filter((name) => CHARTED_COSTS.has(name)),
  ]);
  const drawn = [...new Set(names)].filter((name) => !/[cC]ount$/.test(name));
  const bars = drawn.map((figure): readonly [string, readonly Bar[]] => [
    figure,
    variants.flatMap((variant): Bar[] => {
      const spread = variant.figures[figure] ?? variant.cost[figure];
      const statement = variant.percentiles[figure];
      if (spread === undefined || statement?.isStated === false) return [];
      const floor = statement?.floor === undefined ? {} : { floor: statement.floor };
      const isOther = /^(?:floor|no-op|peer)\b/.test(variant.variant);
      return [{ name: title(variant), spread, tone: isOther ? 'other' : 'own', ...floor }];
    }),
  ]);
  return bars
    .filter(([, of]) => of.length > 1)
    .toSorted(([one, a], [other, b]) => place(one, a) - place(other, b))
    .slice(0, CHARTS_MAX)
    .map(([figure, of]) => spreadChart(figure, of));
}

/** The suite's own figures first; of each kind, those that most variants have. */
function place(figure: string, bars: readonly Bar[]): number {
  return (CHARTED_COSTS.has(figure) ? 1_000 : 0) - bars.length;
}

interface FigureLine {
  readonly variant: string;
  readonly figure: string;
  readonly told: string;
  readonly floor: string;
}

function figureLines(
  { figures, cost, percentiles }: VariantResult,
  variant: string,
): readonly FigureLine[] {
  const names = new Set([
    ...Object.keys(figures),
    ...Object.keys(percentiles),
    ...Object.keys(cost),
  ]);
  return [...names].map((figure) => {
    const statement = percentiles[figure];
    const spread = figures[figure] ?? cost[figure];
    const stated = spread === undefined ? 'none' : range(spread);
    return {
      variant,
      figure,
      told: statement?.isStated === false ? `not stated: ${reason(statement)}` : stated,
      floor: statement?.floor === undefined ? '' : number(statement.floor),
    };
  });
}

function failureSection({ failures }: BenchReport): string {
  if (failures.length === 0) return '';
  const items = failures.map(({ suite, variant, side, what }) =>
    html(`${suite}: ${variant} (${side}): ${what}`),
  );
  const list = items.map((item) => `<li>${item}</li>`).join('');
  return `<section><h2>Failed</h2><ul class="loss">${list}</ul></section>`;
}

function toneOf(verdict: string): string {
  if (verdict === 'met' || verdict === 'better') return 'gain';
  return verdict === 'not met' || verdict === 'worse' ? 'loss' : '';
}

/** What stands between backticks is set as code. */
function prose(text: string): string {
  return html(text).replaceAll(/`([^`]*)`/g, '<code>$1</code>');
}

/** Lines that stay lines: `html` makes a space of what breaks one. */
function htmlLines(lines: readonly string[]): string {
  return lines.map(html).join('\n');
}
