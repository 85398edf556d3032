import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { NewJob } from '../../src/ports/relational/jobs.ts';
import type { RelationalStore } from '../../src/ports/relational/store.ts';
import { openPostgres } from '../../src/store/relational/postgres-database.ts';
import { migrateRelational, openRelational } from '../../src/store/relational/relational-store.ts';
import { value } from '../contract/relational/answers.ts';
import { describeWith } from './describe-with.ts';
import { optionsOf, storeOptions } from './postgres-rig.ts';
import { type PostgresServer, startPostgres } from './postgres.ts';

const AWAY = { code: 'STORE_AWAY' };

await describeWith(['postgres'], 'a PostgreSQL that goes away', () => {
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

  it('J5 is away in the time that was set when it hangs, and then goes on', async () => {
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
});

function job(jobId: string): NewJob {
  return { jobId, kind: 'k', payload: '{}', queuedUs: 10 };
}
