import { describe, expect, it } from 'vitest';
import type { LayerPolicies } from '../../../../src/gpu/service/layer-policy.ts';
import { POLICY } from './service-stage.ts';
import { PlayedInference, settle, told } from './played-inference.ts';

const LAYERS: LayerPolicies = [
  { batchMax: 32, waitMsMax: 20, freshnessMsMax: 86_400_000 },
  { batchMax: 16, waitMsMax: 5, freshnessMsMax: 3_600_000 },
  { batchMax: 4, waitMsMax: 2, freshnessMsMax: 300_000 },
  { batchMax: 2, waitMsMax: 0, freshnessMsMax: 30_000 },
];
const many = { layers: LAYERS, policy: { ...POLICY, inFlightMax: 100 } };

describe('batches by layers', () => {
  it('waits for company as long as the layer says, then sends what there is', async () => {
    const { stage, worker, ask } = await bound();
    ask([0.1], { layer: 1 });
    stage.time.advance(4);
    ask([0.2], { layer: 1 });
    await settle();
    expect(worker.batches).toEqual([]);
    stage.time.advance(1);

    expect(worker.batches).toEqual([2]);
  });

  it('sends a full batch behind the one that runs, in the other half of the memory', async () => {
    const { worker, ask } = await bound();
    const first = [ask([0.1]), ask([0.2])];
    await settle();
    const second = [ask([0.3]), ask([0.4])];
    const third = ask([0.5]);
    await settle();

    expect(worker.batches).toEqual([2, 2]); // The third waits for company and the thread.
    const slots = worker.posted.map((message) => message.kind === 'score' && message.batch.slot);
    expect(slots).toEqual([0, 1]);
    for (let left = 3; left > 0; left -= 1) worker.score();
    await settle();
    expect([...first, ...second, third].map(told)).toEqual([[0.1], [0.2], [0.3], [0.4], [0.5]]);
  });

  it('lets layer 3 pass what waits in the others', async () => {
    const { stage, worker, ask } = await bound();
    ask([0.9]);
    await settle();
    ask([0.1], { layer: 0 });
    ask([0.2], { layer: 2 });
    stage.time.advance(30);
    const urgent = ask([0.3]);
    worker.score();
    worker.score();
    await settle();

    expect(told(urgent)).toEqual([0.3]);
    expect(worker.batches).toEqual([1, 1, 1]);
  });

  it('refuses what is older than its layer allows, and takes it in a slower one', async () => {
    const { stage, worker, ask, counts } = await bound();
    const askedUs = stage.time.nowUs();
    const asOfUs = askedUs - 30_001_000;
    const stale = ask([0.1], { asOfUs });
    const slow = ask([0.2], { asOfUs, layer: 2 });
    const fresh = ask([0.3], { asOfUs: askedUs - 30_000_000 });
    stage.time.advance(2);
    await settle();
    while (worker.isBusy) worker.score();
    await settle();

    expect([stale, slow, fresh].map(told)).toEqual(['INFER_STALE', [0.2], [0.3]]);
    expect(stale.answer).toMatchObject({ outcome: 'refused' });
    expect(counts()).toMatchObject({ stale: 1, refused: 1, done: 2 });
  });

  it('M3 refuses features of another layout than the model was trained with', async () => {
    const { worker, ask } = await bound();
    const asking = ask([0.1], { layoutHash: 'ffffffffffffffff' });
    await settle();

    expect(asking.answer).toMatchObject({
      outcome: 'refused',
      code: 'INFER_LAYOUT',
      message: expect.stringContaining('ffffffffffffffff'),
    });
    expect(worker.posted).toEqual([]);
  });

  it('tells for each layer and model how long and how many, and what was late', async () => {
    const { stage, worker, ask } = await bound();
    ask([0.1], { layer: 1 });
    ask([0.2], { layer: 1 });
    await settle();
    stage.time.advance(5);
    worker.score();
    await settle();
    ask([0.3]);
    await settle();
    stage.time.advance(500);
    worker.score();
    await settle();
    const { layers, models } = stage.service.metrics();

    expect(layers.map(({ layer }) => layer)).toEqual([1, 3]);
    expect(layers[0]).toMatchObject({
      queueWaitUs: { count: 2, most: 5_000 },
      batchRows: { count: 1, p50: 2 },
      deadlineMisses: 0,
    });
    expect(layers[1]).toMatchObject({ batchRows: { count: 1, p50: 1 }, deadlineMisses: 1 });
    expect(models).toMatchObject([
      { model: 'momentum-1', runUs: { count: 2, most: 1_000 }, rows: 3, deadlineMisses: 1 },
    ]);
  });
});

async function bound() {
  const played = await PlayedInference.start(many);
  return {
    stage: played.stage,
    worker: played.worker,
    ask: played.ask.bind(played),
    counts: () => played.counts,
  };
}
