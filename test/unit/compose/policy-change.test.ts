import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ByteReader } from '../../../src/core/bytes.ts';
import { changePolicy, currentPolicies, policyInput } from '../../../src/compose/policy-change.ts';
import { PastSession } from '../../../src/compose/past-session.ts';
import { type Input, inputCodec } from '../../../src/ports/input.ts';
import type { PolicyChange } from '../../../src/ports/relational/policies.ts';
import type { Database } from '../../../src/store/relational/database.ts';
import { migrate } from '../../../src/store/relational/migrate.ts';
import { readMigrations } from '../../../src/store/relational/migrations.ts';
import { openEmbedded } from '../../../src/store/relational/pglite-database.ts';
import { policyRegistry } from '../../../src/store/relational/policy-registry.ts';
import { JournalMarket } from '../../../src/streams/recorded/journal-market.ts';
import { KernelHarness } from '../../kernel-harness.ts';
import { JournalScript } from '../streams/recorded/journal-script.ts';

let database: Database | undefined;
beforeAll(async () => {
  database = await openEmbedded({ directory: undefined, schema: 's', statementMsMax: 30_000 });
  await migrate(database, readMigrations());
}, 120_000);
afterAll(async () => await database?.close());

describe('a change of a policy', () => {
  it('is in the registry first and then an input with who and why', async () => {
    const entered: Input[] = [];
    const enter = (input: Input): boolean => entered.push(input) > 0;

    expect(await changePolicy(policies(), change('a', 0), enter)).toMatchObject({ kind: 'done' });
    expect(entered).toEqual([
      {
        kind: 'policyChanged',
        changeId: 'change-a-0',
        name: 'a',
        version: 1,
        value: '{"max": 5}',
        by: 'ana',
        reason: 'quiet market',
      },
    ]);
    expect(await currentPolicies(policies())).toEqual(entered);
  });

  it('reaches no kernel where the registry refuses it', async () => {
    const none = (): boolean => {
      throw new Error('nothing is to be entered');
    };
    await changePolicy(policies(), change('b', 0), () => true);

    expect(
      await changePolicy(policies(), { ...change('b', 3), changeId: 'x' }, none),
    ).toMatchObject({ kind: 'refused', code: 'VERSION_OTHER' });
    for (const fault of [{ value: 'nope' }, { by: '\uD800' }, { reason: 'r'.repeat(10_001) }]) {
      const wish = { ...change('c', 0), ...fault };
      expect(await changePolicy(policies(), wish, none)).toMatchObject({ kind: 'refused' });
    }
    expect(await policies().history('c')).toEqual([]);
  });

  it('is late where the kernel takes no input, and there at the next start', async () => {
    const answer = await changePolicy(policies(), change('d', 0), () => false);

    expect(answer).toMatchObject({ kind: 'late' });
    expect(await currentPolicies(policies())).toContainEqual(
      expect.objectContaining({ name: 'd', version: 1 }),
    );
  });

  it('is journaled, and comes again in a replay, behind what had been seen', () => {
    const input = policyInput({ ...change('e', 0), version: 7, fromUs: 1 });
    const kernel = new KernelHarness({ actors: [] });
    const before = kernel.hash;
    const script = new JournalScript().market([200, 1]).input(200, input).market([300, 1]);
    const market = new JournalMarket({ name: 'demo-1', records: () => script.records });

    kernel.input(input);
    const [, recorded] = script.records;
    expect(inputCodec.read(new ByteReader(recorded?.payload ?? new Uint8Array()))).toEqual(input);
    expect(market.calendar).toEqual([{ atUs: 201, input }]);
    expect(kernel.hash).toBe(before); // Nobody decides by it yet, so nothing was decided.

    const past = new PastSession(market.calendar);
    for (const record of script.records) past.take(record);
    expect(past.calendarTaken).toBe(1);
  });
});

function policies() {
  if (database === undefined) throw new Error('it did not open');
  return policyRegistry(database);
}

function change(name: string, after: number): PolicyChange {
  return {
    changeId: `change-${name}-${after}`,
    name,
    value: '{"max": 5}',
    after,
    atUs: 100,
    by: 'ana',
    reason: 'quiet market',
  };
}
