import { DAY, HOUR, MINUTE } from '../../../../src/core/time.ts';
import {
  FeatureEngine,
  type FeatureEngineOptions,
} from '../../../../src/domain/features/feature-engine.ts';
import { createFeatureSet, isFeatureSet } from '../../../../src/domain/features/feature-set.ts';
import { STANDARD_REGISTRY } from '../../../../src/domain/features/standard-registry.ts';
import type { BarSource } from '../../../../src/domain/market/bars/bar-options.ts';
import {
  BAR,
  BAR_FINAL,
  EventBatch,
  TRADE,
  TRADE_REGULAR,
} from '../../../../src/domain/market/event-batch.ts';

/** 2024-06-03, a Monday: 09:30 to 16:00 in New York. */
export const OPEN_US = Date.UTC(2024, 5, 3, 13, 30) * 1_000;
export const CLOSE_US = Date.UTC(2024, 5, 3, 20, 0) * 1_000;

interface SceneOptions {
  readonly symbols?: readonly string[];
  readonly from?: BarSource;
  readonly barClosed?: FeatureEngineOptions['barClosed'];
}

const OF_TRADES: BarSource = { kind: 'trades', graceUs: 0 };

/** An engine in the core session of one day, and what a test tells it. Prices in dollars. */
export class EngineScene {
  readonly engine: FeatureEngine;
  readonly names: readonly string[];
  readonly #batch = new EventBatch(1, 1);

  constructor(names: readonly string[], options: SceneOptions = {}) {
    const { symbols = ['AAA'], from = OF_TRADES, barClosed } = options;
    const set = createFeatureSet(STANDARD_REGISTRY, { feed: 'test', names }, symbols.length);
    if (!isFeatureSet(set)) throw new Error(set.reason);
    this.names = names;
    const symbolsMax = symbols.length;
    this.engine = new FeatureEngine({
      set,
      symbolsMax,
      from,
      ...(barClosed === undefined ? {} : { barClosed }),
    });
    symbols.forEach((name, symbol) => this.engine.name(symbol, name, ''));
    this.session(OPEN_US, CLOSE_US);
  }

  session(openUs: number, closeUs: number): void {
    const session = { openUs, closeUs, coreOpenUs: openUs, isExtended: false };
    this.engine.openSession(session, openUs - HOUR);
  }

  trade(symbol: number, us: number, price: number, size = 100, nowUs = us): void {
    this.#take(TRADE, symbol, us, TRADE_REGULAR, [10_000 * price, size], nowUs);
  }

  /** A bar of the venue's whose four prices are one. */
  bar(symbol: number, us: number, price: number, options: BarWords = {}): void {
    const { volume = 100, spanUs = MINUTE, nowUs = us + spanUs, flags = BAR_FINAL } = options;
    const ticks = 10_000 * price;
    this.#take(BAR, symbol, us, flags, [ticks, ticks, ticks, ticks, volume, spanUs], nowUs);
  }

  /** A day of history: open, high, low, close in dollars, volume. */
  day(symbol: number, us: number, values: readonly number[]): void {
    const ticks = values.map((value, place) => (place < 4 ? 10_000 * value : value));
    this.#take(BAR, symbol, us, BAR_FINAL, [...ticks, DAY], OPEN_US);
  }

  /** The row as it is; NaN where a value is not known. */
  row(symbol = 0): readonly number[] {
    const { engine } = this;
    const out = new Float64Array(engine.set.width);
    const flags = new Uint8Array(engine.set.width);
    engine.row(symbol, out, flags, 0);
    return [...out].map((value, column) => (flags[column] === 1 ? Number.NaN : value));
  }

  #take(
    kind: number,
    symbol: number,
    us: number,
    flags: number,
    values: readonly number[],
    nowUs: number,
  ): void {
    const batch = this.#batch;
    batch.clear();
    const event = batch.add(kind, symbol, us, flags, 0);
    [batch.a, batch.b, batch.c, batch.d, batch.e, batch.f].forEach((column, place) => {
      column[event] = values[place] ?? 0;
    });
    batch.endFrame(nowUs);
    this.engine.take(batch);
  }
}

interface BarWords {
  readonly volume?: number;
  readonly spanUs?: number;
  readonly nowUs?: number;
  readonly flags?: number;
}
