import type { Comparison } from './comparison.ts';
import type { Statement } from './percentile-rules.ts';
import type { BenchReport } from './report.ts';
import type { Spread } from './spread.ts';

/** A tenth of a thousandth is below every noise. */
const DIGITS = 8;

type Pair = readonly [key: string, value: string | number | undefined];

/** One line a figure, of `key=value`: what a script greps for. */
export function keyValues(report: BenchReport): string {
  const { machine, scale, startedAt, configHash } = report;
  const lines = [
    line('bench', [
      ['started', startedAt],
      ['scale', scale],
      ['node', machine.node],
      ['cpu', machine.cpu],
      ['cores', machine.cores],
      ['commit', report.engines[0]?.commit],
      ['dirty', String(report.engines[0]?.isDirty ?? false)],
      ['config', configHash],
    ]),
  ];
  for (const { name, variants } of report.suites) {
    for (const { variant, engine, figures, cost, percentiles } of variants) {
      const of: readonly Pair[] = [
        ['suite', name],
        ['variant', variant],
        ['engine', report.engines.length > 1 ? engine : undefined],
      ];
      const names = new Set([...Object.keys(figures), ...Object.keys(percentiles)]);
      for (const figure of names) {
        const statement = percentiles[figure];
        lines.push(line('figure', [...of, ['name', figure], ...told(figures[figure], statement)]));
      }
      for (const [figure, spread] of Object.entries(cost)) {
        lines.push(line('cost', [...of, ['name', figure], ...told(spread, undefined)]));
      }
    }
  }
  for (const { id, suite, sense, limit, measured, verdict } of report.goals) {
    const head: readonly Pair[] = [
      ['id', id],
      ['suite', suite],
      [sense, limit],
      ['verdict', verdict],
    ];
    lines.push(line('goal', [...head, ...told(measured, undefined)]));
  }
  return `${lines.join('\n')}\n`;
}

export function comparisonKeyValues(rows: readonly Comparison[]): string {
  return rows
    .map(({ suite, variant, figure, before, after, ratio, verdict }) => {
      const pairs: readonly Pair[] = [
        ['suite', suite],
        ['variant', variant],
        ['name', figure],
        ['before', before.median],
        ['now', after.median],
        ['ratio', ratio],
        ['verdict', verdict],
      ];
      return `${line('compare', pairs)}\n`;
    })
    .join('');
}

function told(spread: Spread | undefined, statement: Statement | undefined): readonly Pair[] {
  if (statement?.isStated === false) {
    return [
      ['median', 'not-stated'],
      ['floor', statement.floor],
      ['why', statement.why],
    ];
  }
  return [
    ['median', spread?.median],
    ['min', spread?.min],
    ['max', spread?.max],
    ['runs', spread?.runs],
    ['floor', statement?.floor],
  ];
}

function line(kind: string, pairs: readonly Pair[]): string {
  const parts = pairs.flatMap(([key, value]) => {
    if (value === undefined) return [];
    const text = String(typeof value === 'number' ? Number(value.toPrecision(DIGITS)) : value);
    return [`${key}=${/^[\w.:+-]+$/.test(text) ? text : JSON.stringify(text)}`];
  });
  return `${kind} ${parts.join(' ')}`;
}
