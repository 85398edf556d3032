import { writeFileSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { EXIT_CODES, type ExitCode } from '../../src/cli/exit-codes.ts';
import { Children } from './children.ts';
import { compare, type Comparison, differences, suitesOf } from './comparison.ts';
import { byId, type GoalResult, goalResults, unmeasured } from './goals.ts';
import { comparisonKeyValues, keyValues } from './key-values.ts';
import { configHash, describeMachine, engineAt, shortLoad } from './machine.ts';
import { NoiseBeside } from './noise.ts';
import { type BenchOptions, suitesNamed, UsageError } from './options.ts';
import { reportPage } from './page.ts';
import { parseReport } from './parse-report.ts';
import { installPeers } from './peer-library.ts';
import { percentileRules } from './percentile-rules.ts';
import { type BenchReport, type Origin, SCHEMA, type SuiteResult } from './report.ts';
import { keepReport, newestReport, withResults } from './results-file.ts';
import { openRevision, type Revision } from './revision.ts';
import { type Failure, type Row, runRounds, type Side } from './rounds.ts';
import { parseAnswer } from './run-answer.ts';
import { spreadsOf } from './spread.ts';
import type { Scale, Suite } from './suite.ts';
import { SUITES, SUITES_ASKED_FOR, type SuiteEntry } from './suites.ts';
import { comparisonText, goalsText, suiteText } from './tables.ts';
import { ending, opening } from './words.ts';

/** Where a bench writes: results, and what is no result. */
export interface Output {
  write(text: string): void;
  progress(text: string): void;
}

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const RUNNER = fileURLToPath(new URL('run.js', import.meta.url));
const OWN = 'this tree';
/** A soak takes half an hour, nothing two. A quick run has seconds, on a busy machine more. */
const RUN_MS_MAX: Readonly<Record<Scale, number>> = { quick: 120_000, full: 7_200_000 };

/** Everything that `strata bench` does; `stop` is the wish to end before it is done. */
export async function runBench(
  options: BenchOptions,
  output: Output,
  stop: AbortSignal,
): Promise<ExitCode> {
  const entries = suitesNamed(options, SUITES, SUITES_ASKED_FOR);
  const { readme, isList, baseline: file } = options;
  if (readme !== undefined) return writeReadme(readme, options.out ?? join(ROOT, 'bench/results'));
  if (isList) return await listSuites(entries, output);
  const baseline = file === undefined ? undefined : parseReport(readFileSync(file, 'utf8'), file);
  const children = new Children();
  stop.addEventListener('abort', () => children.endAll(), { once: true });
  let revision: Revision | undefined;
  try {
    const { compare: typed } = options;
    const { progress } = output;
    if (typed !== undefined) {
      revision = await openRevision({ root: ROOT, revision: typed, children, progress });
    }
    const bench = new Bench(options, output, children, revision, baseline);
    const report = await bench.run(entries, () => stop.aborted);
    if (stop.aborted) return EXIT_CODES.stopped;
    bench.tell(report);
    return report.failures.some(({ side }) => side === OWN) ? EXIT_CODES.error : EXIT_CODES.ok;
  } catch (error) {
    if (stop.aborted) return EXIT_CODES.stopped;
    throw error;
  } finally {
    children.endAll();
    revision?.close();
  }
}

class Bench {
  readonly #options: BenchOptions;
  readonly #output: Output;
  readonly #children: Children;
  readonly #revision: Revision | undefined;
  readonly #baseline: BenchReport | undefined;
  readonly #isText: boolean;

  constructor(
    options: BenchOptions,
    output: Output,
    children: Children,
    revision: Revision | undefined,
    baseline: BenchReport | undefined,
  ) {
    this.#options = options;
    this.#output = output;
    this.#children = children;
    this.#revision = revision;
    this.#baseline = baseline;
    this.#isText = !options.isJson;
  }

  async run(entries: readonly SuiteEntry[], isStopped: () => boolean): Promise<BenchReport> {
    const { runs, scale } = this.#options;
    const engine = engineAt(ROOT, OWN);
    const machine = describeMachine();
    const revision = this.#revision;
    const head = {
      schema: SCHEMA,
      startedAt: now(),
      command: commandOf(this.#options),
      engines: revision === undefined ? [engine] : [engine, revision.engine],
      configHash: configHash(),
      scale,
      runs,
    } as const;
    if (this.#isText) this.#output.write(`${opening({ ...head, machine }).join('\n')}\n\n`);
    const { suites, failures } = await this.#load(entries);
    const results: SuiteResult[] = [];
    const goals: GoalResult[] = [];
    const noise = new NoiseBeside(this.#children);
    for (const suite of suites) {
      if (isStopped()) break;
      const origin: Origin = { ...engine, startedAt: now(), load: shortLoad(), runs, scale };
      const ran = await runRounds(suite, {
        sides: this.#sides(),
        runs,
        scale,
        isWarmedUp: scale === 'full',
        noise,
        progress: this.#output.progress,
        isStopped,
      });
      failures.push(...ran.failures);
      const result = resultOf(suite, ran.rows, origin);
      results.push(result);
      goals.push(...goalResults(suite, ran.rows, scale));
      if (this.#isText && !this.#options.isGoals) {
        this.#output.write(`${suiteText(result, revision !== undefined)}\n\n`);
      }
    }
    await noise.close();
    if (this.#options.isGoals) {
      const others = await this.#goalsOfOthers(suites);
      goals.push(...others);
    }
    return {
      ...head,
      endedAt: now(),
      machine: { ...machine, loadAtEnd: shortLoad() },
      suites: results,
      goals: goals.toSorted(byId),
      failures,
    };
  }

  /** Text, JSON, files: whatever was asked for. */
  tell(report: BenchReport): void {
    const { html, out, isGoals } = this.#options;
    const { write, progress } = this.#output;
    const comparisons = this.#compared(report);
    if (this.#isText) {
      const goals = goalsText(report.goals);
      if (goals !== '') write(`${goals}\n\n`);
      for (const [against, rows] of comparisons) {
        write(`${comparisonText(rows, against)}\n`);
      }
      if (!isGoals) write(`${keyValues(report)}\n`);
      for (const [, rows] of comparisons) write(comparisonKeyValues(rows));
      write(`${ending(report).join('\n')}\n`);
    } else {
      const compared = comparisons.map(([against, rows]) => ({ against, rows }));
      const whole = compared.length === 0 ? report : { ...report, compared };
      write(`${JSON.stringify(whole, undefined, 2)}\n`);
    }
    if (html !== undefined) {
      writeFileSync(
        html,
        reportPage(
          report,
          comparisons.flatMap(([, rows]) => rows),
        ),
      );
      progress(`the page is ${html}`);
    }
    if (out !== undefined) {
      const order = [...SUITES, ...SUITES_ASKED_FOR].map(({ name }) => name);
      progress(`the results are in ${keepReport(out, report, order)}`);
    }
    for (const { suite, variant, side, what } of report.failures) {
      progress(`${suite}: ${variant} (${side}) failed: ${what}`);
    }
  }

  #compared(report: BenchReport): readonly (readonly [string, readonly Comparison[]])[] {
    const compared: [string, readonly Comparison[]][] = [];
    const own = suitesOf(report, OWN);
    if (this.#revision !== undefined) {
      const { label, commit } = this.#revision.engine;
      compared.push([`${label} (${commit})`, compare(suitesOf(report, label), own)]);
    }
    if (this.#baseline !== undefined) {
      for (const difference of differences(this.#baseline, report)) {
        this.#output.progress(`the baseline is of ${difference}: its ratios say little`);
      }
      const { startedAt, engines } = this.#baseline;
      const of = `${engines[0]?.commit ?? 'unknown'} of ${startedAt}`;
      compared.push([of, compare(suitesOf(this.#baseline, OWN), own)]);
    }
    return compared;
  }

  #sides(): readonly Side[] {
    const side = (label: string, runner: string): Side => ({
      label,
      run: async (suite, variant, scale) => {
        const args = ['--expose-gc', runner, suite, variant, scale];
        return parseAnswer(await this.#children.run(args, RUN_MS_MAX[scale]));
      },
    });
    const own = side(OWN, RUNNER);
    if (this.#revision === undefined) return [own];
    return [own, side(this.#revision.engine.label, this.#revision.runner)];
  }

  /** A suite that cannot even be loaded failed. */
  async #load(entries: readonly SuiteEntry[]) {
    const suites: Suite[] = [];
    const failures: Failure[] = [];
    const { isGoals, scale, suites: named } = this.#options;
    for (const entry of entries) {
      try {
        const suite = await entry.load();
        const isWanted = !isGoals || named.length > 0 || (suite.goals ?? []).length > 0;
        if (isWanted) suites.push(suite);
      } catch (error) {
        const what = error instanceof Error ? error.message : String(error);
        failures.push({ suite: entry.name, side: OWN, variant: 'all', what });
      }
    }
    // A quick run is a look whether all works: it takes the peers that are there.
    if (scale === 'full' && suites.some(({ hasPeers }) => hasPeers === true)) installPeers();
    return { suites, failures };
  }

  async #goalsOfOthers(ran: readonly Suite[]): Promise<readonly GoalResult[]> {
    const names = new Set(ran.map(({ name }) => name));
    const others = [...SUITES, ...SUITES_ASKED_FOR].filter(({ name }) => !names.has(name));
    const loaded = await Promise.all(others.map(({ load }) => load().catch(() => undefined)));
    return loaded.flatMap((suite) => (suite === undefined ? [] : unmeasured(suite)));
  }
}

function resultOf(suite: Suite, rows: readonly Row[], origin: Origin): SuiteResult {
  const { name, measures, leavesOut, target } = suite;
  const { startedAt, commit, isDirty, load, runs, scale } = origin;
  const variants = rows.map((row) => ({
    variant: row.variant,
    engine: row.side,
    figures: spreadsOf(row.runs),
    cost: spreadsOf(row.costs),
    percentiles: percentileRules(suite, rows, row),
    notes: row.notes,
    // JSON has no NaN: a figure that is none is not there.
    runs: row.runs.map((figures) =>
      Object.fromEntries(Object.entries(figures).filter(([, value]) => Number.isFinite(value))),
    ),
  }));
  const of = { startedAt, commit, isDirty, load, runs, scale };
  return { name, measures, leavesOut, target, origin: of, variants };
}

function writeReadme(path: string, folder: string): ExitCode {
  const document = withResults(readFileSync(path, 'utf8'), newestReport(folder));
  if (document === undefined) {
    throw new UsageError(`${path} has no place for results: the markers bench:begin and bench:end`);
  }
  writeFileSync(path, document);
  return EXIT_CODES.ok;
}

async function listSuites(entries: readonly SuiteEntry[], output: Output): Promise<ExitCode> {
  for (const entry of entries) {
    const { name, measures, variants } = await entry.load();
    output.write(`${name} (${variants.length} variants): ${measures}\n`);
  }
  return EXIT_CODES.ok;
}

function commandOf(options: BenchOptions): string {
  const { suites, runs, scale, isGoals, baseline, compare: revision } = options;
  return [
    'strata bench',
    ...suites,
    ...(scale === 'quick' ? ['--quick'] : []),
    `--runs ${runs}`,
    ...(isGoals ? ['--goals'] : []),
    ...(baseline === undefined ? [] : [`--baseline ${baseline}`]),
    ...(revision === undefined ? [] : [`--compare ${revision}`]),
  ].join(' ');
}

function now(): string {
  return new Date().toISOString();
}
