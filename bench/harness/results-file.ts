import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { byId } from './goals.ts';
import { machineSlug } from './machine.ts';
import { parseReport, ReportError } from './parse-report.ts';
import type { BenchReport } from './report.ts';
import { goalsText, grid, reportText } from './tables.ts';

/** Between these the README shows the newest results. */
export const BEGIN = '<!-- bench:begin -->';
export const END = '<!-- bench:end -->';

const KEPT_DIGITS = 6;

/**
 * Keeps a report as `<date>-<machine>.json` and as a page beside it. Suites that ran before on the
 * same day, machine and Node stay in the file, each with when and of what it was measured: a whole
 * table may take several runs.
 */
export function keepReport(folder: string, report: BenchReport, order: readonly string[]): string {
  mkdirSync(folder, { recursive: true });
  const name = `${report.startedAt.slice(0, 10)}-${machineSlug(report.machine)}`;
  const path = join(folder, `${name}.json`);
  const earlier = existsSync(path) ? parseReport(readFileSync(path, 'utf8'), path) : undefined;
  const isOfSame = earlier?.machine.node === report.machine.node;
  const whole = earlier !== undefined && isOfSame ? merged(earlier, report, order) : report;
  writeFileSync(path, `${JSON.stringify(whole, shortened, 1)}\n`);
  writeFileSync(join(folder, `${name}.md`), `# Bench ${name}\n\n${reportText(whole)}`);
  return path;
}

/** What is kept for years needs no seventeen digits of a noisy figure. */
function shortened(_: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(KEPT_DIGITS)) : value;
}

/** The suites of both; of one that is in both, the later. */
export function merged(
  earlier: BenchReport,
  later: BenchReport,
  order: readonly string[],
): BenchReport {
  const ran = new Set([
    ...later.suites.map(({ name }) => name),
    ...later.failures.map(({ suite }) => suite),
  ]);
  const kept = earlier.suites.filter(({ name }) => !ran.has(name));
  const goals = later.goals.filter(({ suite }) => ran.has(suite));
  const goalsKept = earlier.goals.filter(({ suite }) => !ran.has(suite));
  const known = new Set([...goals, ...goalsKept].map(({ id }) => id));
  const others = later.goals.filter(({ id }) => !known.has(id));
  const place = (name: string) => order.indexOf(name);
  return {
    ...later,
    startedAt: earlier.startedAt,
    suites: [...kept, ...later.suites].toSorted((a, b) => place(a.name) - place(b.name)),
    goals: [...goalsKept, ...goals, ...others].toSorted(byId),
    failures: [...earlier.failures.filter(({ suite }) => !ran.has(suite)), ...later.failures],
  };
}

/** The newest report of a folder, by its name, which begins with the date. */
export function newestReport(folder: string): readonly [name: string, report: BenchReport] {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const newest = names
    .filter((name) => /^\d{4}-\d\d-\d\d-.*\.json$/.test(name))
    .toSorted()
    .at(-1);
  if (newest === undefined) throw new ReportError(`${folder} has no results: make them with --out`);
  return [newest, parseReport(readFileSync(join(folder, newest), 'utf8'), newest)];
}

/** The document with the table between its markers; undefined where it has none. */
export function withResults(
  document: string,
  [name, report]: readonly [name: string, report: BenchReport],
): string | undefined {
  const from = document.indexOf(BEGIN);
  const until = document.indexOf(END);
  if (from < 0 || until < from) return undefined;
  const head = document.slice(0, from + BEGIN.length);
  return `${head}\n${resultsBlock(name, report)}\n${document.slice(until)}`;
}

function resultsBlock(name: string, report: BenchReport): string {
  const { machine, engines, startedAt, suites } = report;
  const { cpu, cores, memoryGb, node } = machine;
  const [engine] = engines;
  const page = name.replace(/\.json$/, '.md');
  const rows = suites.map(({ name: suite, origin, variants }) => [
    suite,
    origin.startedAt.slice(0, 16).replace('T', ' '),
    `${origin.commit}${origin.isDirty ? ' with changes' : ''}`,
    `${origin.runs} ${origin.scale}`,
    origin.load.join(' '),
    String(variants.length),
  ]);
  return [
    `${startedAt.slice(0, 10)}, ${cores} x ${cpu}, ${memoryGb} GB, Node ${node}, commit`,
    `${engine?.commit ?? 'unknown'}. All figures: [bench/results/${page}](bench/results/${page}).`,
    'Made by `strata bench --out bench/results`, then `strata bench --readme README.md`.',
    '',
    ...(report.goals.length === 0 ? [] : [goalsText(report.goals).replace('## Goals\n\n', ''), '']),
    ...grid(['suite', 'measured at (UTC)', 'commit', 'runs', 'load', 'variants'], rows, 4),
  ].join('\n');
}
