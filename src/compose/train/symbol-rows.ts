import { present } from '../../core/assert.ts';
import {
  createFeatureSet,
  type FeatureSet,
  isFeatureSet,
} from '../../domain/features/feature-set.ts';
import type { FeatureRegistry } from '../../domain/features/registry.ts';
import { TrainError } from './train-error.ts';

/** What became known of one symbol, bar by bar: a row of features, and the bar for labels. */
export interface SymbolRows {
  readonly symbol: string;
  readonly sector: string;
  readonly count: number;
  /** When the bar had closed. */
  readonly atUs: Float64Array;
  readonly features: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  /** Of the bar; the middle of the quote where the source tells quotes. */
  readonly close: Float64Array;
  readonly volume: Float64Array;
}

/** What labels are made of, beside the features in a row of `wideSet`. */
const OF_LABELS = ['bar.open', 'bar.high', 'bar.low', 'bar.close', 'bar.volume', 'quote.middle'];

/** The features that a model sees, and behind them what its labels are made of. */
export interface WideSet {
  readonly set: FeatureSet;
  /** Of the features alone: what a model's card states. */
  readonly layoutHash: string;
  readonly features: readonly string[];
}

/** Throws `TrainError` where the features cannot be made. */
export function wideSet(
  registry: FeatureRegistry,
  features: readonly string[],
  timeframe: string,
  symbolsMax: number,
): WideSet {
  const again = features.find((name, at) => features.indexOf(name) < at);
  if (again !== undefined) throw new TrainError('TRAIN_FEATURES', `${again} is asked for twice`);
  const narrow = made(registry, features, timeframe, symbolsMax);
  const extra = OF_LABELS.filter((name) => !features.includes(name));
  const set = made(registry, [...features, ...extra], timeframe, symbolsMax);
  return { set, layoutHash: narrow.layoutHash, features };
}

function made(
  registry: FeatureRegistry,
  names: readonly string[],
  timeframe: string,
  symbolsMax: number,
): FeatureSet {
  const set = createFeatureSet(registry, { feed: 'any', timeframe, names }, symbolsMax);
  if (isFeatureSet(set)) return set;
  const reason = `${set.name}, asked for by ${set.askedBy}: ${set.reason}`;
  throw new TrainError('TRAIN_FEATURES', `no features of ${timeframe}: ${reason}`);
}

/** Collects the rows of symbols as they become known. */
export class RowTaker {
  readonly #wide: WideSet;
  readonly #places: readonly number[];
  readonly #isCritical: readonly boolean[];
  readonly #row: Float64Array;
  readonly #flags: Uint8Array;
  readonly #series = new Map<number, Growing>();
  readonly #fromUs: number;
  /** Rows that say nothing, as a feature that they cannot do without is not known yet. */
  refused = 0;
  /** Rows in which a value stood in for one that was not known. */
  imputed = 0;
  rows = 0;

  /** @param fromUs rows of before only taught the features. */
  constructor(wide: WideSet, fromUs: number) {
    this.#wide = wide;
    this.#fromUs = fromUs;
    const { columns, layout } = wide.set;
    this.#places = OF_LABELS.map((name) => layout.names.indexOf(name));
    this.#isCritical = wide.features.map((_, at) => columns[at]?.declaration?.isCritical ?? true);
    this.#row = new Float64Array(wide.set.width);
    this.#flags = new Uint8Array(wide.set.width);
  }

  /** The row that `read` writes is of that symbol, whose bar has just closed. */
  take(symbol: number, atUs: number, read: (row: Float64Array, flags: Uint8Array) => void): void {
    if (atUs < this.#fromUs) return;
    const [row, flags] = [this.#row, this.#flags];
    read(row, flags);
    const { features } = this.#wide;
    let isImputed = false;
    for (let at = 0; at < features.length; at += 1) {
      if (flags[at] !== 1) continue;
      if (this.#isCritical[at] === true) {
        this.refused += 1;
        return;
      }
      isImputed = true;
    }
    if (isImputed) this.imputed += 1;
    const series = this.#series.get(symbol) ?? new Growing(features.length + BAR);
    this.#series.set(symbol, series);
    const [open, high, low, close, volume, middle] = this.#places.map((place) =>
      flags[place] === 1 ? Number.NaN : (row[place] ?? Number.NaN),
    );
    const price = middle === undefined || Number.isNaN(middle) ? close : middle;
    const bar = [open, high, low, price, volume].map((value) => value ?? Number.NaN);
    if (series.add(atUs, row.subarray(0, features.length), bar)) this.rows += 1;
  }

  /** Of every symbol that has a row, in their order. */
  finish(symbols: readonly { readonly name: string; readonly sector: string }[]): SymbolRows[] {
    return [...this.#series.keys()]
      .toSorted((left, right) => left - right)
      .map((place) => {
        const { name, sector } = present(symbols[place], 'a symbol');
        const series = present(this.#series.get(place), 'its rows');
        return series.finish(name, sector, this.#wide.features.length);
      });
  }
}

const BAR = 5;
const ROWS_FIRST = 512;

/** Rows of a number that nobody knows before. */
class Growing {
  readonly #width: number;
  #atUs = new Float64Array(ROWS_FIRST);
  #values: Float64Array;
  #count = 0;

  constructor(width: number) {
    this.#width = width;
    this.#values = new Float64Array(ROWS_FIRST * width);
  }

  /** A bar that is told twice counts once. */
  add(atUs: number, features: Float64Array, bar: readonly number[]): boolean {
    if (this.#count > 0 && atUs <= (this.#atUs[this.#count - 1] ?? 0)) return false;
    if (this.#count === this.#atUs.length) this.#grow();
    const at = this.#count * this.#width;
    this.#atUs[this.#count] = atUs;
    this.#values.set(features, at);
    this.#values.set(bar, at + features.length);
    this.#count += 1;
    return true;
  }

  finish(symbol: string, sector: string, width: number): SymbolRows {
    const count = this.#count;
    const features = new Float64Array(count * width);
    for (let row = 0; row < count; row += 1) {
      const at = row * this.#width;
      features.set(this.#values.subarray(at, at + width), row * width);
    }
    const column = (place: number) =>
      Float64Array.from({ length: count }, (_, row) => {
        return this.#values[row * this.#width + width + place] ?? Number.NaN;
      });
    return {
      symbol,
      sector,
      count,
      atUs: this.#atUs.slice(0, count),
      features,
      open: column(0),
      high: column(1),
      low: column(2),
      close: column(3),
      volume: column(4),
    };
  }

  #grow(): void {
    const [atUs, values] = [this.#atUs, this.#values];
    this.#atUs = new Float64Array(atUs.length * 2);
    this.#atUs.set(atUs);
    this.#values = new Float64Array(values.length * 2);
    this.#values.set(values);
  }
}
