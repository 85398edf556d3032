import type { RunAnswer } from './run-answer.ts';
import type { Figures, Scale, Suite } from './suite.ts';

/** One engine under test: this tree's, or that of another revision. */
export interface Side {
  readonly label: string;
  /** One run of a variant in a fresh process; rejects with why there is none. */
  run(suite: string, variant: string, scale: Scale): Promise<RunAnswer>;
}

/** What runs beside and tells how noisy it was meanwhile. */
export interface Beside {
  begin(): void;
  end(): Promise<Figures>;
}

/** All runs of one variant on one side. */
export interface Row {
  readonly side: string;
  readonly variant: string;
  readonly runs: readonly Figures[];
  /** Of each run: what the harness measured of its process and beside it. */
  readonly costs: readonly Figures[];
  readonly notes: readonly string[];
}

export interface Failure {
  readonly suite: string;
  readonly side: string;
  readonly variant: string;
  readonly what: string;
}

export interface Rounds {
  readonly sides: readonly Side[];
  readonly runs: number;
  readonly scale: Scale;
  /** A little of each is run and thrown away: files are in memory then, and faults show early. */
  readonly isWarmedUp: boolean;
  readonly noise: Beside;
  readonly progress: (text: string) => void;
  readonly isStopped: () => boolean;
}

interface Entry {
  readonly side: Side;
  readonly name: string;
  readonly answers: RunAnswer[];
  readonly costs: Figures[];
}

/**
 * Every variant on every side, each run in a fresh process, one round of all after the other: what
 * disturbs the machine for a while then disturbs all of them alike. A variant that failed is not
 * tried again; the others go on.
 */
export async function runRounds(
  suite: Suite,
  rounds: Rounds,
): Promise<{ readonly rows: readonly Row[]; readonly failures: readonly Failure[] }> {
  const { sides, runs, scale, noise, progress, isStopped } = rounds;
  const failures: Failure[] = [];
  const entries = suite.variants.flatMap(({ name }) =>
    sides.map((side): Entry => ({ side, name, answers: [], costs: [] })),
  );
  const failed = (entry: Entry) =>
    failures.some(({ side, variant }) => side === entry.side.label && variant === entry.name);
  const first = rounds.isWarmedUp ? 0 : 1;
  for (let round = first; round <= runs; round += 1) {
    for (const entry of entries) {
      if (isStopped() || failed(entry)) continue;
      const { side, name } = entry;
      const where = sides.length > 1 ? ` (${side.label})` : '';
      const which = round === 0 ? 'warm-up' : `run ${round} of ${runs}`;
      progress(`${suite.name}: ${which}, ${name}${where}`);
      noise.begin();
      try {
        const answer = await side.run(suite.name, name, round === 0 ? 'quick' : scale);
        const beside = await noise.end();
        if (round === 0) continue;
        entry.answers.push(answer);
        entry.costs.push({ ...answer.cost, ...beside });
      } catch (error) {
        if (isStopped()) continue;
        const what = error instanceof Error ? error.message : String(error);
        failures.push({ suite: suite.name, side: side.label, variant: name, what });
        progress(`${suite.name}: ${name}${where} FAILED: ${what}`);
      }
    }
  }
  const rows = entries.map(({ side, name, answers, costs }) => ({
    side: side.label,
    variant: name,
    runs: answers.map(({ figures }) => figures),
    costs,
    notes: [...new Set(answers.flatMap(({ note }) => note ?? []))],
  }));
  return { rows: rows.filter((row) => row.runs.length > 0), failures };
}
