import { beforeEach, describe, expect, it } from 'vitest';
import type { PolicyChange, PolicyRegistry } from '../../../src/ports/relational/policies.ts';
import type { RelationalWorld } from './world.ts';
import { refusal, value } from './answers.ts';

export function describePolicies(world: () => RelationalWorld): void {
  describe('the registry of policies', () => {
    beforeEach(async () => await world().clean());
    const policies = (): PolicyRegistry => world().store.policies;

    it('keeps every version with who, why and when', async () => {
      const first = value(await policies().change(change(1)));
      const second = value(await policies().change(change(2)));

      expect(first).toEqual({
        changeId: 'change-1',
        name: 'risk.positionsMax',
        version: 1,
        value: '{"n":  1}',
        by: 'ana',
        reason: 'quiet market',
        fromUs: 100,
      });
      expect(await policies().history('risk.positionsMax')).toEqual([first, second]);
      expect(await policies().current()).toEqual([second]);
      expect(await policies().current(['other'])).toEqual([]);
      expect(await policies().current(['risk.positionsMax', 'other'])).toEqual([second]);
    });

    it('tells which version was the current one at a moment', async () => {
      for (const number of [1, 2, 3]) value(await policies().change(change(number)));
      const at = async (us: number) => (await policies().at('risk.positionsMax', us))?.version;

      expect([await at(99), await at(100), await at(199), await at(200), await at(9_999)]).toEqual([
        undefined,
        1,
        1,
        2,
        3,
      ]);
    });

    it('J5 answers a change that is sent again with the version that it made', async () => {
      const made = value(await policies().change(change(1)));
      value(await policies().change(change(2)));

      expect(value(await policies().change(change(1)))).toEqual(made);
      expect(refusal(await policies().change({ ...change(1), value: '9' }))).toBe(
        'IDENTITY_REUSED',
      );
      expect(await policies().history('risk.positionsMax')).toHaveLength(2);
    });

    it('J5 lets one through of two that follow the same version', async () => {
      value(await policies().change(change(1)));
      const rivals = [2, 3, 4].map((number) => ({ ...change(number), after: 1 }));

      const answers = await Promise.all(rivals.map((one) => policies().change(one)));

      const codes = answers.map(refusal).toSorted();
      expect(codes).toEqual(['VERSION_OTHER', 'VERSION_OTHER', 'done']);
      expect(await policies().history('risk.positionsMax')).toHaveLength(2);
    });

    it('refuses a change of what is there no more', async () => {
      value(await policies().change(change(1)));

      expect(refusal(await policies().change({ ...change(5), after: 0 }))).toBe('VERSION_OTHER');
      expect(refusal(await policies().change({ ...change(5), after: 4 }))).toBe('VERSION_OTHER');
    });

    it('orders versions as they came when the clock steps back', async () => {
      value(await policies().change({ ...change(1), atUs: 500 }));
      const back = value(await policies().change({ ...change(2), atUs: 400 }));

      expect(back).toMatchObject({ version: 2, fromUs: 500 });
      expect((await policies().at('risk.positionsMax', 500))?.version).toBe(2);
      expect(await policies().at('risk.positionsMax', 499)).toBeUndefined();
    });

    it.each([
      ['said otherwise', `update policy_versions set reason = 'nicer'`],
      ['forgotten', 'delete from policy_versions'],
      ['current beside another', 'update policy_versions set is_current = true'],
    ])('J5 lets no version be %s, whoever writes to the database', async (_, sql) => {
      value(await policies().change(change(1)));
      value(await policies().change(change(2)));

      await expect(world().database.query(sql)).rejects.toMatchObject({ code: 'STORE_REFUSED' });
      expect((await policies().current()).map(({ version }) => version)).toEqual([2]);
    });

    it('refuses a change that nobody signed', async () => {
      const refused = { code: 'STORE_REFUSED' };

      await expect(policies().change({ ...change(1), by: '' })).rejects.toMatchObject(refused);
      await expect(policies().change({ ...change(1), reason: '' })).rejects.toMatchObject(refused);
    });
  });
}

function change(number: number): PolicyChange {
  return {
    changeId: `change-${number}`,
    name: 'risk.positionsMax',
    value: `{"n":  ${number}}`,
    after: number - 1,
    atUs: number * 100,
    by: 'ana',
    reason: 'quiet market',
  };
}
