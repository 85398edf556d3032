import { expect, it, vi } from 'vitest';
import { sessionReader } from '../../src/compose/session-files.ts';
import { visitSession } from '../../src/cli/read-session.ts';
import { nodeDisk } from '../../src/store/journal/node-disk.ts';
import { createSeededMarket } from '../../src/venue/market/seeded-market.ts';
import { ChildEngine } from './child-engine.ts';
import { dataDirectory } from './data-directory.ts';
import { strata } from './strata.ts';

const DEMO = ['demo', '--virtual', '--once', '--symbols', '40', '--speed', '500', '--json'];
const SESSION = 'demo-20240603-1';
/** The asker's own deadline is 2 s; a process starts in about 0.3 s. */
const SILENCE_MS_MAX = 10_000;

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

it('(H2) halts, resumes, bans, flattens and stops at a word from another process', async () => {
  using data = dataDirectory();
  const at = ['--data-dir', data.path];
  await using engine = await ChildEngine.start(data.path, DEMO);
  await engine.until('a position', ({ positions }) => positions > 0);

  const second = await strata([...DEMO, ...at]);
  expect(second.code).toBe(1);
  expect(second.stderr).toContain(`held by process ${engine.pid}, session ${SESSION}`);
  expect((await strata(['status', ...at])).code).toBe(0);
  const tree = await strata(['actors', ...at, '--json']);
  expect(tree.code).toBe(0);
  expect(JSON.parse(tree.stdout)).toHaveProperty('children');

  expect((await strata(['halt', ...at, '--reason', 'a test'])).code).toBe(0);
  const halted = await engine.until('a halt', ({ halt }) => halt.includes('a test'));
  expect((await strata(['status', ...at])).code).toBe(6);
  const later = halted.marketUs + 600_000_000;
  await engine.until('ten minutes of halt', ({ marketUs }) => marketUs > later);

  expect((await strata(['resume', ...at])).code).toBe(0);
  await engine.until('trading again', ({ halt }) => halt === '');
  const unknown = await strata(['ban', 'NOPE', ...at]);
  expect(unknown.code).toBe(2);
  expect(unknown.stderr).toContain('no symbol NOPE');
  expect((await strata(['ban', firstSymbol(), ...at])).code).toBe(0);
  await engine.until('an order', ({ orders }) => orders > halted.orders);
  expect((await strata(['flatten', ...at])).code).toBe(0);
  await engine.until('a flat account', ({ positions }) => positions === 0);

  expect((await strata(['stop', ...at])).code).toBe(0);
  const ended = await engine.end();
  expect(ended.code).toBe(0);
  expect(JSON.parse(ended.stdout)).toMatchObject({ reason: 'stopped by a person' });
  const none = await strata(['status', ...at]);
  expect(none.code).toBe(3);
  expect(none.stderr).toContain('Start one');
  expect((await strata(['halt', ...at])).code).toBe(3);
  expect((await strata(['verify', ...at])).code).toBe(0);
  expect(restrictions(data.path)).toEqual({ halts: 2, bans: 1, entries: [] });
});

it('(H5) is still halted, and bans what it banned, after kill -9 at once', async () => {
  using data = dataDirectory();
  const at = ['--data-dir', data.path];
  const demo = ['demo', '--virtual', '--once', '--symbols', '20'];
  {
    await using engine = await ChildEngine.start(data.path, [...demo, '--speed', '1']);
    // In a quiet market nothing else would push the record to the disk.
    expect((await strata(['ban', firstSymbol(), ...at])).code).toBe(0);
    expect((await strata(['halt', ...at, '--reason', 'a test'])).code).toBe(0);
    await engine.until('a halt', ({ halt }) => halt.includes('a test'));
    await engine.kill();
  }
  await using engine = await ChildEngine.start(data.path, [...demo, '--speed', '2000']);
  const status = await strata(['status', ...at]);

  expect(status.code).toBe(6);
  expect(status.stdout).toContain('HALTED');
  await engine.until('a refused signal', ({ refusals }) => refusals > 0);
  await engine.kill();
  expect(restrictions(data.path)).toEqual({ halts: 1, bans: 1, entries: [] });
});

it('(H6) lets one of several that start at once have the data directory', async () => {
  using data = dataDirectory();
  const starters = Array.from({ length: 3 }, () => ChildEngine.launch(data.path, DEMO));
  await using _all = { [Symbol.asyncDispose]: () => disposeAll(starters) };
  // Whoever lost may be gone before the winner can say so; the winner hears its own answer.
  const { pid } = await Promise.any(starters.map((one) => one.until('an owner', () => true)));
  const losers = starters.filter((starter) => starter.pid !== pid);
  const refusals = await Promise.all(losers.map((loser) => loser.end()));

  expect(losers).toHaveLength(2);
  expect(starters.map(({ isOver }) => isOver).toSorted()).toEqual([false, true, true]);
  for (const { code, stderr } of refusals) {
    expect(code).toBe(1);
    expect(stderr).toContain('is held by process');
  }
});

it('says of a hung engine that it is silent, and goes on with it afterwards', async () => {
  using data = dataDirectory();
  const at = ['--data-dir', data.path];
  await using engine = await ChildEngine.start(data.path, DEMO);
  engine.signal('SIGSTOP');
  const [asked, held] = await Promise.all([strata(['status', ...at]), strata([...DEMO, ...at])]);
  engine.signal('SIGCONT');

  expect(asked.code).toBe(5);
  expect(asked.stderr).toContain('no answer');
  expect(asked.tookMs).toBeLessThan(SILENCE_MS_MAX);
  expect(held.code).toBe(1);
  expect(held.stderr).toContain('held by a process that does not answer');
  const before = await engine.until('an answer', () => true);
  await engine.until('progress', ({ records }) => records > before.records);
  expect((await strata(['status', ...at])).code).toBe(0);
});

async function disposeAll(engines: readonly ChildEngine[]): Promise<void> {
  await Promise.all(engines.map((engine) => engine[Symbol.asyncDispose]()));
}

const HALTING: ReadonlySet<string> = new Set(['halt', 'flatten']);

interface Restrictions {
  readonly halts: number;
  readonly bans: number;
  /** Ids of orders that were intended to open a position between a halt and its end. */
  readonly entries: readonly string[];
}

function restrictions(dataDir: string): Restrictions {
  let isHalted = false;
  let halts = 0;
  let bans = 0;
  const entries: string[] = [];
  visitSession(sessionReader(nodeDisk(dataDir)), SESSION, {
    input(_, _nowUs, input) {
      if (input.kind !== 'commanded' || !HALTING.has(input.verb)) return;
      isHalted = true;
      halts += 1;
    },
    turn(_, _nowUs, { items }) {
      for (const item of items) {
        if (item.type !== 'fact') continue;
        const { fact } = item;
        if (fact.kind === 'symbolBanned') bans += 1;
        if (fact.kind === 'tradingResumed') isHalted = false;
        if (fact.kind === 'intended' && fact.purpose === 'entry' && isHalted) {
          entries.push(fact.clientOrderId);
        }
      }
    },
  });
  return { halts, bans, entries };
}

function firstSymbol(): string {
  const market = createSeededMarket({ seed: 7, symbols: 20, date: 20240603 });
  return market.symbols[0]?.name ?? '';
}
