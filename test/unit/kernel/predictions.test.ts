import { describe, expect, it } from 'vitest';
import { PREDICTIONS } from '../../../src/actors/kernel/actor-table.ts';
import { predictions } from '../../../src/actors/kernel/predictions.ts';
import type { FamilyDefinition } from '../../../src/actors/runtime/definition.ts';
import { symbolId } from '../../../src/core/ids.ts';
import { MS } from '../../../src/core/time.ts';
import { EventBatch, TRADE } from '../../../src/domain/market/event-batch.ts';
import type { Requested } from '../../../src/ports/effect.ts';
import { type AnswerWords, KernelHarness } from '../../kernel-harness.ts';

/** On the grid. */
const START_US = 1_700_000_000_000_000;
const BATCH_US = 5 * MS;
const OPTIONS = {
  model: 'm',
  batchUs: BATCH_US,
  inFlightMax: 2,
  rowsMax: 3,
  width: 2,
  featuresLayout: 'two',
};

describe('predictions', () => {
  it('ask once for all rows that came in a slot of the grid, in the order of rows', () => {
    const asked = new Asked();
    asked.ready(1, [1, 10], BATCH_US - 1);
    asked.ready(0, [0, 9]);
    asked.to(BATCH_US - 1);
    expect(asked.batches()).toEqual([]);
    asked.to(BATCH_US);

    expect(asked.batches()).toEqual([
      { kind: 'infer', model: 'm', rows: [0, 1], width: 2, features: Float64Array.of(0, 9, 1, 10) },
    ]);
  });

  it('cut by the grid alone: a row on the line waits for the next', () => {
    const asked = new Asked();
    asked.ready(0, [1, 1], BATCH_US - 1);
    asked.ready(1, [1, 1], BATCH_US);
    asked.to(2 * BATCH_US);
    expect(asked.batches().map(({ rows }) => rows)).toEqual([[0], [1]]);
  });

  it('take the newest features of a row', () => {
    const asked = new Asked();
    asked.ready(0, [1, 1]);
    asked.ready(0, [2, 2]);
    asked.to(BATCH_US);
    expect(asked.batches()).toMatchObject([{ features: Float64Array.of(2, 2) }]);
  });

  it('split what is more than a batch, and drop what is more than may be on its way', () => {
    const asked = new Asked();
    for (let row = 0; row < 8; row += 1) asked.ready(row, [row, row]);
    asked.to(BATCH_US);
    expect(asked.batches().map(({ rows }) => rows)).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ]);
    asked.ready(9, [9, 9]);
    asked.to(2 * BATCH_US);
    expect(asked.batches()).toHaveLength(2); // Nothing has been answered.
    asked.answer(0, { outcome: 'done', scores: Float64Array.of(0.1, 0.2, 0.3), modelVersion: 'v' });
    asked.ready(9, [9, 9]);
    asked.to(4 * BATCH_US);
    expect(asked.batches().map(({ rows }) => rows)[2]).toEqual([9]); // Row 6 was not kept.
  });

  it('bring each score to its symbol, with the bar that was scored', () => {
    const asked = new Asked();
    asked.ready(4, [4, 1], 0, 44);
    asked.ready(2, [2, 1], 0, 22);
    asked.to(BATCH_US);
    asked.answer(0, { outcome: 'done', scores: Float64Array.of(0.25, 0.75), modelVersion: 'v' });

    expect(asked.told).toEqual([
      [2, { kind: 'rowScored', score: 0.25, modelVersion: 'v', barUs: 22 }],
      [4, { kind: 'rowScored', score: 0.75, modelVersion: 'v', barUs: 44 }],
    ]);
  });

  it.each([
    [Number.NaN, false],
    [-0.001, false],
    [0, true],
    [1, true],
    [1.001, false],
    [Number.POSITIVE_INFINITY, false],
  ])('of the score %d says %s (M3)', (score, isTold) => {
    const asked = new Asked();
    asked.ready(0, [1, 1]);
    asked.to(BATCH_US);
    asked.answer(0, { outcome: 'done', scores: Float64Array.of(score), modelVersion: 'v' });
    expect(asked.told).toHaveLength(isTold ? 1 : 0);
  });

  it.each<[string, AnswerWords]>([
    ['expired', { outcome: 'expired', code: 'DEADLINE' }],
    ['failed', { outcome: 'failed' }],
    ['refused', { outcome: 'refused' }],
    ['unknown, with a score', { outcome: 'unknown', scores: Float64Array.of(0.9) }],
    ['without a version', { outcome: 'done', scores: Float64Array.of(0.9) }],
    ['without scores', { outcome: 'done', modelVersion: 'v' }],
    ['of too few scores', { outcome: 'done', modelVersion: 'v', scores: new Float64Array(0) }],
  ])('say nothing of an answer that is %s', (_, words) => {
    const asked = new Asked();
    asked.ready(0, [1, 1]);
    asked.to(BATCH_US);
    asked.answer(0, words);
    expect(asked.told).toEqual([]);
  });

  it('never hand on a score of features that the row no longer has (M1)', () => {
    const asked = new Asked();
    asked.ready(0, [1, 1], 0, 10);
    asked.ready(1, [1, 1], 0, 10);
    asked.to(BATCH_US);
    asked.ready(0, [1, 2], 0, 20);
    asked.to(2 * BATCH_US);
    asked.answer(0, { outcome: 'done', scores: Float64Array.of(0.9, 0.8), modelVersion: 'v' });
    expect(asked.told).toMatchObject([[1, { score: 0.8, barUs: 10 }]]);
    asked.answer(1, { outcome: 'done', scores: Float64Array.of(0.7), modelVersion: 'v' });
    expect(asked.told.slice(1)).toMatchObject([[0, { score: 0.7, barUs: 20 }]]);
  });

  it('come back from the journal with what they were asked', () => {
    const asked = new Asked();
    asked.ready(0, [1, 1], 0, 10);
    asked.to(BATCH_US);
    expect(asked.harness.reloadedSnapshot()).toEqual(asked.harness.snapshot());
    const again = asked.harness.restarted();
    expect(again.pending('infer')).toHaveLength(1);
    expect(again.snapshot()).toEqual(asked.harness.snapshot());
  });
});

/** The predictions, between a family that has features ready and a model that the test plays. */
class Asked {
  readonly told: (readonly [row: number, message: unknown])[] = [];
  readonly harness: KernelHarness;

  constructor() {
    const actors = [
      [0, rowsThatTell(this.told)],
      [PREDICTIONS, predictions(OPTIONS)],
    ] as const;
    this.harness = new KernelHarness({ actors, startUs: START_US });
    for (let row = 0; row < 12; row += 1) {
      const named = { symbol: symbolId(row), name: `S${row}`, sector: '', isTradable: true };
      this.harness.input({ kind: 'symbolNamed', assetClass: 'equity', ...named });
    }
  }

  /** Microseconds after the start. */
  to(us: number): void {
    this.harness.advance(START_US + us - this.harness.nowUs);
  }

  ready(row: number, features: readonly [number, number], us = 0, barUs = 1): void {
    const batch = new EventBatch(1, 1);
    const at = batch.add(TRADE, row, 0, 0, 0);
    [batch.a[at], batch.b[at], batch.c[at]] = [...features, barUs];
    batch.endFrame(Math.max(START_US + us, this.harness.nowUs));
    this.harness.market(batch);
  }

  batches() {
    return this.harness.effects.flatMap(({ effect }) => (effect.kind === 'infer' ? [effect] : []));
  }

  answer(request: number, words: AnswerWords): void {
    this.harness.answer(this.#request(request), words);
  }

  #request(place: number): Requested {
    const request = this.harness.effects[place];
    if (request === undefined) throw new Error(`nobody asked ${place} times`);
    return request;
  }
}

function rowsThatTell(told: (readonly [number, unknown])[]): FamilyDefinition<unknown, never> {
  return {
    name: 'symbols',
    restart: { restartsMax: 0, withinUs: 1, then: 'stop', quarantineUs: 0 },
    hears: [],
    applies: [],
    stride: 1,
    layoutHash: 'rows',
    resetRow: () => undefined,
    receiveEvent(_rows, row, { a, b, c }, at, turn) {
      const features = Float64Array.of(a[at] ?? 0, b[at] ?? 0);
      turn.sendRow(PREDICTIONS, row, { kind: 'featuresReady', features, barUs: c[at] ?? 0 });
    },
    receiveRow: (_rows, row, message) => void told.push([row, message]),
    apply: () => undefined,
    condense: () => [],
  };
}
