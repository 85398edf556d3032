import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SessionView } from '../../../../src/cli/session-view.ts';
import { loadConfig } from '../../../../src/cli/load-config.ts';
import { answerCommand } from '../../../../src/compose/control.ts';
import { handleOf } from '../../../../src/compose/open-session.ts';
import { openRegistry } from '../../../../src/compose/registry-feed/open-registry.ts';
import { askPolicies } from '../../../../src/compose/registry-feed/policies-at-start.ts';
import { symbolTiers } from '../../../../src/compose/store-tiers.ts';
import { claimDataDirectory } from '../../../../src/store/journal/session-lock.ts';
import { MemoryDisk } from '../../../faulty-disk.ts';
import { factsOf } from '../../../golden/golden-decisions.ts';
import { GOLDEN_END_US, goldenFile, openGolden } from '../../../golden/golden-session.ts';
import { Workplace } from '../workplace.ts';

const SETTINGS = `
store:
  series: { kind: none }
  relational: { sessions: all, endMsMax: 600000, policiesMsMax: 600000 }
`;

const work = new Workplace();
const settings = join(work.dataDir, 'settings.yaml');
const set = (name: string, value: string, ...rest: readonly string[]) =>
  work.run('policy', 'set', name, value, '--why', 'a storm', '--config', settings, ...rest);
const place = () => ({
  config: loadConfig('demo', settings).config,
  dataDir: work.dataDir,
  environment: {},
});

/** One session, and one embedded registry, which takes seconds to make. */
beforeAll(async () => {
  writeFileSync(settings, SETTINGS);
  expect(await askPolicies(place()).settle()).toMatchObject({ inputs: [], isTrouble: false });
  const words = ['demo', '--virtual', '--once', '--symbols', '40', '--speed', '100000'];
  const { exitCode, errors } = await work.run(...words, '--config', settings, '--json');
  if (exitCode !== 0 || errors.includes('registry')) throw new Error(errors);
}, 300_000);
afterAll(() => work.remove());

it('tells the lifecycle who is in which layer, and who the session was', async () => {
  const { config, dataDir } = place();
  const { bySymbol, unknown } = await symbolTiers(config, dataDir, {}, Date.now() * 1_000);

  expect(unknown).toBeUndefined();
  expect(bySymbol.size).toBeGreaterThan(5);
  const registry = openRegistry(place());
  const [session, ...others] = await registry.sessions.list();
  await registry.close();
  expect(others).toEqual([]);
  const { sessionId, ended } = work.description('demo-20240603-1');
  expect([session?.sessionId, session?.ended]).toEqual([sessionId, ended]);
}, 60_000);

it('is told the same from the journal, which changes nothing', async () => {
  const words = ['store', 'refill', 'demo-20240603-1', '--config', settings];
  const dry = await work.json(...words);
  expect(dry.value).toMatchObject({ registry: { names: 43, refused: 0 } });
  const before = await rows();
  const { value } = await work.json(...words, '--apply');

  expect(value).toMatchObject({ registry: { names: 43, refused: 0 } });
  expect(await rows()).toEqual(before);
}, 120_000);

it('keeps policies with who, why and when, and a running engine hears of them', async () => {
  const none = await work.run('policy', 'history', 'risk.entries', '--config', settings);
  expect([none.exitCode, none.out]).toEqual([2, 'risk.entries was never set\n']);
  const first = await set('risk.entries', 'stopped', '--by', 'anna');
  expect(first.out).toContain('no engine runs: the next session begins with it');

  const disk = new MemoryDisk();
  const opened = openGolden({ disk });
  const engine = { file: goldenFile(), view: new SessionView(), engine: handleOf(opened) };
  const claim = await claimDataDirectory(work.dataDir, {
    describe: () => ({ sessionId: 'golden', sinceUs: 1 }),
    answer: (command) => answerCommand(command, { ...engine, stop: () => undefined }),
    fault: (error) => {
      throw error;
    },
  });
  const second = await set('risk.positionNotionalMax', '5000.00', '--by', 'bob');
  const third = await set('risk.entries', 'allowed', '--by', 'bob');
  await claim.release();
  await opened.session.advance(GOLDEN_END_US);
  await opened.session.close();

  expect(second.out).toBe(
    'risk.positionNotionalMax is "5000.00", version 1; taken by session golden\n',
  );
  expect(third).toMatchObject({ exitCode: 0 });
  const taken = factsOf(disk).flatMap(({ fact }) => (fact.kind === 'policyTaken' ? [fact] : []));
  expect(taken).toMatchObject([
    { name: 'risk.positionNotionalMax', value: '"5000.00"', by: 'bob', reason: 'a storm' },
    { name: 'risk.entries', version: 2, value: '"allowed"' },
  ]);
  const { out } = await work.run('policy', 'list', '--config', settings);
  expect(out).toContain('risk.entries is "allowed", version 2 by bob');
  const history = await work.run('policy', 'history', 'risk.entries', '--config', settings);
  expect(history.out).toMatch(/1 {2}\S+ {2}"stopped" {2}by anna: a storm\n2 {2}/);
}, 120_000);

it('refuses what means nothing, and says what does', async () => {
  for (const [name, value] of [
    ['risk.entris', 'stopped'],
    ['risk.entries', 'stpped'],
    ['risk.positionsMax', '-1'],
  ] as const) {
    const { exitCode, out } = await set(name, value);
    expect([exitCode, out.includes('risk.positionsMax: a whole number')]).toEqual([1, true]);
  }
});

it('is asked for its policies at a start, and waited for so long and no longer', async () => {
  const { inputs, told } = await askPolicies(place()).settle();
  expect(inputs.map((input) => input.kind)).toEqual(['policyChanged', 'policyChanged']);
  expect(told).toBe('2 policies');

  const { config, ...rest } = place();
  const relational = { ...config.store.relational, policiesMsMax: 0 };
  const hasty = { ...config, store: { ...config.store, relational } };
  const slow = await askPolicies({ ...rest, config: hasty }).settle();
  expect(slow).toMatchObject({ inputs: [], isTrouble: true });
  expect(slow.told).toBe('runs without policies: the registry gave no answer within 0 ms');
  expect(await slow.late).toHaveLength(2);
}, 60_000);

it('says why it knows no policies where the registry cannot be asked', async () => {
  const { config, ...rest } = place();
  const relational = { ...config.store.relational, kind: 'postgres' as const, port: 1 };
  const away = { ...config, store: { ...config.store, relational } };

  const { isTrouble, told } = await askPolicies({ ...rest, config: away }).settle();
  expect([isTrouble, told.startsWith('runs without policies: ')]).toEqual([true, true]);
});

async function rows() {
  const registry = openRegistry(place());
  try {
    const { tables } = await registry.status();
    const members = await registry.symbols.members('layer-1', Number.MAX_SAFE_INTEGER);
    return { tables, members };
  } finally {
    await registry.close();
  }
}
