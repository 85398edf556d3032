import { OPEN_US } from './kernel-settings.ts';
import { PLANTED_BUGS } from './planted-bugs.ts';
import { type Outcome, simulate } from './run.ts';

const USAGE = 'npm run sim -- --seed N [--count N] [--bug NAME]';

const seed = Number(argument('seed') ?? 1);
const count = Number(argument('count') ?? 1);
const bugName = argument('bug');
const bug = PLANTED_BUGS.find(({ name }) => name === bugName);
if (bugName !== undefined && bug === undefined) {
  say(`${USAGE}\nbugs: ${PLANTED_BUGS.map(({ name }) => `"${name}"`).join(', ')}`);
  process.exit(4);
}
const planted = bug === undefined ? {} : { bug };
process.exitCode = (await (count === 1 ? runOne() : runMany())) ? 0 : 1;

/** One seed, with everything that happens in it. */
async function runOne(): Promise<boolean> {
  const trace = (atUs: number, text: string) => say(`${seconds(atUs)} ${text}`);
  const outcome = await simulate(seed, { ...planted, trace });
  tellViolations(outcome);
  const { hash, lives, turns, orders, fills } = outcome;
  say(`hash ${hash}: ${lives} lives, ${turns} turns, ${orders} orders, ${fills} fills`);
  return outcome.violations.length === 0;
}

/** Many seeds, of which only the failing ones are told. */
async function runMany(): Promise<boolean> {
  const cpu = process.cpuUsage();
  const fired = new Map<string, number>();
  let [failed, orders] = [0, 0];
  for (let at = seed; at < seed + count; at += 1) {
    const outcome = await simulate(at, planted);
    if (outcome.violations.length > 0) failed += 1;
    tellViolations(outcome);
    orders += outcome.orders;
    for (const fault of outcome.fired.keys()) fired.set(fault, (fired.get(fault) ?? 0) + 1);
  }
  const { user, system } = process.cpuUsage(cpu);
  const cpuMs = ((user + system) / 1_000 / count).toFixed(1);
  say(`${failed} of ${count} seeds failed; ${cpuMs} ms of CPU and ${orders / count} orders a seed`);
  for (const [fault, seeds] of fired) say(`${fault.padEnd(18)} in ${seeds} seeds`);
  return failed === 0;
}

function tellViolations({ seed: failing, violations }: Outcome): void {
  for (const { atUs, invariant, text } of violations) {
    say(`seed ${failing} at ${seconds(atUs)}: ${invariant}: ${text}`);
  }
}

function seconds(atUs: number): string {
  return ((atUs - OPEN_US) / 1e6).toFixed(3).padStart(8);
}

function argument(name: string): string | undefined {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : process.argv[at + 1];
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
