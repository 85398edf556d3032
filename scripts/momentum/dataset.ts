import { PRICE_SCALE } from '../../src/core/money.ts';
import { MINUTE } from '../../src/core/time.ts';
import { momentumSet } from '../../src/domain/features/momentum-set.ts';
import {
  BAR_WIDTH,
  CLOSE,
  HIGH,
  LOW,
  OPEN,
  SESSION,
  SINCE_OPEN_US,
  START_US,
  VOLUME,
} from '../../src/domain/indicators/indicator.ts';
import {
  addTrade,
  isEmptyBar,
  OPEN_BAR_CLOSE,
  OPEN_BAR_HIGH,
  OPEN_BAR_LOW,
  OPEN_BAR_OPEN,
  OPEN_BAR_VOLUME,
  OPEN_BAR_WIDTH,
  resetBar,
} from '../../src/domain/market/bar.ts';
import { newYorkDayNumber } from '../../src/domain/market/calendar.ts';
import { EventBatch, QUOTE, TRADE } from '../../src/domain/market/event-batch.ts';
import { createSeededMarket } from '../../src/venue/market/seeded-market.ts';

/** Rows of features and what became of them: 1 where the mid price was higher, 0 where lower. */
export type Dataset = {
  readonly width: number;
  readonly rows: number;
  readonly features: Float64Array;
  readonly labels: Uint8Array;
};

export type DatasetOptions = {
  readonly seeds: readonly number[];
  readonly symbols: number;
  readonly days: number;
  readonly tradesPerDay: number;
  readonly horizonBars: number;
};

/**
 * Seeded markets, tick by tick, as minute bars. A row is a symbol at the close of a minute in which
 * it traded; its label compares the mid price then and `horizonBars` minutes later on the same day.
 * Rows without any move are left out.
 */
export function makeDataset(options: DatasetOptions): Dataset {
  const parts = options.seeds.map((seed) => sampleMarket(options, seed));
  const width = momentum.width;
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const features = new Float64Array(rows * width);
  const labels = new Uint8Array(rows);
  let row = 0;
  for (const part of parts) {
    features.set(part.features, row * width);
    labels.set(part.labels, row);
    row += part.rows;
  }
  return { width, rows, features, labels };
}

export const momentum = momentumSet();

function sampleMarket(options: DatasetOptions, seed: number): Dataset {
  const { symbols, days, tradesPerDay } = options;
  const market = createSeededMarket({ seed, symbols, days, tradesPerDay, extendedHours: false });
  const opens: number[] = [];
  for (const { input } of market.calendar) {
    if (input.kind === 'sessionChanged' && input.phase === 'core') opens.push(input.openUs);
  }
  const sampler = new Sampler(symbols, options.horizonBars);
  const batch = new EventBatch();
  let day = -1;
  let minute = 0;
  while (market.next(batch)) {
    for (let at = 0; at < batch.count; at += 1) {
      const us = batch.venueUs[at] ?? 0;
      if (us >= (opens[day + 1] ?? Number.POSITIVE_INFINITY)) {
        if (day >= 0) sampler.endDay();
        day += 1;
        minute = 0;
        sampler.beginDay(opens[day] ?? 0);
      }
      for (; us >= (opens[day] ?? 0) + (minute + 1) * MINUTE; minute += 1)
        sampler.endMinute(minute);
      sampler.hear(batch, at, minute);
    }
  }
  sampler.endDay();
  return sampler.dataset();
}

const MINUTES = 390;
/** The layout needs nothing but the symbol itself. */
const NO_MARKET = new Float64Array(0);
const NOBODY = { symbol: -1, sector: -1, benchmark: -1 } as const;

/** One market's symbols: open bars, indicators, and the rows of the running day. */
class Sampler {
  readonly #symbols: number;
  readonly #horizon: number;
  readonly #openBars: Float64Array;
  readonly #state: Float64Array;
  /** Mid price by symbol now, and by minute and symbol at each close. */
  readonly #mid: Float64Array;
  readonly #mids: Float64Array;
  /** Row of features by minute and symbol; NaN where there is none. */
  readonly #day: Float64Array;
  readonly #bar = new Float64Array(BAR_WIDTH);
  readonly #row = new Float64Array(momentum.width);
  readonly #raw = new Float64Array(momentum.rawWidth);
  readonly #flags = new Uint8Array(momentum.width);
  readonly #features: number[] = [];
  readonly #labels: number[] = [];
  #openUs = 0;

  constructor(symbols: number, horizon: number) {
    this.#symbols = symbols;
    this.#horizon = horizon;
    this.#openBars = new Float64Array(symbols * OPEN_BAR_WIDTH);
    this.#state = new Float64Array(symbols * momentum.symbolWidth);
    this.#mid = new Float64Array(symbols);
    this.#mids = new Float64Array(MINUTES * symbols);
    this.#day = new Float64Array(MINUTES * symbols * momentum.width);
    for (let symbol = 0; symbol < symbols; symbol += 1) {
      momentum.resetSymbol(this.#state, symbol * momentum.symbolWidth);
    }
  }

  beginDay(openUs: number): void {
    this.#openUs = openUs;
    this.#bar[SESSION] = newYorkDayNumber(openUs);
    this.#day.fill(Number.NaN);
    this.#mids.fill(0);
    for (let symbol = 0; symbol < this.#symbols; symbol += 1) {
      resetBar(this.#openBars, symbol * OPEN_BAR_WIDTH);
    }
  }

  hear(batch: EventBatch, at: number, minute: number): void {
    const symbol = batch.symbol[at] ?? 0;
    if (symbol >= this.#symbols) return;
    const kind = batch.kind[at];
    if (kind === QUOTE) this.#mid[symbol] = ((batch.a[at] ?? 0) + (batch.c[at] ?? 0)) / 2;
    if (kind !== TRADE) return;
    const startUs = this.#openUs + minute * MINUTE;
    const barAt = symbol * OPEN_BAR_WIDTH;
    const price = batch.a[at] ?? 0;
    addTrade(this.#openBars, barAt, price, batch.b[at] ?? 0, batch.flags[at] ?? 0, startUs);
  }

  endMinute(minute: number): void {
    for (let symbol = 0; symbol < this.#symbols; symbol += 1) {
      this.#mids[minute * this.#symbols + symbol] = this.#mid[symbol] ?? 0;
      const barAt = symbol * OPEN_BAR_WIDTH;
      if (!isEmptyBar(this.#openBars, barAt)) this.#closeBar(minute, symbol, barAt);
      resetBar(this.#openBars, barAt);
    }
  }

  #closeBar(minute: number, symbol: number, barAt: number): void {
    const bar = this.#bar;
    const open = this.#openBars;
    bar[OPEN] = (open[barAt + OPEN_BAR_OPEN] ?? Number.NaN) / PRICE_SCALE;
    bar[HIGH] = (open[barAt + OPEN_BAR_HIGH] ?? Number.NaN) / PRICE_SCALE;
    bar[LOW] = (open[barAt + OPEN_BAR_LOW] ?? Number.NaN) / PRICE_SCALE;
    bar[CLOSE] = (open[barAt + OPEN_BAR_CLOSE] ?? Number.NaN) / PRICE_SCALE;
    bar[VOLUME] = open[barAt + OPEN_BAR_VOLUME] ?? Number.NaN;
    bar[START_US] = this.#openUs + minute * MINUTE;
    bar[SINCE_OPEN_US] = minute * MINUTE;
    const stateAt = symbol * momentum.symbolWidth;
    const row = this.#row;
    momentum.bar(this.#state, stateAt, momentum.timeframe, bar);
    momentum.readSymbol(this.#state, stateAt, 0, this.#raw, 0);
    const standing = momentum.compute(this.#raw, 0, NO_MARKET, NOBODY, 0, row, this.#flags, 0);
    if (standing === 'refused') return;
    this.#day.set(row, (minute * this.#symbols + symbol) * momentum.width);
  }

  /** Labels need the future, so they are known when the day is over. */
  endDay(): void {
    const width = momentum.width;
    for (let minute = 0; minute + this.#horizon < MINUTES; minute += 1) {
      for (let symbol = 0; symbol < this.#symbols; symbol += 1) {
        const place = minute * this.#symbols + symbol;
        const at = place * width;
        const now = this.#mids[place] ?? 0;
        const later = this.#mids[place + this.#horizon * this.#symbols] ?? 0;
        if (Number.isNaN(this.#day[at]) || now === later || now === 0 || later === 0) continue;
        this.#labels.push(later > now ? 1 : 0);
        for (let column = 0; column < width; column += 1) {
          this.#features.push(this.#day[at + column] ?? Number.NaN);
        }
      }
    }
  }

  dataset(): Dataset {
    return {
      width: momentum.width,
      rows: this.#labels.length,
      features: Float64Array.from(this.#features),
      labels: Uint8Array.from(this.#labels),
    };
  }
}
