import { cpus, loadavg, release, totalmem } from 'node:os';
import { present } from '../../src/core/assert.ts';
import { RunMeter } from './meter.ts';
import { installPeers } from './peer-library.ts';
import { runRounds } from './rounds.ts';
import { SUITES, SUITES_ASKED_FOR } from './suites.ts';
import { describe, spreadsOf } from './table.ts';

/**
 * `npm run bench -- [--json] [--rounds N] [NAME ...]`: the named benches or all, as tables or as
 * JSON. Runs compiled code only; `--run BENCH VARIANT` is how it calls itself for one run.
 */
const ROUNDS = 5;

const args = process.argv.slice(2);
if (args[0] === '--run') await runHere(args[1], args[2]);
else await runAll();

async function runHere(benchName: string | undefined, variantName: string | undefined) {
  const entry = present(
    [...SUITES, ...SUITES_ASKED_FOR].find(({ name }) => name === benchName),
    'a bench of this name',
  );
  const bench = await entry.load();
  const variant = present(
    bench.variants.find(({ name }) => name === variantName),
    'a variant of this name',
  );
  const meter = new RunMeter();
  const { figures, ...rest } = await variant.run('full', meter);
  const outcome = { figures: { ...(await meter.figures()), ...figures }, ...rest };
  process.stdout.write(JSON.stringify(outcome));
}

async function runAll(): Promise<void> {
  const roundsAt = args.indexOf('--rounds');
  const rounds = roundsAt < 0 ? ROUNDS : Number(args[roundsAt + 1]);
  const wanted = args.filter(
    (arg, at) => !arg.startsWith('--') && (roundsAt < 0 || at !== roundsAt + 1),
  );
  const named = [...SUITES, ...SUITES_ASKED_FOR].filter(({ name }) => wanted.includes(name));
  const entries = wanted.length === 0 ? SUITES : named;
  const chosen = await Promise.all(entries.map(({ load }) => load()));
  if (chosen.some(({ hasPeers }) => hasPeers === true)) installPeers();
  const isJson = args.includes('--json');
  const machine = describeMachine();
  const results = [];
  if (!isJson) process.stdout.write(`${JSON.stringify(machine, undefined, 2)}\n\n`);
  for (const bench of chosen) {
    const rows = runRounds(bench, rounds, (text) => process.stderr.write(`${text}\n`));
    if (!isJson) process.stdout.write(`${describe(bench, rows)}\n`);
    const { name, measures, leavesOut, target } = bench;
    const variants = rows.map((row) => ({
      name: row.variant,
      figures: spreadsOf(row),
      notes: row.notes,
      runs: row.runs,
    }));
    results.push({ name, measures, leavesOut, target, variants });
  }
  if (!isJson) return;
  const report = { machine, loadAtEnd: loadavg(), rounds, results };
  process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
}

/** Without it a figure means nothing. */
function describeMachine() {
  const all = cpus();
  return {
    startedAt: new Date().toISOString(),
    node: process.version,
    system: `${process.platform} ${release()} ${process.arch}`,
    cpu: `${all.length} x ${all[0]?.model ?? 'unknown'}`,
    memoryGb: Math.round(totalmem() / 1e9),
    load: loadavg(),
  };
}
