import { assert } from '../../core/assert.ts';
import { WINDOW_SPANS_APART_MAX } from '../../domain/features/window.ts';
import {
  closeQuestion,
  dueUs,
  isPending,
  openQuestion,
  pendingWidth,
  settleQuestion,
} from '../../domain/signals/pending-vote.ts';

/** What a row of the predictions is made of: which models, and how much of the past they see. */
export interface PredictionRowShape {
  /** Of each model, above what it says that the price will be higher. */
  readonly thresholds: readonly number[];
  /** Doubles of one bar, and bars that a model sees at once, the oldest first. */
  readonly width: number;
  readonly window: number;
  readonly barSpanUs: number;
  /** A score speaks of the price so many bars on. */
  readonly horizonBars: number;
}

/** The slot of input time in which the row was made, or 0; its bar's end; the bar's close. */
export const SLOT = 0;
export const BAR_US = 1;
const CLOSE = 2;
/** Bars in the window. */
const FILLED = 3;
/** The slot in which scores of the past were judged, or 0, and how each model did. */
const JUDGED_SLOT = 4;
const JUDGEMENTS = 5;

/** A price this much later than the horizon is still the one that a score spoke of. */
const LATE_BARS_MAX = 2;

export interface ScoredBar {
  readonly barUs: number;
  readonly scores: Float64Array;
}

/**
 * Reads and writes the doubles of one row. The window and the question that is open, which is one
 * at a time (`pending-vote.ts`), lie in the cold part: only symbols that were active have it.
 */
export class PredictionRow {
  readonly stride: number;
  readonly coldStride: number;
  readonly rowWidth: number;
  readonly #shape: PredictionRowShape;

  constructor(shape: PredictionRowShape) {
    const { thresholds, width, window, horizonBars } = shape;
    const models = thresholds.length;
    assert(models > 0 && width > 0 && window > 0 && horizonBars > 0, 'a row has a shape');
    this.#shape = shape;
    this.rowWidth = width * window;
    this.stride = JUDGEMENTS + models;
    this.coldStride = this.rowWidth + pendingWidth(models);
  }

  get layout(): string {
    const { thresholds, width, window, horizonBars, barSpanUs } = this.#shape;
    return `prediction-row/3;${[width, window, horizonBars, barSpanUs, ...thresholds].join()}`;
  }

  isWhole(values: Float64Array, at: number): boolean {
    return values[at + FILLED] === this.#shape.window;
  }

  /** The features of a bar, in place of those of the same bar or after those of the one before. */
  push(
    values: Float64Array,
    at: number,
    cold: Float64Array,
    bar: { readonly features: Float64Array; readonly barUs: number; readonly close: number },
  ): void {
    const { width, window, barSpanUs } = this.#shape;
    const sinceUs = bar.barUs - (values[at + BAR_US] ?? 0);
    const last = this.rowWidth - width;
    const filled = values[at + FILLED] ?? 0;
    if (sinceUs !== 0 || filled === 0) {
      const isNext = sinceUs > 0 && sinceUs <= WINDOW_SPANS_APART_MAX * barSpanUs;
      cold.copyWithin(0, width, this.rowWidth);
      values[at + FILLED] = isNext ? Math.min(filled + 1, window) : 1;
    }
    cold.set(bar.features, last);
    values[at + BAR_US] = bar.barUs;
    values[at + CLOSE] = bar.close;
  }

  /**
   * A bar up to the last is another one: the last is as it would have been, and what lies before it
   * in the window is not, so the window begins with it. What was said of wrong features since, or
   * at a wrong price, is held against nobody.
   */
  change(
    values: Float64Array,
    at: number,
    cold: Float64Array,
    bar: { readonly barUs: number; readonly features: Float64Array | undefined; close: number },
  ): void {
    const { thresholds, width, barSpanUs, horizonBars } = this.#shape;
    if (bar.features === undefined) values[at + FILLED] = 0;
    else cold.set(bar.features, this.rowWidth - width);
    const isLast = values[at + BAR_US] === bar.barUs;
    if (isLast) values[at + CLOSE] = bar.close;
    else values[at + FILLED] = Math.min(values[at + FILLED] ?? 0, 1);
    const askedUs = dueUs(cold, this.rowWidth) - horizonBars * barSpanUs;
    if (askedUs >= bar.barUs) closeQuestion(cold, this.rowWidth, thresholds.length);
  }

  /** Whether there is anything that a change of a bar would make wrong. */
  holds(values: Float64Array, at: number): boolean {
    return (values[at + FILLED] ?? 0) > 0;
  }

  /** Whether a bar that ends then settles what is open. */
  isDue(cold: Float64Array | undefined, barUs: number): boolean {
    if (cold === undefined) return false;
    return isPending(cold, this.rowWidth) && barUs >= dueUs(cold, this.rowWidth);
  }

  /** Holds what the models said of a past bar against one that is due; `slot` is when. */
  judge(
    values: Float64Array,
    at: number,
    cold: Float64Array,
    bar: { readonly barUs: number; readonly close: number; readonly slot: number },
  ): void {
    const { thresholds, barSpanUs } = this.#shape;
    const now = { us: bar.barUs, price: bar.close };
    const rules = { thresholds, riseAbove: 0, lateUsMax: LATE_BARS_MAX * barSpanUs };
    values.fill(Number.NaN, at + JUDGEMENTS, at + this.stride);
    settleQuestion(cold, this.rowWidth, now, rules, (model, isRight) => {
      values[at + JUDGED_SLOT] = bar.slot;
      values[at + JUDGEMENTS + model] = Number(isRight);
    });
  }

  /** Remembers what was said, if nothing is open, until the price is there that it speaks of. */
  remember(values: Float64Array, at: number, cold: Float64Array, scored: ScoredBar): void {
    if (values[at + BAR_US] !== scored.barUs) return;
    const { thresholds, barSpanUs, horizonBars } = this.#shape;
    openQuestion(cold, this.rowWidth, thresholds.length, {
      price: values[at + CLOSE] ?? Number.NaN,
      dueUs: scored.barUs + horizonBars * barSpanUs,
      strengths: scored.scores,
    });
  }

  /** Adds how the models did, where they were judged in this slot, to the counts of all rows. */
  count(values: Float64Array, at: number, slot: number, judged: number[], right: number[]): void {
    if (values[at + JUDGED_SLOT] !== slot) return;
    for (let model = 0; model < this.#shape.thresholds.length; model += 1) {
      const judgement = values[at + JUDGEMENTS + model];
      if (judgement !== 0 && judgement !== 1) continue;
      judged[model] = (judged[model] ?? 0) + 1;
      right[model] = (right[model] ?? 0) + judgement;
    }
  }
}
