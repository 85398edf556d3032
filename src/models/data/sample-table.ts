import { assert, present } from '../../core/assert.ts';
import type { Labels } from './labels.ts';
import type { Samples } from './samples.ts';
import { sessionKeys } from './sessions.ts';

/** The rows of one symbol, in the order of their time. */
export interface FeatureRows {
  readonly symbol: string;
  /** When a row was known: each later than the one before. */
  readonly atUs: Float64Array;
  /** A row for each time. */
  readonly features: Float64Array;
}

export interface SampleTableOptions {
  /** Numbers in a row of features. */
  readonly features: number;
  /** Rows that a sample sees: its own and those before it. 1 where it sees no past. */
  readonly window: number;
  /** Two rows of a window are at most this far apart. */
  readonly gapUsMax: number;
  /** Whether a window may begin in a session before. */
  readonly acrossSessions?: boolean;
  /** Trees take what is missing, networks do not. */
  readonly allowMissing?: boolean;
  /** Of the rows of a symbol that would do, every n-th is taken. */
  readonly every?: number;
  readonly samplesMax?: number;
}

/** Why a row became no sample. */
const LEFT_OUT = ['noLabel', 'gapInWindow', 'missingFeature', 'thinnedOut', 'full'] as const;
export type LeftOut = (typeof LEFT_OUT)[number];

const SAMPLES_MAX = 20_000_000;

/**
 * Collects rows and labels of symbols and makes samples of them. What it leaves out is counted by
 * its reason. The order in which symbols are added changes nothing.
 */
export class SampleTable {
  readonly #options: SampleTableOptions;
  readonly #series = new Map<string, Series>();
  readonly #leftOut = new Map<LeftOut, number>();
  #count = 0;

  constructor(options: SampleTableOptions) {
    assert(options.features > 0 && options.window > 0, 'a sample has features and a window');
    this.#options = options;
  }

  add(rows: FeatureRows, labels: Labels): void {
    const { symbol, atUs, features } = rows;
    assert(!this.#series.has(symbol), 'a symbol is added once');
    assert(features.length === atUs.length * this.#options.features, 'rows have all features');
    assert(labels.label.length === atUs.length, 'rows have labels');
    const sessions = this.#options.acrossSessions === true ? undefined : sessionKeys(atUs);
    const places: number[] = [];
    let fit = 0;
    let run = 0;
    for (let at = 0; at < atUs.length; at += 1) {
      const isCut = sessions !== undefined && sessions[at] !== sessions[at - 1];
      run = this.#follows(atUs, at) && !isCut ? run + 1 : 1;
      const reason = this.#refuse(rows, labels, at, run);
      if (reason !== undefined) this.#leave(reason);
      else if (fit++ % (this.#options.every ?? 1) !== 0) this.#leave('thinnedOut');
      else if (this.#count >= (this.#options.samplesMax ?? SAMPLES_MAX)) this.#leave('full');
      else {
        places.push(at);
        this.#count += 1;
      }
    }
    this.#series.set(symbol, { rows, labels, places });
  }

  get count(): number {
    return this.#count;
  }

  /** How many rows became no sample, by reason. */
  get leftOut(): Readonly<Record<LeftOut, number>> {
    const of = (reason: LeftOut) => this.#leftOut.get(reason) ?? 0;
    return {
      noLabel: of('noLabel'),
      gapInWindow: of('gapInWindow'),
      missingFeature: of('missingFeature'),
      thinnedOut: of('thinnedOut'),
      full: of('full'),
    };
  }

  /** All of them, by time and then by the name of the symbol; every weight is 1. */
  samples(): Samples {
    const symbols = [...this.#series.keys()].toSorted();
    const series = symbols.map((symbol) => present(this.#series.get(symbol), 'series'));
    const entries = series.flatMap(({ rows, places }, symbol) =>
      places.map((place) => ({ symbol, place, atUs: rows.atUs[place] ?? Number.NaN })),
    );
    entries.sort((a, b) => a.atUs - b.atUs || a.symbol - b.symbol);

    const { features: each, window } = this.#options;
    const width = each * window;
    const features = new Float64Array(entries.length * width);
    const column = (read: (of: Series, place: number) => number | undefined) =>
      Float64Array.from(
        entries,
        ({ symbol, place }) => read(present(series[symbol], 'series'), place) ?? Number.NaN,
      );
    entries.forEach(({ symbol, place }, at) => {
      const { rows } = present(series[symbol], 'series');
      const from = (place - window + 1) * each;
      features.set(rows.features.subarray(from, from + width), at * width);
    });
    return {
      count: entries.length,
      width,
      features,
      symbol: Int32Array.from(entries, ({ symbol }) => symbol),
      symbols,
      atUs: column(({ rows }, place) => rows.atUs[place]),
      knownUs: column(({ labels }, place) => labels.knownUs[place]),
      label: column(({ labels }, place) => labels.label[place]),
      forwardReturn: column(({ labels }, place) => labels.forwardReturn[place]),
      weight: new Float64Array(entries.length).fill(1),
    };
  }

  /** Whether a row is near the one before it. */
  #follows(atUs: Float64Array, at: number): boolean {
    const now = atUs[at] ?? Number.NaN;
    const before = atUs[at - 1] ?? Number.NEGATIVE_INFINITY;
    assert(now > before, 'rows are in the order of time');
    return now - before <= this.#options.gapUsMax;
  }

  #refuse(rows: FeatureRows, labels: Labels, at: number, run: number): LeftOut | undefined {
    const { features: each, window, allowMissing = false } = this.#options;
    if (Number.isNaN(labels.label[at])) return 'noLabel';
    if (run < window) return 'gapInWindow';
    if (allowMissing) return undefined;
    const seen = rows.features.subarray((at - window + 1) * each, (at + 1) * each);
    return seen.every(Number.isFinite) ? undefined : 'missingFeature';
  }

  #leave(reason: LeftOut): void {
    this.#leftOut.set(reason, (this.#leftOut.get(reason) ?? 0) + 1);
  }
}

interface Series {
  readonly rows: FeatureRows;
  readonly labels: Labels;
  readonly places: readonly number[];
}
