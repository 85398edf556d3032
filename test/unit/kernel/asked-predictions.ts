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
export const BATCH_US = 5 * MS;
export const OPTIONS: PredictionsOptions = {
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

/** The predictions, between a family that has features ready and a model that the test plays. */
export class Asked {
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
