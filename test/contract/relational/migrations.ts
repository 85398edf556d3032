import { beforeEach, describe, expect, it } from 'vitest';
import { readCatalog } from '../../../src/store/relational/catalog.ts';
import { demandSchema, migrate } from '../../../src/store/relational/migrate.ts';
import { type Migration, readMigrations } from '../../../src/store/relational/migrations.ts';
import type { RelationalWorld } from './world.ts';

const ALL = readMigrations();
const LAST = ALL.length;

export function describeMigrations(world: () => RelationalWorld): void {
  describe('migrations', () => {
    beforeEach(async () => await world().wipe());
    const forward = (migrations: readonly Migration[]) => migrate(world().database, migrations);

    it('J4 make the same tables, one after another or at once', async () => {
      await forward(ALL);
      const atOnce = await everything(world());
      await world().wipe();
      await forward(upTo(1));
      await forward(ALL);

      expect(await everything(world())).toEqual(atOnce);
      expect(atOnce.length).toBeGreaterThan(100);
    });

    it.each(ALL.slice(0, -1).map(({ number, name }) => [name, number] as const))(
      'J4 go forward from %s with its rows in it',
      async (_, number) => {
        const { database } = world();
        await forward(upTo(number));
        const rows = ROWS.slice(0, number);
        for (const { insert } of rows) await database.query(insert);

        const report = await forward(ALL);

        expect(report).toMatchObject({ from: number, to: LAST });
        expect(report.steps).toEqual(ALL.slice(number).map(({ name }) => name));
        for (const { insert, table } of rows) {
          const kept = await database.query(`select count(*) as rows from ${table}`);
          expect(kept, insert).toEqual([{ rows: '1' }]);
        }
        await demandSchema(database, ALL);
      },
    );

    it('do nothing a second time, and in a dry run', async () => {
      const dry = await migrate(world().database, ALL, true);
      expect(dry).toMatchObject({ from: 0, to: LAST });
      expect(dry.steps).toHaveLength(LAST);
      await expect(demandSchema(world().database, ALL)).rejects.toMatchObject({
        code: 'STORE_SCHEMA',
        message: expect.stringContaining('strata store migrate'),
      });

      await forward(ALL);
      expect(await forward(ALL)).toMatchObject({ from: LAST, to: LAST, steps: [] });
    });

    it('are made once where two processes migrate at the same moment', async () => {
      await Promise.all([forward(ALL), forward(ALL), forward(ALL)]);

      await demandSchema(world().database, ALL);
    });

    it('keep nothing of a step that fails', async () => {
      await forward(upTo(2));
      const broken = {
        number: 3,
        name: '0003-broken',
        sql: 'create table half (x integer); select nonsense;',
        checksum: 'c',
      };

      await expect(forward([...ALL.slice(0, 2), broken])).rejects.toMatchObject({
        code: 'STORE_SCHEMA',
      });
      expect(await world().database.query(`select to_regclass('half') as half`)).toEqual([
        { half: undefined },
      ]);
      expect(await forward(ALL)).toMatchObject({ from: 2, to: LAST });
    });

    it('J4 refuse tables of a newer build, and of a migration that was changed since', async () => {
      await forward(ALL);
      const changed = ALL.map((one) => (one.number === 2 ? { ...one, checksum: 'other' } : one));

      await expect(forward(upTo(LAST - 1))).rejects.toMatchObject({
        code: 'STORE_SCHEMA',
        message: expect.stringContaining(`${ALL.at(-1)?.name}, which is newer`),
      });
      await expect(forward(changed)).rejects.toMatchObject({
        code: 'STORE_SCHEMA',
        message: expect.stringContaining('another 0002-jobs than this build has'),
      });
    });

    it.each([
      ['a column that is gone', 'alter table scans drop column took_us', 'scans.took_us'],
      [
        'another type',
        'alter table jobs alter priority type bigint',
        'is now jobs.priority bigint',
      ],
      ['a rule that is gone', 'drop index one_active_model_of_a_type', 'one_active_model'],
      ['a guard that is off', 'alter table policy_versions disable trigger all', 'is_kept'],
      ['another function', OTHER_FUNCTION, 'function keep_a_model_active'],
      ['a table that is gone', 'drop table scan_hits', 'scan_hits'],
    ])('find %s, altered by hand', async (_, sql, named) => {
      await forward(ALL);
      await world().database.transact((statements) => statements.script(sql));
      const refused = { code: 'STORE_SCHEMA', message: expect.stringContaining(named) };

      await expect(demandSchema(world().database, ALL)).rejects.toMatchObject(refused);
      await expect(forward(ALL)).rejects.toMatchObject(refused);
    });

    it('leave alone what a person adds', async () => {
      await forward(ALL);
      await world().database.transact((sql) =>
        sql.script('create table mine (x integer); create index my_own on jobs (failure)'),
      );

      await demandSchema(world().database, ALL);
    });

    it('do not take over tables that somebody else has there', async () => {
      const { database } = world();
      const { schema } = database;
      await database.transact((sql) =>
        sql.script(`create schema "${schema}"; create table "${schema}".jobs (mine integer)`),
      );

      await expect(forward(ALL)).rejects.toMatchObject({
        code: 'STORE_SCHEMA',
        message: expect.stringContaining('"jobs" already exists'),
      });
      expect(await database.query('select mine from jobs')).toEqual([]);
    });
  });
}

/** With the text of every view, which the check of hands leaves out. */
async function everything({ database }: RelationalWorld): Promise<readonly string[]> {
  const views = await database.query(
    `select viewname, definition from pg_views where schemaname = current_schema()`,
  );
  const lines = views.map(({ viewname, definition }) => `${viewname} ${definition}`);
  return [...(await readCatalog(database)), ...lines].toSorted();
}

/** It lets a type lose its last active model. */
const OTHER_FUNCTION = `create or replace function keep_a_model_active() returns trigger
  language plpgsql as 'begin return null; end'`;

/** What a build of that version knows. */
function upTo(number: number): readonly Migration[] {
  return ALL.slice(0, number);
}

/** A row that each migration makes possible. */
const ROWS = [
  {
    table: 'sessions',
    insert: `insert into sessions values ('s', 'demo', 'seed 7', 1, 'c', 'b', 20, false)`,
  },
  {
    table: 'jobs',
    insert: `insert into jobs (job_id, kind, payload, queued_us, not_before_us, priority,
      attempts_max) values ('a', 'k', '{}', 1, 1, 0, 1)`,
  },
  {
    table: 'policy_versions',
    insert: `insert into policy_versions values ('p', 1, 'c', '1', 'ana', 'why', 1, true)`,
  },
  {
    table: 'scan_hits',
    insert: `with scan as (insert into scans values ('s', 'x', null, 1, 1, 1, 1) returning scan_id)
      insert into scan_hits select scan_id, 1, 'AAPL', 0.5, '{}' from scan`,
  },
] as const;
