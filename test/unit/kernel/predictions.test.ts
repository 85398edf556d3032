import { describe, expect, it } from 'vitest';
import { PREDICTIONS } from '../../../src/actors/kernel/actor-table.ts';
import { predictions, type PredictionsOptions } from '../../../src/actors/kernel/predictions.ts';
import type { FamilyDefinition } from '../../../src/actors/runtime/definition.ts';
import { symbolId } from '../../../src/core/ids.ts';
import { MINUTE, MS } from '../../../src/core/time.ts';
import { EventBatch, TRADE } from '../../../src/domain/market/event-batch.ts';
import type { Requested } from '../../../src/ports/effect.ts';
import { type AnswerWords, KernelHarness } from '../../kernel-harness.ts';

/** On the grid. */
const START_US = 1_700_000_000_000_000;
const BATCH_US = 5 * MS;
const OPTIONS = {
  models: ['m'],
  thresholds: [0.5],
  batchUs: BATCH_US,
  inFlightMax: 2,
  rowsMax: 3,
  width: 2,
  featuresLayout: 'two',
  window: 1,
  barSpanUs: MINUTE,
  horizonBars: 5,
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

describe('predictions of windows', () => {
  const WINDOW = { ...OPTIONS, window: 3, inFlightMax: 9 };

  it('ask when the window is whole, the oldest bar first', () => {
    const asked = new Asked(WINDOW);
    for (const bar of [1, 2, 3, 4]) {
      asked.ready(0, [bar, 10 * bar], bar * MINUTE, bar * MINUTE);
      asked.to(bar * MINUTE + BATCH_US);
    }
    expect(asked.batches().map(({ features }) => [...features])).toEqual([
      [1, 10, 2, 20, 3, 30],
      [2, 20, 3, 30, 4, 40],
    ]);
    expect(asked.batches()[0]?.width).toBe(6);
  });

  it('keep a bar that is told again in its place', () => {
    const asked = new Asked(WINDOW);
    for (const [bar, value] of [
      [1, 1],
      [2, 2],
      [2, 7],
      [3, 3],
    ] as const) {
      asked.ready(0, [value, 0], bar * MINUTE, bar * MINUTE);
    }
    asked.to(5 * MINUTE);
    expect(asked.batches().map(({ features }) => [...features])).toEqual([[1, 0, 7, 0, 3, 0]]);
  });

  it('begin anew where too many bars are missing', () => {
    const asked = new Asked(WINDOW);
    const bars = [1, 2, 12, 13, 24, 25, 26];
    for (const bar of bars) {
      asked.ready(0, [bar, 0], bar * MINUTE, bar * MINUTE);
      asked.to(bar * MINUTE + BATCH_US);
    }
    // Nine bars without a trade are passed over, ten are not.
    expect(asked.batches().map(({ features }) => [features[0], features[4]])).toEqual([
      [1, 12],
      [2, 13],
      [24, 26],
    ]);
  });
});

describe('a bar that is another one now', () => {
  const WINDOW = { ...OPTIONS, window: 2, inFlightMax: 9, horizonBars: 2 };

  it('is in the window as it is now, and bars before it are not what was learned of', () => {
    const asked = new Asked(WINDOW);
    for (const bar of [1, 2, 3]) asked.ready(0, [bar, 0], bar * MINUTE, bar * MINUTE);
    asked.changed(0, 3 * MINUTE, [30, 0]);
    asked.ready(0, [4, 0], 4 * MINUTE, 4 * MINUTE);
    asked.to(4 * MINUTE + BATCH_US);
    asked.changed(0, 2 * MINUTE, [40, 0]);
    asked.to(5 * MINUTE);
    asked.ready(0, [5, 0], 5 * MINUTE + 1, 5 * MINUTE);
    asked.to(6 * MINUTE);
    const sent = asked.batches().map(({ features }) => [...features]);
    // Nothing is asked while the window has one bar that counts.
    expect(sent).toEqual([
      [1, 0, 2, 0],
      [2, 0, 30, 0],
      [30, 0, 4, 0],
      [40, 0, 5, 0],
    ]);
  });

  it('begins the window anew where the row must not be scored', () => {
    const asked = new Asked(WINDOW);
    for (const bar of [1, 2]) asked.ready(0, [bar, 0], bar * MINUTE, bar * MINUTE);
    asked.changed(0, 2 * MINUTE);
    asked.to(3 * MINUTE);
    asked.ready(0, [3, 0], 3 * MINUTE, 3 * MINUTE);
    asked.to(4 * MINUTE);
    expect(asked.batches()).toEqual([]);
  });

  it('is no ground to judge what was said of it', () => {
    const judged = (changedUs: number): number => {
      const asked = new Asked({ ...WINDOW, window: 1 });
      asked.ready(0, [1, 1], MINUTE, MINUTE, 100);
      asked.ready(0, [2, 1], 2 * MINUTE, 2 * MINUTE, 100);
      asked.to(2 * MINUTE + BATCH_US);
      const last = asked.batches().length - 1;
      asked.answer(last, { outcome: 'done', scores: Float64Array.of(0.9), modelVersion: 'v' });
      asked.changed(0, changedUs, [7, 7]);
      asked.closed(0, 4 * MINUTE, 101);
      asked.to(5 * MINUTE);
      return asked.harness.factsOf('modelsJudged').length;
    };
    expect(judged(2 * MINUTE)).toBe(0);
    expect(judged(MINUTE)).toBe(0);
    expect(judged(3 * MINUTE)).toBe(1);
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

/** The predictions, between a family that has features ready and a model that the test plays. */
class Asked {
  readonly told: (readonly [row: number, message: unknown])[] = [];
  readonly harness: KernelHarness;

  constructor(options: PredictionsOptions = OPTIONS) {
    const actors = [
      [0, rowsThatTell(this.told)],
      [PREDICTIONS, predictions(options)],
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

  ready(row: number, features: readonly [number, number], us = 0, barUs = 1, close = 100): void {
    this.#event(row, [...features, barUs, close], us);
  }

  /** Microseconds after the start, also of the bar's end. */
  closed(row: number, us: number, close: number): void {
    this.#event(row, [Number.NaN, Number.NaN, us, close], us);
  }

  changed(row: number, barUs: number, features: readonly number[] = []): void {
    const [one = Number.NaN, two = Number.NaN] = features;
    this.#event(row, [one, two, barUs, 100, 1], 0);
  }

  batches() {
    return this.harness.effects.flatMap(({ effect }) => (effect.kind === 'infer' ? [effect] : []));
  }

  answer(request: number, words: AnswerWords): void {
    this.harness.answer(this.#request(request), words);
  }

  #event(row: number, values: readonly number[], us: number): void {
    const batch = new EventBatch(1, 1);
    const at = batch.add(TRADE, row, 0, 0, 0);
    [batch.a, batch.b, batch.c, batch.d, batch.e].forEach((column, place) => {
      column[at] = values[place] ?? 0;
    });
    batch.endFrame(Math.max(START_US + us, this.harness.nowUs));
    this.harness.market(batch);
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
    receiveEvent(_rows, row, { a, b, c, d, e }, at, turn) {
      const features = Float64Array.of(a[at] ?? 0, b[at] ?? 0);
      const [barUs = 0, close = 0] = [c[at], d[at]];
      const bar = { barUs, close };
      const isWhole = !features.some(Number.isNaN);
      if (e[at] === 1) {
        const now = isWhole ? features : undefined;
        return turn.sendRow(PREDICTIONS, row, { kind: 'barChanged', features: now, ...bar });
      }
      if (!isWhole) return turn.sendRow(PREDICTIONS, row, { kind: 'barClosed', ...bar });
      turn.sendRow(PREDICTIONS, row, { kind: 'featuresReady', features, ...bar });
    },
    receiveRow: (_rows, row, message) => void told.push([row, message]),
    apply: () => undefined,
    condense: () => [],
  };
}
