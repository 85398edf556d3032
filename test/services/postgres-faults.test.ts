import { inspect } from 'node:util';
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

await describeWith(['postgres'], 'a PostgreSQL that fails', () => {
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

  it('J5 is away while it is gone, and answers when it is back', async () => {
    value(await store.jobs.enqueue(job('a')));
    await server?.kill('SIGQUIT');

    await expect(store.jobs.find('a')).rejects.toMatchObject(AWAY);
    await expect(store.jobs.enqueue(job('b'))).rejects.toMatchObject(AWAY);
    await server?.restart();

    expect((await store.jobs.find('a'))?.state).toBe('queued');
    expect(value(await store.jobs.enqueue(job('b'))).jobId).toBe('b');
  });

  it('J5 is away when it hangs, in the time that was set, and answers when it goes on', async () => {
    value(await store.jobs.enqueue(job('a')));
    const fresh = openRelational(storeOptions(server, { connectMsMax: 1_000 }));
    const began = performance.now();
    server?.pause();
    try {
      await expect(fresh.jobs.find('a')).rejects.toMatchObject(AWAY);
      expect(performance.now() - began).toBeLessThan(8_000);
    } finally {
      server?.resume();
    }

    expect((await fresh.jobs.find('a'))?.state).toBe('queued');
    await fresh.close();
  });

  it('J5 is away when it hangs in the middle, and answers on another connection', async () => {
    const database = openPostgres(optionsOf(server, { statementMsMax: 500 }));
    const [row] = await database.query('select pg_backend_pid() as pid');
    const backend = Number(row?.['pid']);
    process.kill(backend, 'SIGSTOP');
    try {
      await expect(database.query('select 1')).rejects.toMatchObject(AWAY);
      expect(await database.query('select 1 as one')).toEqual([{ one: '1' }]);
    } finally {
      process.kill(backend, 'SIGCONT');
    }
    await database.close();
  });

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

  it('J5 has every job that it acknowledged, once, after it was killed at work', async () => {
    const acknowledged: string[] = [];
    const send = async (sender: number): Promise<void> => {
      for (let at = 0; ; at += 1) {
        const jobId = `job-${sender}-${at}`;
        const sent = await store.jobs.enqueue(job(jobId)).catch(() => undefined);
        if (sent === undefined) return;
        acknowledged.push(jobId);
      }
    };
    const senders = [1, 2, 3, 4].map(send);
    while (acknowledged.length < 50) await new Promise((resolve) => setTimeout(resolve, 5));
    await server?.kill('SIGKILL');
    await Promise.all(senders);
    await server?.restart();

    const kept = await store.jobs.list({ limit: 100_000 });
    const ids = new Set(kept.map(({ jobId }) => jobId));
    expect(ids.size).toBe(kept.length);
    expect(acknowledged.filter((jobId) => !ids.has(jobId))).toEqual([]);
    // What was not acknowledged may be there: each sender had one under way.
    expect(kept.length - acknowledged.length).toBeLessThanOrEqual(4);
  });

  it('J5 gives each of two hundred jobs to one of eight workers in two processes’ pools', async () => {
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

  it.each([
    ['another password', { password: 'not-the-secret-7' }, 'is not the password of strata'],
    ['no password', { password: undefined }, 'STRATA_POSTGRES_PASSWORD is not set'],
    ['another database', { database: 'nope' }, 'database "nope" does not exist'],
    ['encryption, which it has not', { tls: 'verified' }, 'does not support SSL'],
  ] as const)('refuses %s, and tells no secret', async (_, given, message) => {
    const other = openRelational(storeOptions(server, given));

    const error = await other.status().catch((caught: unknown) => caught);

    expect(error).toMatchObject({
      code: 'STORE_REFUSED',
      message: expect.stringContaining(message),
    });
    const told = inspect(error, { depth: 20, showHidden: true });
    expect(told).not.toContain('not-the-secret-7');
    expect(told).not.toContain(server?.password ?? '');
    await other.close();
  });

  it('refuses what its user may not do', async () => {
    const database = openPostgres(optionsOf(server));
    await database.transact((sql) =>
      sql.script(`create role reader login password 'r'; grant usage on schema
        "strata-contract" to reader; grant select on all tables in schema "strata-contract" to reader`),
    );
    const reader = openRelational(storeOptions(server, { user: 'reader', password: 'r' }));

    expect(await reader.jobs.list()).toEqual([]);
    await expect(reader.jobs.enqueue(job('a'))).rejects.toMatchObject({ code: 'STORE_REFUSED' });
    await Promise.all([reader.close(), database.close()]);
  });

  it('J4 is not written to before a person migrated it', async () => {
    const options = storeOptions(server, { schema: 'empty' });
    const empty = openRelational(options);
    const refused = { code: 'STORE_SCHEMA', message: expect.stringContaining('store migrate') };

    await expect(empty.jobs.enqueue(job('a'))).rejects.toMatchObject(refused);
    const dry = await migrateRelational(options, { isDryRun: true });
    await expect(empty.jobs.enqueue(job('a'))).rejects.toMatchObject(refused);
    expect(await migrateRelational(options)).toEqual(dry);

    expect(value(await empty.jobs.enqueue(job('a'))).state).toBe('queued');
    expect(await empty.status()).toMatchObject({ version: dry.to });
    await empty.close();
  });
});

function job(jobId: string): NewJob {
  return { jobId, kind: 'k', payload: '{}', queuedUs: 10 };
}
