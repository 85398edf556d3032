import { describe, expect, it } from 'vitest';
import { MINUTE } from '../../../src/core/time.ts';
import type { AnswerWords } from '../../kernel-harness.ts';
import { Asked, BATCH_US, OPTIONS } from './asked-predictions.ts';

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
      [2, { kind: 'rowScored', scores: Float64Array.of(0.25), versions: ['v'], barUs: 22 }],
      [4, { kind: 'rowScored', scores: Float64Array.of(0.75), versions: ['v'], barUs: 44 }],
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
    expect(asked.told).toMatchObject([[1, { scores: { 0: 0.8 }, barUs: 10 }]]);
    asked.answer(1, { outcome: 'done', scores: Float64Array.of(0.7), modelVersion: 'v' });
    expect(asked.told.slice(1)).toMatchObject([[0, { scores: { 0: 0.7 }, barUs: 20 }]]);
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

describe('predictions by several models', () => {
  const TWO = { ...OPTIONS, models: ['a', 'b'], thresholds: [0.5, 0.5] };

  it('are one question, and a column of scores each', () => {
    const asked = new Asked(TWO);
    asked.ready(4, [4, 1], 0, 44);
    asked.ready(2, [2, 1], 0, 22);
    asked.to(BATCH_US);
    expect(asked.batches()).toMatchObject([{ model: 'a+b', rows: [2, 4] }]);
    const scores = Float64Array.of(0.1, 0.2, 0.3, Number.NaN);
    asked.answer(0, { outcome: 'done', scores, modelVersion: 'a@1+b@2' });
    const versions = ['a@1', 'b@2'];
    expect(asked.told).toEqual([
      [2, { kind: 'rowScored', scores: Float64Array.of(0.1, 0.3), versions, barUs: 22 }],
      [4, { kind: 'rowScored', scores: Float64Array.of(0.2, Number.NaN), versions, barUs: 44 }],
    ]);
    expect(asked.harness.factsOf('modelsAnswered')).toMatchObject([{ hasAnswered: [true, true] }]);
  });

  it('go on without one that has no answer', () => {
    const asked = new Asked(TWO);
    asked.ready(0, [4, 1], 0, 44);
    asked.to(BATCH_US);
    const scores = Float64Array.of(Number.NaN, 0.75);
    asked.answer(0, { outcome: 'done', scores, modelVersion: '+b@2' });
    expect(asked.told).toMatchObject([[0, { scores: { 1: 0.75 }, versions: ['', 'b@2'] }]]);
    expect(asked.harness.factsOf('modelsAnswered')).toMatchObject([{ hasAnswered: [false, true] }]);
  });

  it('say nothing of an answer that is not of these models', () => {
    const asked = new Asked(TWO);
    asked.ready(0, [4, 1], 0, 44);
    asked.to(BATCH_US);
    asked.answer(0, { outcome: 'done', scores: Float64Array.of(0.5, 0.5), modelVersion: 'a@1' });
    expect(asked.told).toEqual([]);
  });
});

describe('what models said', () => {
  it('is held against the price when its horizon is over', () => {
    const shape = { models: ['up', 'down'], thresholds: [0.5, 0.05], horizonBars: 2 };
    const asked = new Asked({ ...OPTIONS, ...shape });
    const closes = [100, 101, 102, 99, 98, 97];
    closes.forEach((close, bar) => {
      const endUs = (bar + 1) * MINUTE;
      asked.ready(0, [bar, 1], endUs, endUs, close);
      asked.to(endUs + BATCH_US);
      const scores = Float64Array.of(0.9, 0.1);
      asked.answer(bar, { outcome: 'done', scores, modelVersion: 'up@1+down@1' });
    });
    // 100 to 102 rose and 102 to 98 fell; what was said between was of the same time. One that says
    // a tenth, and needs more than a twentieth, says that it will rise.
    expect(asked.harness.factsOf('modelsJudged')).toMatchObject([
      { models: ['up', 'down'], judged: [1, 1], right: [1, 1] },
      { judged: [1, 1], right: [0, 0] },
    ]);
  });

  it('is settled by a bar of a symbol that nobody watches any more', () => {
    const asked = new Asked({ ...OPTIONS, horizonBars: 2 });
    asked.ready(0, [1, 1], MINUTE, MINUTE, 100);
    asked.to(MINUTE + BATCH_US);
    asked.answer(0, { outcome: 'done', scores: Float64Array.of(0.9), modelVersion: 'v' });
    asked.closed(0, 2 * MINUTE, 99);
    asked.closed(0, 3 * MINUTE, 101);
    asked.closed(0, 4 * MINUTE, 99);
    asked.to(5 * MINUTE);
    expect(asked.harness.factsOf('modelsJudged')).toMatchObject([{ judged: [1], right: [1] }]);
    expect(asked.batches()).toHaveLength(1);
  });

  it('is forgotten where no price came in time', () => {
    const asked = new Asked({ ...OPTIONS, horizonBars: 2 });
    asked.ready(0, [1, 1], MINUTE, MINUTE, 100);
    asked.to(MINUTE + BATCH_US);
    asked.answer(0, { outcome: 'done', scores: Float64Array.of(0.9), modelVersion: 'v' });
    asked.ready(0, [2, 1], 6 * MINUTE, 6 * MINUTE, 200);
    asked.to(7 * MINUTE);
    expect(asked.harness.factsOf('modelsJudged')).toEqual([]);
  });
});
