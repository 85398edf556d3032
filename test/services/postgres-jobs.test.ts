import { expect, it } from 'vitest';
import type { Job } from '../../src/ports/relational/jobs.ts';
import type { RelationalStore } from '../../src/ports/relational/store.ts';
import { openPostgres } from '../../src/store/relational/postgres-database.ts';
import { openRelational } from '../../src/store/relational/relational-store.ts';
import { value } from '../contract/relational/answers.ts';
import { describeWith } from './describe-with.ts';
import { job, migratedServer } from './migrated-postgres.ts';
import { optionsOf, storeOptions } from './postgres-rig.ts';

const AWAY = { code: 'STORE_AWAY' };

await describeWith(['postgres'], 'a PostgreSQL at work', () => {
  const rig = migratedServer();

  it('cancels a statement that waits too long, and changes nothing', async () => {
    const database = openPostgres(optionsOf(rig.server, { statementMsMax: 300 }));

    await expect(
      database.transact(async (sql) => {
        await sql.query(`insert into jobs (job_id, kind, payload, queued_us, not_before_us,
          priority, attempts_max) values ('a', 'k', '{}', 1, 1, 0, 1)`);
        await sql.query('select pg_sleep(5)');
      }),
    ).rejects.toMatchObject({ ...AWAY, message: expect.stringContaining('took too long') });
    expect(await database.query('select * from jobs')).toEqual([]);
    await database.close();
  });

  it('J5 keeps nothing of a transaction whose connection was cut', async () => {
    const database = openPostgres(optionsOf(rig.server));
    const other = openPostgres(optionsOf(rig.server));

    await expect(
      database.transact(async (sql) => {
        await sql.query(`insert into jobs (job_id, kind, payload, queued_us, not_before_us,
          priority, attempts_max) values ('half', 'k', '{}', 1, 1, 0, 1)`);
        const [row] = await sql.query('select pg_backend_pid() as pid');
        await other.query('select pg_terminate_backend($1)', [row?.['pid']]);
        await sql.query('select 1');
      }),
    ).rejects.toMatchObject(AWAY);
    expect(await database.query('select * from jobs')).toEqual([]);
    await Promise.all([database.close(), other.close()]);
  });

  it('J5 gives each of two hundred jobs to one of eight workers of two pools', async () => {
    const second = openRelational(storeOptions(rig.server));
    for (let at = 0; at < 200; at += 1) value(await rig.store.jobs.enqueue(job(`job-${at}`)));
    const taken: Job[] = [];
    const work = async (queue: RelationalStore, worker: string): Promise<void> => {
      const wish = { worker, kinds: ['k'], nowUs: 50, leaseUs: 1_000_000 };
      for (;;) {
        const claimed = await queue.jobs.claim(wish);
        if (claimed === undefined) return;
        taken.push(claimed);
      }
    };

    await Promise.all(
      [1, 2, 3, 4].flatMap((at) => [work(rig.store, `a${at}`), work(second, `b${at}`)]),
    );

    expect(taken).toHaveLength(200);
    expect(new Set(taken.map(({ jobId }) => jobId)).size).toBe(200);
    await second.close();
  });
});
