import { describe, expect, it } from 'vitest';
import type { LayerPolicies } from '../../../../src/gpu/service/layer-policy.ts';
import { EFFECTS } from '../../../../src/ports/effect.ts';
import type { EffectAnswer } from '../../../../src/ports/service.ts';
import { momentumSource } from '../../../inference-models.ts';
import { PlayedWorker } from './played-worker.ts';
import { EAGER_LAYERS, ServiceStage } from './service-stage.ts';

const WIDTH = momentumSource.width;

/** Rows whose scores the played worker makes of their first features. */
function rowsOf(...scores: readonly number[]): Float64Array {
  const features = new Float64Array(scores.length * WIDTH);
  scores.forEach((score, row) => features.fill(score, row * WIDTH, (row + 1) * WIDTH));
  return features;
}

/** Lets promises that are ready settle. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function open(
  options: ConstructorParameters<typeof ServiceStage>[0] = {},
  speed = 1,
): Promise<{ stage: ServiceStage; worker: PlayedWorker; ask(...scores: number[]): Asking }> {
  const worker = new PlayedWorker();
  const stage = new ServiceStage({ openWorker: worker.open, ...options }, speed);
  const started = stage.provider.start();
  worker.load();
  await started;
  const ask = (...scores: number[]): Asking => {
    const asking: Asking = { answer: undefined };
    void stage.provider.perform(stage.request(rowsOf(...scores))).then((answer) => {
      asking.answer = answer;
    });
    return asking;
  };
  return { stage, worker, ask };
}

interface Asking {
  answer: EffectAnswer | undefined;
}

/** Batches of so many rows in every layer. */
function batchesOf(batchMax: number): LayerPolicies {
  const [a, b, c, d] = EAGER_LAYERS;
  return [
    { ...a, batchMax },
    { ...b, batchMax },
    { ...c, batchMax },
    { ...d, batchMax },
  ];
}

function done(...scores: number[]): EffectAnswer {
  return {
    outcome: 'done',
    scores: Float64Array.from(scores),
    modelVersion: 'momentum-1@d04686b5',
  };
}

describe('the inference service', () => {
  it('is asked for scores and nothing else', () => {
    const { service } = new ServiceStage();
    const kinds = ['submitOrder', 'cancelOrder', 'infer', 'alert', 'reconcile'] as const;

    expect(kinds.filter((kind) => service.handles(kind))).toEqual(['infer']);
    expect(Object.keys(EFFECTS)).toEqual(expect.arrayContaining([...kinds]));
    expect(service.service).toBe('inference');
  });

  it('sends what is asked in one turn as one batch, and gives each its own scores', async () => {
    const { worker, ask, stage } = await open();
    const askings = [ask(0.1), ask(0.2, 0.3), ask(0.4)];
    await settle();
    expect(worker.batches).toEqual([4]);
    worker.score();
    await settle();

    expect(askings.map(({ answer }) => answer)).toEqual([done(0.1), done(0.2, 0.3), done(0.4)]);
    expect(stage.service.counts()).toMatchObject({ requests: 3, batches: 1, rows: 4, done: 3 });
  });

  it('sends what came while the thread was busy as one batch when it is free', async () => {
    const { worker, ask } = await open();
    ask(0.1);
    await settle();
    const later = [ask(0.2), ask(0.3)];
    await settle();
    expect(worker.batches).toEqual([1]);
    worker.score();
    expect(worker.batches).toEqual([1, 2]);
    worker.score();
    await settle();

    expect(later.map(({ answer }) => answer)).toEqual([done(0.2), done(0.3)]);
  });

  it('puts no more rows into a batch than it has room for, in the order they came', async () => {
    const { worker, ask } = await open({ rowsMax: 3, layers: batchesOf(3) });
    const askings = [ask(0.1, 0.2), ask(0.3, 0.4), ask(0.5)];
    await settle();
    worker.score();
    worker.score();
    await settle();

    expect(worker.batches).toEqual([2, 3]);
    expect(askings.map(({ answer }) => answer)).toEqual([
      done(0.1, 0.2),
      done(0.3, 0.4),
      done(0.5),
    ]);
  });

  it('keeps the scores it gave when the next batch overwrites the shared memory', async () => {
    const { worker, ask } = await open();
    const first = ask(0.1);
    await settle();
    worker.score();
    ask(0.9);
    await settle();
    worker.score();
    await settle();

    expect(first.answer).toEqual(done(0.1));
  });

  it('M2 answers a request past its deadline as expired, and throws its scores away', async () => {
    const { worker, ask, stage } = await open();
    const asking = ask(0.1);
    await settle();
    stage.time.advance(499);
    await settle();
    expect(asking.answer).toBeUndefined();
    stage.time.advance(1);
    await settle();
    expect(asking.answer).toMatchObject({ outcome: 'expired', code: 'INFER_LATE' });
    worker.score();
    await settle();

    expect(asking.answer).toMatchObject({ outcome: 'expired' });
    expect(stage.service.counts()).toMatchObject({ done: 0, expired: 1, late: 1 });
    expect(stage.time.pending).toBe(0);
  });

  it('M2 never gives the late scores of one request to another', async () => {
    const { worker, ask, stage } = await open();
    ask(0.1);
    await settle();
    stage.time.advance(500);
    const fresh = ask(0.7);
    worker.score();
    worker.score();
    await settle();

    expect(fresh.answer).toEqual(done(0.7));
  });

  it('M2 sends nothing to the model that expired while it waited', async () => {
    const { worker, ask, stage } = await open();
    ask(0.1);
    await settle();
    ask(0.2);
    stage.time.advance(400);
    const fresh = ask(0.3);
    stage.time.advance(100);
    worker.score();
    expect(worker.batches).toEqual([1, 1]);
    worker.score();
    await settle();

    expect(fresh.answer).toEqual(done(0.3));
  });

  it('M2 calls late what the clock says is late, even before its timer ran', async () => {
    const { worker, ask, stage } = await open();
    const asking = ask(0.1);
    await settle();
    stage.time.stepMarket(500_001);
    worker.score();
    await settle();

    expect(asking.answer).toMatchObject({ outcome: 'expired', code: 'INFER_LATE' });
    expect(stage.service.counts()).toMatchObject({ done: 0, expired: 1, late: 1 });
  });

  it('M2 refuses at once what was asked too long ago', async () => {
    const { worker, stage } = await open();
    const old = stage.request(rowsOf(0.1));
    stage.time.advance(501);

    expect(await stage.provider.perform(old)).toMatchObject({ outcome: 'expired' });
    expect(worker.batches).toEqual([]);
    expect(stage.time.pending).toBe(0);
  });

  it('M2 waits half a second of the wall, however fast the market runs', async () => {
    const { ask, stage } = await open({}, 20);
    const asking = ask(0.1);
    await settle();
    stage.time.advance(499);
    await settle();
    expect(asking.answer).toBeUndefined();
    stage.time.advance(1);
    await settle();

    expect(asking.answer).toMatchObject({ outcome: 'expired' });
  });

  it.each([Number.NaN, Infinity, -Infinity])(
    'M3 lets no score of %s out, and spoils no other request with it',
    async (score) => {
      const { worker, ask, stage } = await open();
      const askings = [ask(0.1), ask(0.2, score), ask(0.3)];
      await settle();
      worker.score();
      await settle();

      expect(askings.map(({ answer }) => answer?.code ?? answer?.outcome)).toEqual([
        'done',
        'INFER_NOT_A_NUMBER',
        'done',
      ]);
      expect(askings[1]?.answer).not.toHaveProperty('scores');
      expect(stage.service.counts()).toMatchObject({ done: 2, failed: 1 });
    },
  );

  it('M3 refuses questions that are not the model`s', async () => {
    const { stage, worker } = await open({ rowsMax: 2 });
    const { provider } = stage;
    const ask = (...asked: Parameters<ServiceStage['request']>) =>
      provider.perform(stage.request(...asked));

    expect(await ask(rowsOf(0.1), { model: 'other' })).toMatchObject({
      outcome: 'refused',
      code: 'INFER_MODEL_UNKNOWN',
    });
    expect(await ask(new Float64Array(11), { width: 11 })).toMatchObject({
      outcome: 'failed',
      code: 'INFER_WIDTH',
    });
    expect(await ask(new Float64Array(25))).toMatchObject({ code: 'INFER_WIDTH' });
    expect(await ask(rowsOf(1, 2, 3))).toMatchObject({ code: 'INFER_ROWS_MAX' });
    expect(worker.posted).toEqual([]);
    expect(stage.service.counts()).toMatchObject({ requests: 4, refused: 1, failed: 3 });
  });

  it('refuses more requests than may wait', async () => {
    const { ask, stage } = await open();
    ask(0.1);
    await settle(); // Under way; four may wait behind it.
    const waiting = [ask(0.2), ask(0.3), ask(0.4), ask(0.5), ask(0.6)];
    await settle();

    expect(waiting.map(({ answer }) => answer?.code)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      'INFER_BUSY',
    ]);
    expect(stage.service.counts().failed).toBe(1);
  });

  it('says that a batch failed, and goes on with the next', async () => {
    const { worker, ask, stage } = await open();
    const failed = ask(0.1);
    await settle();
    const next = ask(0.2);
    worker.score({ faults: ['out of memory'] });
    worker.score();
    await settle();

    expect(failed.answer).toMatchObject({ outcome: 'failed', code: 'INFER_FAILED' });
    expect(failed.answer?.message).toContain('out of memory');
    expect(next.answer).toEqual(done(0.2));
    expect(stage.failures).toEqual([]);
  });

  it('M1 tells when plain JavaScript takes over, from the start or in a batch', async () => {
    const worker = new PlayedWorker();
    const stage = new ServiceStage({ openWorker: worker.open, backend: 'onnx' });
    const started = stage.provider.start();
    worker.load({ fellBack: 'not installed' });
    await started;
    expect(stage.said).toContain('health degraded not installed');
    const answer = stage.provider.perform(stage.request(rowsOf(0.1)));
    await settle();
    worker.score({ fellBack: 'device lost' });

    expect(await answer).toEqual(done(0.1));
    expect(stage.said.slice(-2)).toEqual([
      'log warn inferenceFellBack',
      'health degraded device lost',
    ]);
    expect(stage.service.counts().fallbacks).toBe(2);
  });

  it('M1 fails with all that is under way when threads die too often', async () => {
    const { worker, ask, stage } = await open({ replacementsMax: 0 });
    const askings = [ask(0.1)];
    await settle();
    askings.push(ask(0.2));
    worker.end('out of memory');
    await settle();

    for (const { answer } of askings) {
      expect(answer).toMatchObject({ outcome: 'failed', code: 'INFER_DIED' });
    }
    expect(stage.failures).toMatchObject([{ code: 'INFERENCE_DIED' }]);
    expect(stage.failures).toHaveLength(1);
    expect(stage.failures[0]?.message).toContain('out of memory');
    expect(stage.time.pending).toBe(0);
    await stage.provider.stop();
    expect(stage.failures).toHaveLength(1);
  });

  it('M1 fails when its thread hangs, and ends the thread', async () => {
    const { worker, ask, stage } = await open({ batchMsMax: 2_000 });
    const expired = ask(0.1);
    await settle();
    stage.time.advance(1_600);
    const fresh = ask(0.2);
    stage.time.advance(399);
    expect(stage.failures).toEqual([]);
    stage.time.advance(1);
    await settle();

    expect(expired.answer).toMatchObject({ outcome: 'expired' });
    expect(fresh.answer).toMatchObject({ outcome: 'failed', code: 'INFER_DIED' });
    expect(stage.failures).toMatchObject([{ code: 'INFERENCE_HUNG' }]);
    expect(worker.isTerminated).toBe(true);
    expect(stage.service.counts().deaths).toBe(1);
  });

  it('M3 does not start with a model that is refused, and says why', async () => {
    const worker = new PlayedWorker();
    const stage = new ServiceStage({ openWorker: worker.open });
    const started = stage.provider.start();
    worker.refuse('MODEL_LAYOUT', 'needs other features');
    worker.end('it ended with code 0');

    await expect(started).rejects.toMatchObject({
      code: 'INFERENCE_REFUSED',
      message: 'MODEL_LAYOUT: needs other features',
    });
    expect(stage.failures).toEqual([]); // The rejected start has said it.
  });

  it('answers what is under way when it is stopped, and ends a thread that will not', async () => {
    const { worker, ask, stage } = await open({ stopMsMax: 500 });
    const asking = ask(0.1);
    await settle();
    const stopped = stage.provider.stop();
    await settle();
    expect(asking.answer).toMatchObject({ outcome: 'failed', code: 'INFER_STOPPED' });
    expect(worker.posted.at(-1)).toEqual({ kind: 'stop' });
    expect(worker.isTerminated).toBe(false);
    stage.time.advance(500);
    await stopped;

    expect(worker.isTerminated).toBe(true);
    expect(stage.failures).toEqual([]);
  });

  it('loses and repeats no request, however requests, answers and time interleave', async () => {
    const { worker, ask, stage } = await open({ rowsMax: 5, layers: batchesOf(5) });
    const askings: Asking[] = [];
    let seed = 12_345;
    for (let step = 0; step < 3_000; step += 1) {
      seed = (seed * 48_271) % 2_147_483_647;
      const choice = seed % 7;
      if (choice < 3) askings.push(ask(...[0.1, 0.2, 0.3].slice(0, 1 + (seed % 3))));
      else if (choice < 5 && worker.isBusy) worker.score();
      else if (choice === 5) stage.time.advance(seed % 400);
      await Promise.resolve();
      if (choice === 6) await settle();
    }
    while (worker.isBusy) worker.score();
    await settle();
    while (worker.isBusy) worker.score();
    await settle();
    const counts = stage.service.counts();

    expect(askings.every(({ answer }) => answer !== undefined)).toBe(true);
    expect(counts.requests).toBe(askings.length);
    expect(counts.done + counts.expired + counts.failed).toBe(askings.length);
    expect(Math.min(counts.done, counts.expired, counts.failed, counts.late)).toBeGreaterThan(5);
    expect(Math.max(...worker.batches)).toBe(5);
    expect(stage.time.pending).toBe(0);
  });
});
