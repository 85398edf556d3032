import { beforeEach, describe, expect, it } from 'vitest';
import type { RelationalWorld } from './world.ts';

export function describeTransactions(world: () => RelationalWorld): void {
  describe('a transaction', () => {
    beforeEach(async () => await world().clean());
    const insert = (id: string): string =>
      `insert into jobs (job_id, kind, payload, queued_us, not_before_us, priority, attempts_max)
       values ('${id}', 'k', '{}', 1, 1, 0, 1)`;
    const jobs = async () => await world().database.query('select job_id from jobs order by 1');

    it('J5 keeps nothing of work that throws', async () => {
      const { database } = world();

      await expect(
        database.transact(async (sql) => {
          await sql.query(insert('a'));
          throw new Error('no');
        }),
      ).rejects.toThrow('no');
      expect(await jobs()).toEqual([]);
    });

    it('J5 keeps nothing after a statement failed, also where the work does not care', async () => {
      const { database } = world();

      await expect(
        database.transact(async (sql) => {
          await sql.query(insert('a'));
          await sql.query(insert('a')).catch(() => undefined);
        }),
      ).rejects.toMatchObject({ code: 'STORE_REFUSED' });
      expect(await jobs()).toEqual([]);
    });

    it('answers again after one that failed', async () => {
      const { database } = world();
      await database.transact((sql) => sql.query('select nonsense')).catch(() => undefined);

      await database.transact((sql) => sql.query(insert('a')));

      expect(await jobs()).toEqual([{ job_id: 'a' }]);
    });

    it('names a table that is gone, and a question that is wrong', async () => {
      const { database } = world();

      await expect(database.query('select * from nowhere')).rejects.toMatchObject({
        code: 'STORE_SCHEMA',
        message: expect.stringContaining('nowhere'),
      });
      await expect(database.query('selec')).rejects.toMatchObject({ code: 'STORE_REFUSED' });
    });

    it.each([
      ['53100', 'STORE_FULL'],
      ['53300', 'STORE_AWAY'],
      ['57P01', 'STORE_AWAY'],
      ['57014', 'STORE_AWAY'],
      ['42501', 'STORE_REFUSED'],
      ['22012', 'STORE_REFUSED'],
      ['XX001', 'STORE_DAMAGED'],
      ['42804', 'STORE_SCHEMA'],
    ])(
      'calls what the server calls %s a %s, and answers the next question',
      async (state, code) => {
        const { database } = world();
        const raise = `do $$ begin raise exception 'it says so' using errcode = '${state}'; end $$`;

        await expect(database.query(raise)).rejects.toMatchObject({ code });
        expect(await database.query('select 1 as one')).toEqual([{ one: '1' }]);
      },
    );

    it('does the work again where two of them are in each other’s way', async () => {
      const { database } = world();
      await database.query(insert('a'));
      await database.query(insert('b'));
      const touch = (first: string, second: string): Promise<void> =>
        database.transact(async (sql) => {
          await sql.query('update jobs set attempt = attempt + 1 where job_id = $1', [first]);
          await sql.query('select pg_sleep(0.05)');
          await sql.query('update jobs set attempt = attempt + 1 where job_id = $1', [second]);
        });

      await Promise.all([touch('a', 'b'), touch('b', 'a')]);

      expect(await database.query('select attempt from jobs')).toEqual([
        { attempt: '2' },
        { attempt: '2' },
      ]);
    });
  });
}
