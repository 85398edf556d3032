import { expect, it } from 'vitest';
import { openPostgres } from '../../src/store/relational/postgres-database.ts';
import { openRelational } from '../../src/store/relational/relational-store.ts';
import { value } from '../contract/relational/answers.ts';
import { describeWith } from './describe-with.ts';
import { job, migratedServer } from './migrated-postgres.ts';
import { optionsOf, storeOptions } from './postgres-rig.ts';

const AWAY = { code: 'STORE_AWAY' };

await describeWith(['postgres'], 'a PostgreSQL that goes away', () => {
  const rig = migratedServer();

  it('J5 is away while it is gone, and answers when it is back', async () => {
    value(await rig.store.jobs.enqueue(job('a')));
    await rig.server.kill('SIGQUIT');

    await expect(rig.store.jobs.find('a')).rejects.toMatchObject(AWAY);
    await expect(rig.store.jobs.enqueue(job('b'))).rejects.toMatchObject(AWAY);
    await rig.server.restart();

    expect((await rig.store.jobs.find('a'))?.state).toBe('queued');
    expect(value(await rig.store.jobs.enqueue(job('b'))).jobId).toBe('b');
  });

  it('J5 is away in the time that was set when it hangs, and then goes on', async () => {
    value(await rig.store.jobs.enqueue(job('a')));
    const fresh = openRelational(storeOptions(rig.server, { connectMsMax: 1_000 }));
    const began = performance.now();
    rig.server.pause();
    try {
      await expect(fresh.jobs.find('a')).rejects.toMatchObject(AWAY);
      expect(performance.now() - began).toBeLessThan(8_000);
    } finally {
      rig.server.resume();
    }

    expect((await fresh.jobs.find('a'))?.state).toBe('queued');
    await fresh.close();
  });

  it('J5 is away when it hangs in the middle, and answers on another connection', async () => {
    const database = openPostgres(optionsOf(rig.server, { statementMsMax: 500 }));
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
        const sent = await rig.store.jobs.enqueue(job(jobId)).catch(() => undefined);
        if (sent === undefined) return;
        acknowledged.push(jobId);
      }
    };
    const senders = [1, 2, 3, 4].map(send);
    while (acknowledged.length < 50) await new Promise((resolve) => setTimeout(resolve, 5));
    await rig.server.kill('SIGKILL');
    await Promise.all(senders);
    await rig.server.restart();

    const kept = await rig.store.jobs.list({ limit: 100_000 });
    const ids = new Set(kept.map(({ jobId }) => jobId));
    expect(ids.size).toBe(kept.length);
    expect(acknowledged.filter((jobId) => !ids.has(jobId))).toEqual([]);
    // What was not acknowledged may be there: each sender had one under way.
    expect(kept.length - acknowledged.length).toBeLessThanOrEqual(4);
  });
});
