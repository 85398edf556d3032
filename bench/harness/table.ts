import type { Suite } from './suite.ts';
import type { Row } from './rounds.ts';

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Every figure of a row: the median of its runs and how far they lie apart. */
export function spreadsOf({ runs }: Row): Readonly<Record<string, Spread>> {
  const names = new Set(runs.flatMap((figures) => Object.keys(figures)));
  return Object.fromEntries([...names].map((name) => [name, spreadOf(runs, name)]));
}

function spreadOf(runs: Row['runs'], name: string): Spread {
  const values = runs.flatMap((figures) => figures[name] ?? []).toSorted((a, b) => a - b);
  const at = (place: number) => values[place] ?? Number.NaN;
  return {
    median: at(Math.floor(values.length / 2)),
    min: at(0),
    max: at(values.length - 1),
  };
}

/** A bench as a page of text: what it is, then a line a figure and variant. */
export function describe(bench: Suite, rows: readonly Row[]): string {
  const lines = [
    `## ${bench.name}`,
    '',
    `Measures ${bench.measures}`,
    `Leaves out ${bench.leavesOut}`,
    `Target: ${bench.target}.`,
    '',
    '| variant | figure | median | lowest | highest |',
    '|---|---|---:|---:|---:|',
  ];
  for (const row of rows) {
    for (const [name, { median, min, max }] of Object.entries(spreadsOf(row))) {
      lines.push(`| ${row.variant} | ${name} | ${[median, min, max].map(text).join(' | ')} |`);
    }
    for (const note of row.notes) lines.push(`| ${row.variant} | note: ${note} | | | |`);
  }
  return `${lines.join('\n')}\n`;
}

function text(value: number): string {
  const digits = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : 2;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}
