import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Job, NewJob } from '../../src/ports/relational/jobs.ts';
import type { RelationalStore } from '../../src/ports/relational/store.ts';
import { openPostgres } from '../../src/store/relational/postgres-database.ts';
import { migrateRelational, openRelational } from '../../src/store/relational/relational-store.ts';
import { value } from '../contract/relational/answers.ts';
import { describeWith } from './describe-with.ts';
import { optionsOf, storeOptions } from './postgres-rig.ts';
import { type PostgresServer, startPostgres } from './postgres.ts';

const AWAY = { code: 'STORE_AWAY' };

await describeWith(['postgres'], 'a PostgreSQL at work', () => {
  let server: PostgresServer | undefined;
  let store: RelationalStore;
  beforeAll(async () => {
    server = await startPostgres({ settings: { wal_level: 'minimal', max_wal_senders: '0' } });
    await migrateRelational(storeOptions(server));
    store = openRelational(storeOptions(server, { statementMsMax: 2_000, connectMsMax: 2_000 }));
  }, 120_000);
  beforeEach(async () => {
    const database = openPostgres(optionsOf(server));
    await database.query('truncate jobs');
    await database.close();
  });
  afterAll(async () => {
    await store.close();
    await server?.stop();
  }, 60_000);

  it('cancels a statement that waits too long, and changes nothing', async () => {
    const database = openPostgres(optionsOf(server, { statementMsMax: 300 }));

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
    const database = openPostgres(optionsOf(server));
    const other = openPostgres(optionsOf(server));

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
    const second = openRelational(storeOptions(server));
    for (let at = 0; at < 200; at += 1) value(await store.jobs.enqueue(job(`job-${at}`)));
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
      [1, 2, 3, 4].flatMap((at) => [work(store, `a${at}`), work(second, `b${at}`)]),
    );

    expect(taken).toHaveLength(200);
    expect(new Set(taken.map(({ jobId }) => jobId)).size).toBe(200);
    await second.close();
  });
});

function job(jobId: string): NewJob {
  return { jobId, kind: 'k', payload: '{}', queuedUs: 10 };
}
