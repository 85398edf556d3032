import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Asked } from '../../../../src/gpu/service/asked.ts';
import { AGEING_MS, BatchQueue } from '../../../../src/gpu/service/batch-queue.ts';
import type { Layer, LayerPolicies } from '../../../../src/gpu/service/layer-policy.ts';

const LAYERS: LayerPolicies = [
  { batchMax: 1_000, waitMsMax: 20, freshnessMsMax: 1 },
  { batchMax: 200, waitMsMax: 5, freshnessMsMax: 1 },
  { batchMax: 50, waitMsMax: 2, freshnessMsMax: 1 },
  { batchMax: 10, waitMsMax: 0, freshnessMsMax: 1 },
];

function ask(
  layer: Layer,
  rows: number,
  askedMs: number,
  models: readonly string[] = ['a'],
): Asked {
  const features = new Float64Array(rows);
  const request = { models, layer, rows, width: 1, features, askedUs: 0 };
  return new Asked({ request, models, deadlineUs: 0, askedMs });
}

const anyAsk = fc.record({
  layer: fc.constantFrom<Layer>(0, 1, 2, 3),
  rows: fc.integer({ min: 0, max: 300 }),
  models: fc.constantFrom(['a'], ['a', 'b'], ['b']),
  gapMs: fc.integer({ min: 0, max: 8 }),
});

describe('the queue of batches', () => {
  it('waits for company as long as the layer allows, and not when a batch is full', () => {
    const queue = new BatchQueue(LAYERS);
    queue.add(ask(2, 20, 100));
    queue.add(ask(2, 20, 101));

    expect(queue.dueMs()).toBe(102);
    expect(queue.take(101.9)).toBeUndefined();
    expect(queue.take(102)).toHaveLength(2);
    expect(queue.dueMs()).toBeUndefined();
    queue.add(ask(2, 20, 103));
    queue.add(ask(2, 30, 103));
    expect(queue.take(103, true)).toHaveLength(2);
  });

  it('gives behind a batch that runs only one that is full', () => {
    const queue = new BatchQueue(LAYERS);
    queue.add(ask(3, 9, 0));
    expect(queue.take(50, true)).toBeUndefined();
    queue.add(ask(3, 9, 50));

    expect(queue.take(50, true)).toHaveLength(1); // Two would be 18 rows, of 10.
  });

  it('takes a request that is larger than a batch alone and whole', () => {
    const queue = new BatchQueue(LAYERS);
    const [large, small] = [ask(3, 256, 0), ask(3, 1, 0)];
    queue.add(large);
    queue.add(small);

    expect(queue.take(0)).toEqual([large]);
    expect(queue.take(0)).toEqual([small]);
  });

  it('takes layer 3 before 2 before 1 before 0', () => {
    const queue = new BatchQueue(LAYERS);
    for (const layer of [1, 3, 0, 2] as const) queue.add(ask(layer, 1, 0));
    const order = Array.from({ length: 4 }, () => queue.take(20)?.[0]?.request.layer);

    expect(order).toEqual([3, 2, 1, 0]);
  });

  it('puts no rows of other layers, widths or models into a batch', () => {
    const queue = new BatchQueue(LAYERS);
    for (const models of [['a'], ['b'], ['a', 'b'], ['a']]) queue.add(ask(3, 1, 0, models));
    const sizes = Array.from({ length: 3 }, () => queue.take(0)?.length);

    expect(sizes).toEqual([2, 1, 1]);
  });

  it('starves nobody: layer 0 goes before what came three ageings later', () => {
    const queue = new BatchQueue(LAYERS);
    const patient = ask(0, 1, 0);
    queue.add(patient);
    let takenMs = Number.NaN;
    // Every millisecond a full batch of layer 3 comes, and the thread takes one.
    for (let nowMs = 0; Number.isNaN(takenMs) && nowMs < 2_000; nowMs += 1) {
      queue.add(ask(3, 10, nowMs));
      queue.add(ask(3, 10, nowMs));
      if (queue.take(nowMs)?.includes(patient) === true) takenMs = nowMs;
    }
    expect(takenMs).toBeGreaterThan(AGEING_MS);
    // The backlog ages as well: it is first in, first out among those as urgent.
    expect(takenMs).toBeLessThan(2_000);
  });

  it('starves nobody where the thread keeps up with the layer above', () => {
    const queue = new BatchQueue(LAYERS);
    const patient = ask(0, 1, 0);
    queue.add(patient);
    let takenMs = Number.NaN;
    for (let nowMs = 0; Number.isNaN(takenMs) && nowMs < 2_000; nowMs += 1) {
      queue.add(ask(3, 10, nowMs));
      if (queue.take(nowMs)?.includes(patient) === true) takenMs = nowMs;
    }
    expect(takenMs).toBeLessThanOrEqual(3 * AGEING_MS + 1);
    expect(takenMs).toBeLessThan(500); // The deadline.
  });

  it('loses, repeats and reorders nothing, and exceeds no batch, for any requests', () => {
    const property = fc.property(fc.array(anyAsk, { maxLength: 60 }), (asks) => {
      const queue = new BatchQueue(LAYERS);
      const all: Asked[] = [];
      const batches: (readonly Asked[])[] = [];
      let nowMs = 0;
      for (const { layer, rows, models, gapMs } of asks) {
        const asked = ask(layer, rows, nowMs, models);
        all.push(asked);
        queue.add(asked);
        nowMs += gapMs;
        const batch = queue.take(nowMs, gapMs % 2 === 0);
        if (batch === undefined) continue;
        // Every other batch comes back once, as from a thread that died.
        if (gapMs % 3 === 0) queue.putBack(batch);
        else batches.push(batch);
      }
      while (queue.count > 0) batches.push(queue.take(nowMs + 1_000) ?? []);
      const taken = batches.flat();
      expect(new Set(taken).size).toBe(taken.length);
      expect(taken.length).toBe(all.length);
      for (const batch of batches) {
        const [first] = batch;
        const rows = batch.reduce((sum, one) => sum + one.rows, 0);
        const { batchMax } = LAYERS[first?.request.layer ?? 0];
        expect(batch.length === 1 || rows <= batchMax).toBe(true);
        expect(new Set(batch.map((one) => `${one.request.layer}${one.models.join()}`)).size).toBe(
          1,
        );
      }
      const place = new Map(all.map((one, at) => [one, at]));
      for (const layer of [0, 1, 2, 3]) {
        for (const models of ['a', 'a,b', 'b']) {
          const places = taken
            .filter((one) => one.request.layer === layer && one.models.join() === models)
            .map((one) => place.get(one) ?? -1);
          expect(places).toEqual(places.toSorted((left, right) => left - right));
        }
      }
    });
    fc.assert(property, { numRuns: 200 });
  });
});
