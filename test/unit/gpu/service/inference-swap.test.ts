import { describe, expect, it } from 'vitest';
import { momentumSource } from '../../../inference-models.ts';
import { PlayedInference, settle, told, versionOf } from './played-inference.ts';

const SECOND = 'momentum-1@00000002';

describe('a model that is swapped', () => {
  it('answers what was sent before with the old version, and the next with the new', async () => {
    const played = await PlayedInference.start();
    const { worker, stage } = played;
    const before = played.ask([0.1]);
    await settle();
    const swapping = stage.service.swap(momentumSource);
    const meanwhile = played.ask([0.2]);
    await settle();
    worker.load({ version: SECOND });
    expect(await swapping).toEqual({
      isSwapped: true,
      model: 'momentum-1',
      version: SECOND,
      replaced: 'momentum-1@00000001',
    });
    worker.score();
    worker.score();
    await settle();

    expect([before, meanwhile].map(told)).toEqual([[0.1], [0.2]]);
    expect(versionOf(before)).toBe('momentum-1@00000001');
    expect(versionOf(meanwhile)).toBe(SECOND);
    expect(worker.released).toEqual([1]);
    expect(stage.service.models()).toEqual(new Map([['momentum-1', SECOND]]));
    expect(played.counts).toMatchObject({ swaps: 1, swapsRefused: 0, done: 2 });
  });

  it.each([
    ['that no backend takes', 'INFERENCE_REFUSED', /MODEL_CHANGED: edited/],
    ['while its thread dies', 'INFERENCE_DIED', /out of memory/],
  ])('leaves the old one where it is, %s', async (why, code, reason) => {
    const played = await PlayedInference.start();
    const { worker, stage } = played;
    const swapping = stage.service.swap(momentumSource);
    if (why.startsWith('that')) worker.refuse('MODEL_CHANGED', 'edited');
    else worker.end('out of memory');
    expect(await swapping).toMatchObject({ isSwapped: false, code });
    expect(await swapping).toMatchObject({ reason: expect.stringMatching(reason) });
    if (!why.startsWith('that')) played.load();
    await settle();
    const asking = played.ask([0.1]);
    await settle();
    worker.score();
    await settle();

    expect(versionOf(asking)).toBe('momentum-1@00000001');
    expect(stage.failures).toEqual([]);
    expect(played.counts).toMatchObject({ swaps: 0, swapsRefused: 1 });
  });

  it.each([
    ['another layout', { layoutHash: 'ffffffffffffffff' }, {}, /MODEL_LAYOUT/],
    ['wider rows than there is room for', { width: 999 }, undefined, /MODEL_WIDTH/],
    ['narrower rows', { width: 11 }, { width: 11 }, /MODEL_WIDTH/],
    ['other columns', {}, { columns: ['return'] as const }, /MODEL_VERSION/],
  ])('M3 is refused for %s, and the new one let go', async (_, change, facts, reason) => {
    const played = await PlayedInference.start();
    const swapping = played.stage.service.swap({ ...momentumSource, ...change });
    if (facts !== undefined) played.worker.load({ version: SECOND, ...facts });
    expect(await swapping).toMatchObject({
      isSwapped: false,
      code: 'INFERENCE_REFUSED',
      reason: expect.stringMatching(reason),
    });

    expect(played.worker.released).toEqual(facts === undefined ? [] : [2]);
    expect(played.stage.service.models().get('momentum-1')).toBe('momentum-1@00000001');
  });

  it('is what the next thread begins with, and the next instance', async () => {
    const played = await PlayedInference.start({ replacementsMax: 0 });
    const { worker, stage } = played;
    const newer = { ...momentumSource, version: SECOND };
    const swapping = stage.service.swap(newer);
    worker.load({ version: SECOND });
    await swapping;
    worker.end('gone');
    expect(stage.failures).toHaveLength(1);
    const next = stage.make();
    const started = next.start();
    worker.load({ version: SECOND });
    await started;

    expect(worker.sources).toEqual([momentumSource, newer, newer]);
  });

  it('does nothing where nothing runs', async () => {
    const played = await PlayedInference.start();
    await Promise.race([played.stage.provider.stop(), settle()]);

    expect(await played.stage.service.swap(momentumSource)).toMatchObject({
      isSwapped: false,
      code: 'INFERENCE_STOPPED',
    });
  });
});

describe('a thread that dies', () => {
  it('M1 has its batch and its queue computed by the next', async () => {
    const played = await PlayedInference.start();
    const { worker, stage } = played;
    const askings = [played.ask([0.1])];
    await settle();
    askings.push(played.ask([0.2, 0.3]));
    worker.end('killed');
    expect(stage.said).toContain('health degraded the inference thread ended: killed');
    askings.push(played.ask([0.4]));
    await settle();
    played.load();
    await settle();
    while (worker.isBusy) worker.score();
    await settle();

    expect(askings.map(told)).toEqual([[0.1], [0.2, 0.3], [0.4]]);
    expect(worker.threads).toBe(2);
    expect(stage.failures).toEqual([]);
    expect(stage.said.at(-1)).toBe('health up its thread was replaced');
    expect(played.counts).toMatchObject({ deaths: 1, rerun: 1, done: 3, failed: 0 });
  });

  it('M2 answers as expired what the next thread cannot compute in time', async () => {
    const played = await PlayedInference.start();
    const asking = played.ask([0.1]);
    await settle();
    played.worker.end('killed');
    played.stage.time.advance(500);
    await settle();
    expect(told(asking)).toBe('INFER_LATE');
    played.load();
    await settle();

    expect(played.worker.batches).toEqual([1]);
    expect(played.stage.time.pending).toBe(0);
  });

  it('M1 fails what has killed two threads, and goes on with the others', async () => {
    const played = await PlayedInference.start();
    const { worker } = played;
    const poison = played.ask([0.1]);
    await settle();
    worker.end('killed');
    played.load();
    await settle();
    const bystander = played.ask([0.2]);
    await settle();
    worker.end('killed again');
    played.load();
    await settle();
    worker.score();
    await settle();

    expect(poison.answer).toMatchObject({ outcome: 'failed', code: 'INFER_DIED' });
    expect(told(bystander)).toEqual([0.2]);
  });

  it('G1 is given to the supervisor when it dies too often in a minute', async () => {
    const played = await PlayedInference.start({ replacementsMax: 2 });
    for (let death = 1; death <= 2; death += 1) {
      played.worker.end(`death ${death}`);
      played.load();
      await settle();
    }
    played.stage.time.advance(60_000); // The first two are forgotten.
    played.worker.end('death 3');
    played.load();
    await settle();
    expect(played.stage.failures).toEqual([]);
    played.worker.end('death 4');
    played.worker.end('death 5 comes while it is replaced');
    await settle();

    expect(played.stage.failures).toMatchObject([{ code: 'INFERENCE_DIED' }]);
    expect(played.worker.threads).toBe(5);
  });
});
