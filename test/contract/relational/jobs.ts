import { beforeEach, describe, expect, it } from 'vitest';
import type { JobQueue, NewJob } from '../../../src/ports/relational/jobs.ts';
import type { RelationalWorld } from './world.ts';
import { refusal, value } from './answers.ts';

export function describeJobs(world: () => RelationalWorld): void {
  describe('the queue of jobs', () => {
    beforeEach(async () => await world().clean());
    const jobs = (): JobQueue => world().store.jobs;
    const claim = (worker: string, nowUs: number) =>
      jobs().claim({ worker, kinds: ['backfill'], nowUs, leaseUs: 100 });

    it('J5 takes a job once, whoever sends it again', async () => {
      const first = value(await jobs().enqueue(job('a')));

      expect(first).toEqual({
        ...job('a'),
        notBeforeUs: 10,
        priority: 0,
        attemptsMax: 3,
        state: 'queued',
        attempt: 0,
      });
      expect(value(await jobs().enqueue(job('a')))).toEqual(first);
      expect(refusal(await jobs().enqueue({ ...job('a'), payload: '{}' }))).toBe('IDENTITY_REUSED');
      expect(await jobs().list()).toHaveLength(1);
    });

    it('gives the highest priority first, then the oldest, and only what is due', async () => {
      await jobs().enqueue(job('old'));
      await jobs().enqueue({ ...job('new'), queuedUs: 11 });
      await jobs().enqueue({ ...job('urgent'), queuedUs: 12, priority: 5 });
      await jobs().enqueue({ ...job('later'), notBeforeUs: 900, priority: 9 });
      await jobs().enqueue({ ...job('other'), kind: 'train', priority: 9 });

      const given = [];
      for (let at = 0; at < 4; at += 1) given.push((await claim('w', 50))?.jobId);

      expect(given).toEqual(['urgent', 'old', 'new', undefined]);
      expect((await claim('w', 900))?.jobId).toBe('later');
    });

    it('J5 gives no job to two workers, however many ask at once', async () => {
      for (let at = 0; at < 20; at += 1) await jobs().enqueue(job(`job-${at}`));

      const claims = await Promise.all(Array.from({ length: 30 }, (_, at) => claim(`w${at}`, 50)));
      const given = claims.flatMap((one) => (one === undefined ? [] : [one.jobId]));

      expect(new Set(given).size).toBe(given.length);
      expect(given).toHaveLength(20);
    });

    it('ends a job for the worker that has it, also when it says so twice', async () => {
      await jobs().enqueue(job('a'));
      const mine = await claim('w', 50);

      expect(mine).toMatchObject({ state: 'running', attempt: 1, worker: 'w', leaseUntilUs: 150 });
      const ended = value(await jobs().complete({ jobId: 'a', attempt: 1 }, 60, '{"rows":7}'));

      expect(ended).toMatchObject({ state: 'done', endedUs: 60, result: '{"rows":7}' });
      expect(value(await jobs().complete({ jobId: 'a', attempt: 1 }, 61, '{"rows":7}'))).toEqual(
        ended,
      );
      expect(refusal(await jobs().complete({ jobId: 'a', attempt: 1 }, 61, '{}'))).toBe(
        'CLAIM_LOST',
      );
      expect(await claim('w', 1_000)).toBeUndefined();
    });

    it('gives a job anew when its lease has run out, and hears no more of who had it', async () => {
      await jobs().enqueue(job('a'));
      await claim('dead', 50);

      expect(await claim('w', 149)).toBeUndefined();
      expect(await claim('w', 150)).toMatchObject({ jobId: 'a', attempt: 2, worker: 'w' });
      const old = { jobId: 'a', attempt: 1 };
      expect(refusal(await jobs().complete(old, 160, '1'))).toBe('CLAIM_LOST');
      expect(refusal(await jobs().extend(old, 999))).toBe('CLAIM_LOST');
      expect(refusal(await jobs().fail(old, { atUs: 160, failure: 'x' }))).toBe('CLAIM_LOST');
      expect((await jobs().find('a'))?.state).toBe('running');
    });

    it('keeps a job whose worker says that it is still at it', async () => {
      await jobs().enqueue(job('a'));
      await claim('w', 50);

      value(await jobs().extend({ jobId: 'a', attempt: 1 }, 500));

      expect(await claim('other', 499)).toBeUndefined();
      expect((await claim('other', 500))?.attempt).toBe(2);
    });

    it('tries again until the attempts are used up, then calls it failed', async () => {
      await jobs().enqueue({ ...job('a'), attemptsMax: 2 });
      await claim('w', 50);
      const failure = { atUs: 60, failure: 'no data', retryAtUs: 80 };

      const again = value(await jobs().fail({ jobId: 'a', attempt: 1 }, failure));
      expect(again).toMatchObject({ state: 'queued', notBeforeUs: 80, failure: 'no data' });
      expect(value(await jobs().fail({ jobId: 'a', attempt: 1 }, failure))).toEqual(again);
      expect(await claim('w', 79)).toBeUndefined();
      expect((await claim('w', 80))?.attempt).toBe(2);

      const last = { jobId: 'a', attempt: 2 };
      expect(value(await jobs().fail(last, { ...failure, atUs: 90 }))).toMatchObject({
        state: 'failed',
        endedUs: 90,
      });
    });

    it('calls a job failed whose last worker never came back', async () => {
      await jobs().enqueue({ ...job('a'), attemptsMax: 1 });
      await claim('dead', 50);

      expect(await claim('w', 150)).toBeUndefined();
      expect(await jobs().find('a')).toMatchObject({
        state: 'failed',
        endedUs: 150,
        failure: 'the lease of the last attempt ran out',
      });
    });

    it('J5 has one open job of a key, by a rule of the database', async () => {
      const keyed = (jobId: string): NewJob => ({ ...job(jobId), key: 'retrain' });
      await jobs().enqueue(keyed('a'));

      expect(refusal(await jobs().enqueue(keyed('b')))).toBe('KEY_BUSY');
      await claim('w', 50);
      expect(refusal(await jobs().enqueue(keyed('b')))).toBe('KEY_BUSY');
      await jobs().complete({ jobId: 'a', attempt: 1 }, 60, '1');
      expect(refusal(await jobs().enqueue(keyed('b')))).toBe('done');
    });

    it('gives no job away early when the clock steps back', async () => {
      await jobs().enqueue(job('a'));
      await claim('w', 50);

      expect(await claim('other', 20)).toBeUndefined();
      expect(refusal(await jobs().complete({ jobId: 'a', attempt: 1 }, 5, '1'))).toBe('done');
      expect((await jobs().find('a'))?.endedUs).toBe(5);
    });

    it('refuses a payload that is no JSON', async () => {
      await expect(jobs().enqueue({ ...job('a'), payload: 'nope' })).rejects.toMatchObject({
        code: 'STORE_REFUSED',
      });
      expect(await jobs().list()).toEqual([]);
    });

    it('lists by state and kind, newest first', async () => {
      await jobs().enqueue(job('a'));
      await jobs().enqueue({ ...job('b'), queuedUs: 11 });
      await jobs().enqueue({ ...job('c'), queuedUs: 12, kind: 'train' });
      await claim('w', 50);
      const ids = async (filter: Parameters<JobQueue['list']>[0]) =>
        (await jobs().list(filter)).map(({ jobId }) => jobId);

      expect(await ids({})).toEqual(['c', 'b', 'a']);
      expect(await ids({ state: 'queued' })).toEqual(['c', 'b']);
      expect(await ids({ kind: 'backfill', limit: 1 })).toEqual(['b']);
    });
  });
}

function job(jobId: string): NewJob {
  return { jobId, kind: 'backfill', payload: '{"days": 90}', queuedUs: 10 };
}
