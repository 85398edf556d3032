// Changes the indicators' code a little, thousands of times, and counts how many of the changes the
// tests notice. `npm run mutate` takes hours; `npm run mutate -- --sample 40` changes forty stretches
// of six lines, drawn from all files by a seed, and `npm run mutate -- src/.../sma.ts` those files.
// Exit 1 below 80 % (test/mutation/stryker.config.json). Texts of declarations are not mutated: a
// table is read by people, not by tests.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const ROOM = join(ROOT, 'test', 'mutation');
const MUTATED = join(ROOT, 'src', 'domain', 'indicators');
const STRETCH_LINES = 6;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { sample: { type: 'string' }, seed: { type: 'string', default: '1' } },
});
const stryker = join(ROOM, 'node_modules', '.bin', 'stryker');
if (!existsSync(stryker)) {
  process.stderr.write('mutate: installing the mutation tester ...\n');
  run('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock'], ROOM);
}
const chosen = values.sample === undefined ? positionals : sample(Number(values.sample));
const only = chosen.length === 0 ? [] : ['--mutate', chosen.join(',')];
run(stryker, ['run', 'test/mutation/stryker.config.json', ...only], ROOT);

/** Stretches of lines, each equally likely, so that the score of the sample is that of the whole. */
function sample(count) {
  if (!Number.isInteger(count) || count < 1)
    fail('--sample is a whole number of stretches, from 1');
  const stretches = readdirSync(MUTATED, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .toSorted()
    .flatMap((path) => stretchesOf(join(MUTATED, path)));
  const random = generator(Number(values.seed));
  const drawn = new Set();
  while (drawn.size < Math.min(count, stretches.length)) {
    drawn.add(stretches[Math.floor(random() * stretches.length)]);
  }
  process.stderr.write(
    `mutate: ${drawn.size} of ${stretches.length} stretches, seed ${values.seed}\n`,
  );
  return [...drawn];
}

function stretchesOf(path) {
  const lines = readFileSync(path, 'utf8').split('\n').length;
  const found = [];
  for (let from = 1; from <= lines; from += STRETCH_LINES) {
    found.push(`${relative(ROOT, path)}:${from}-${Math.min(lines, from + STRETCH_LINES - 1)}`);
  }
  return found;
}

/** Knuth and Lewis's linear congruential generator: the same seed, the same sample. */
function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(1_664_525, state) + 1_013_904_223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
}

function run(command, args, cwd) {
  const { status, error } = spawnSync(command, args, { cwd, stdio: 'inherit' });
  if (error !== undefined) fail(`${command} did not run: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
}

function fail(reason) {
  process.stderr.write(`mutate: ${reason}\n`);
  process.exit(1);
}
