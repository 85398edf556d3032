import { symbolId } from '../../core/ids.ts';
import { DAY } from '../../core/time.ts';
import type { MomentumFeatures } from '../../domain/features/momentum-features.ts';
import {
  BAR_WIDTH,
  CLOSE,
  HIGH,
  LOW,
  OPEN,
  SESSION,
  VOLUME,
} from '../../domain/indicators/indicator.ts';
import type { IndicatorSet } from '../../domain/indicators/indicator-set.ts';
import {
  addTrade,
  isEmptyBar,
  OPEN_BAR_CLOSE,
  OPEN_BAR_HIGH,
  OPEN_BAR_LOW,
  OPEN_BAR_OPEN,
  OPEN_BAR_START_US,
  OPEN_BAR_TRADES,
  OPEN_BAR_TURNOVER,
  OPEN_BAR_VOLUME,
  resetBar,
} from '../../domain/market/bar.ts';
import { newYorkDayNumber } from '../../domain/market/calendar.ts';
import {
  CHANNEL_QUOTES,
  type EventBatch,
  STATUS_HALTED,
  STATUS_QUOTING,
  STATUS_TRADING,
  TRADE_LAST,
} from '../../domain/market/event-batch.ts';
import { mergeBar } from '../../domain/market/merge-bar.ts';
import { BEST_ASK, BEST_BID } from '../../domain/market/nbbo.ts';
import {
  isCore,
  type QuotePlaces,
  ROW_BAND_HIGH,
  ROW_BAND_LOW,
  ROW_BAR,
  ROW_BAR_US,
  ROW_CLOSE,
  ROW_CLOSE_BEFORE,
  ROW_HALT,
  ROW_HAS_QUOTES,
  ROW_HELD,
  ROW_LAST,
  ROW_LATE,
  ROW_LAYER,
  ROW_NBBO,
  ROW_QUOTE_US,
} from '../../domain/market/symbol-row.ts';
import type { MarketView } from '../../domain/risk/market-view.ts';
import type { FamilyTurn } from '../runtime/definition.ts';
import type { RowTable } from '../runtime/row-table.ts';
import {
  LAYER_1,
  LAYER_2,
  MEAN_REVERSION,
  MOMENTUM,
  PORTFOLIO,
  PREDICTIONS,
} from './actor-table.ts';
import { takeQuote } from './row-quotes.ts';

export interface SymbolRowOptions {
  readonly cadence: 'bar' | 'event';
  readonly barSpanUs: number;
  readonly indicators: IndicatorSet;
  readonly features: MomentumFeatures;
  readonly zEnter: number;
  readonly zExit: number;
  readonly quotes: QuotePlaces;
  readonly indicatorsAt: number;
  readonly historyAt: number;
}

const BASIS_POINTS = 10_000;
const TRADING = 0;
const HALTED = 1;
const RESUMED = 2;

/**
 * What an event does to one symbol's row. Bound to a row before each use: one object serves all
 * rows, so nothing is allocated per event.
 */
export class SymbolRow {
  #values: Float64Array = new Float64Array(0);
  #at = 0;
  #index = 0;
  #turn: FamilyTurn | undefined;
  readonly #options: SymbolRowOptions;
  readonly #bar = new Float64Array(BAR_WIDTH);
  readonly #upper: number;
  readonly #middle: number;
  readonly #range: number;
  readonly #outputs: readonly number[];

  constructor(options: SymbolRowOptions) {
    this.#options = options;
    const { indicators, indicatorsAt } = options;
    this.#upper = indicatorsAt + indicators.output('bollinger', 'upper');
    this.#middle = indicatorsAt + indicators.output('bollinger', 'middle');
    this.#range = indicatorsAt + indicators.output('atr', 'atr');
    this.#outputs = indicators.indicators.flatMap(({ name, outputs }) =>
      outputs.map((output) => indicatorsAt + indicators.output(name, output)),
    );
  }

  bind(rows: RowTable, index: number, turn: FamilyTurn): void {
    this.#values = rows.values;
    this.#at = rows.at(index);
    this.#index = index;
    this.#turn = turn;
  }

  trade(batch: EventBatch, event: number): void {
    const values = this.#values;
    const at = this.#at;
    const price = batch.a[event] ?? Number.NaN;
    const flags = batch.flags[event] ?? 0;
    const venueUs = batch.venueUs[event] ?? 0;
    if (!isCore(values, at, venueUs)) {
      if ((flags & TRADE_LAST) !== 0) values[at + ROW_LAST] = price;
      return;
    }
    const { barSpanUs } = this.#options;
    const startUs = Math.floor(venueUs / barSpanUs) * barSpanUs;
    const openUs = values[at + ROW_BAR + OPEN_BAR_START_US] ?? Number.NaN;
    if (openUs < startUs) this.#finishBar();
    if (openUs > startUs || startUs + barSpanUs <= (values[at + ROW_BAR_US] ?? 0)) {
      values[at + ROW_LATE] = (values[at + ROW_LATE] ?? 0) + 1;
      return;
    }
    addTrade(values, at + ROW_BAR, price, batch.b[event] ?? 0, flags, startUs);
    if ((flags & TRADE_LAST) === 0) return;
    values[at + ROW_LAST] = price;
    if (this.#options.cadence === 'event') this.#observeEvent(price, batch.b[event] ?? 0);
  }

  quote(batch: EventBatch, event: number): void {
    const values = this.#values;
    const at = this.#at;
    takeQuote(values, at + ROW_NBBO, this.#options.quotes, batch, event);
    values[at + ROW_QUOTE_US] = this.#now;
    values[at + ROW_HAS_QUOTES] = 1;
    if (values[at + ROW_HALT] === RESUMED) values[at + ROW_HALT] = TRADING;
    if (this.#options.cadence === 'event') this.#observeEvent(this.#middlePrice(), 0);
  }

  /** A bar made by the venue: of our own span it closes at once, of a shorter span it is added. */
  bar(batch: EventBatch, event: number): void {
    const values = this.#values;
    const at = this.#at;
    const spanUs = batch.f[event] ?? 0;
    const startUs = batch.venueUs[event] ?? 0;
    if (spanUs >= DAY) return this.#day(batch, event);
    if (!isCore(values, at, startUs)) return;
    const own = this.#options.barSpanUs;
    const ownStartUs = Math.floor(startUs / own) * own;
    const openUs = values[at + ROW_BAR + OPEN_BAR_START_US] ?? Number.NaN;
    if (openUs < ownStartUs) this.#finishBar();
    const bar = at + ROW_BAR;
    if ((values[bar + OPEN_BAR_TRADES] ?? 0) > 0) return; // Trades already tell this bar.
    if (startUs < (values[at + ROW_BAR_US] ?? 0)) {
      values[at + ROW_LATE] = (values[at + ROW_LATE] ?? 0) + 1;
      return;
    }
    mergeBar(values, bar, batch, event, ownStartUs);
    values[at + ROW_LAST] = batch.d[event] ?? Number.NaN;
    if (startUs + spanUs >= ownStartUs + own) this.#finishBar();
  }

  status(batch: EventBatch, event: number): void {
    const halt = this.#at + ROW_HALT;
    switch (batch.flags[event]) {
      case STATUS_HALTED:
      case STATUS_QUOTING: // Not tradable yet: the venue says so by STATUS_TRADING.
        this.#values[halt] = HALTED;
        return;
      case STATUS_TRADING:
        this.#values[halt] = this.#values[this.#at + ROW_HAS_QUOTES] === 1 ? RESUMED : TRADING;
        return;
    }
  }

  band(batch: EventBatch, event: number): void {
    this.#values[this.#at + ROW_BAND_LOW] = batch.a[event] ?? Number.NaN;
    this.#values[this.#at + ROW_BAND_HIGH] = batch.b[event] ?? Number.NaN;
  }

  /**
   * Takes a corrected trade's volume back while its bar is open. A high, a low or a closed bar is
   * not re-made here; it is counted.
   */
  correction(batch: EventBatch, event: number): void {
    const bar = this.#at + ROW_BAR;
    const { barSpanUs } = this.#options;
    const startUs = Math.floor((batch.f[event] ?? 0) / barSpanUs) * barSpanUs;
    if (this.#values[bar + OPEN_BAR_START_US] !== startUs) {
      this.#values[this.#at + ROW_LATE] = (this.#values[this.#at + ROW_LATE] ?? 0) + 1;
      return;
    }
    const [oldPrice, oldSize] = [batch.a[event] ?? 0, batch.b[event] ?? 0];
    const [newPrice, newSize] = [batch.c[event] ?? 0, batch.d[event] ?? 0];
    const volume = (this.#values[bar + OPEN_BAR_VOLUME] ?? 0) - oldSize + newSize;
    const turnover = (this.#values[bar + OPEN_BAR_TURNOVER] ?? 0) - oldPrice * oldSize;
    this.#values[bar + OPEN_BAR_VOLUME] = Math.max(0, volume);
    this.#values[bar + OPEN_BAR_TURNOVER] = Math.max(0, turnover + newPrice * newSize);
  }

  /** Data were lost: quotes count as stale, and indicators begin again, so no signal spans it. */
  gap(batch: EventBatch, event: number): void {
    const { indicators, indicatorsAt, features, historyAt } = this.#options;
    if (batch.flags[event] === CHANNEL_QUOTES) {
      this.#values[this.#at + ROW_QUOTE_US] = 0;
      return;
    }
    resetBar(this.#values, this.#at + ROW_BAR);
    indicators.reset(this.#values, this.#at + indicatorsAt);
    features.reset(this.#values, this.#at + historyAt);
  }

  closeBar(beforeUs: number): void {
    const openUs = this.#values[this.#at + ROW_BAR + OPEN_BAR_START_US] ?? Number.NaN;
    if (openUs < beforeUs) this.#finishBar();
  }

  view(): MarketView {
    const values = this.#values;
    const at = this.#at;
    return {
      bid: values[at + ROW_NBBO + BEST_BID] ?? Number.NaN,
      ask: values[at + ROW_NBBO + BEST_ASK] ?? Number.NaN,
      quoteUs: values[at + ROW_QUOTE_US] ?? 0,
      isBarOnly: values[at + ROW_HAS_QUOTES] !== 1,
      last: values[at + ROW_LAST] ?? Number.NaN,
      barUs: values[at + ROW_BAR_US] ?? 0,
      isHalted: values[at + ROW_HALT] !== TRADING,
      bandLow: values[at + ROW_BAND_LOW] ?? Number.NaN,
      bandHigh: values[at + ROW_BAND_HIGH] ?? Number.NaN,
      averageRange: values[at + this.#range] ?? Number.NaN,
    };
  }

  get #now(): number {
    return this.#turn?.nowUs ?? 0;
  }

  /** Closes the open bar: indicators move, and everybody who lives by bars hears of it. */
  #finishBar(): void {
    const values = this.#values;
    const at = this.#at;
    const open = at + ROW_BAR;
    const startUs = values[open + OPEN_BAR_START_US] ?? Number.NaN;
    if (isEmptyBar(values, open)) {
      resetBar(values, open);
      return;
    }
    const bar = this.#bar;
    bar[OPEN] = values[open + OPEN_BAR_OPEN] ?? Number.NaN;
    bar[HIGH] = values[open + OPEN_BAR_HIGH] ?? Number.NaN;
    bar[LOW] = values[open + OPEN_BAR_LOW] ?? Number.NaN;
    bar[CLOSE] = values[open + OPEN_BAR_CLOSE] ?? Number.NaN;
    bar[VOLUME] = values[open + OPEN_BAR_VOLUME] ?? 0;
    bar[SESSION] = newYorkDayNumber(startUs);
    resetBar(values, open);
    values[at + ROW_BAR_US] = startUs + this.#options.barSpanUs;
    values[at + ROW_CLOSE_BEFORE] = values[at + ROW_CLOSE] ?? Number.NaN;
    values[at + ROW_CLOSE] = bar[CLOSE] ?? Number.NaN;
    const { indicators, indicatorsAt, features, historyAt, cadence } = this.#options;
    if (cadence === 'bar') indicators.update(values, at + indicatorsAt, bar);
    features.push(values, at + historyAt, bar);
    this.#tell(bar[CLOSE] ?? Number.NaN, bar[VOLUME] ?? 0);
  }

  #tell(close: number, volume: number): void {
    const turn = this.#turn;
    if (turn === undefined) return;
    const values = this.#values;
    const at = this.#at;
    const symbol = symbolId(this.#index);
    const zScore = this.#zScore(close);
    const range = values[at + this.#range] ?? Number.NaN;
    const measured = {
      kind: 'measured',
      price: close,
      volume,
      spreadBps: this.#spreadBps(),
      rangeBps: (range / close) * BASIS_POINTS,
      momentum: (close - (values[at + ROW_CLOSE_BEFORE] ?? Number.NaN)) / range,
      zScore,
      isHalted: values[at + ROW_HALT] !== TRADING,
    } as const;
    turn.sendRow(LAYER_1, this.#index, measured);
    turn.sendRow(LAYER_2, this.#index, measured);
    const held = values[at + ROW_HELD] ?? 0;
    const middle = this.#middlePrice();
    const price = middle === middle ? middle : close;
    if (held !== 0) turn.send(PORTFOLIO, { kind: 'priced', symbol, price });
    const layer = values[at + ROW_LAYER] ?? 0;
    if (layer >= 2 || held !== 0) this.#tellStrategies(zScore, layer);
    this.#writeRow();
  }

  #tellStrategies(zScore: number, layer: number): void {
    const turn = this.#turn;
    if (turn === undefined) return;
    const symbol = symbolId(this.#index);
    const observed = { kind: 'observed', symbol, zScore, layer, view: this.view() } as const;
    turn.send(MEAN_REVERSION, observed);
    turn.send(MOMENTUM, observed);
    const { features, indicatorsAt, historyAt } = this.#options;
    const row = new Float64Array(features.width);
    const at = this.#at;
    const values = this.#values;
    if (features.compute(values, at + indicatorsAt, values, at + historyAt, row, 0)) {
      turn.sendRow(PREDICTIONS, this.#index, { kind: 'featuresReady', features: row });
    }
  }

  /** The row's indicators leave for the time series store; in the journal only their hash stays. */
  #writeRow(): void {
    const width = this.#outputs.length;
    const row = new Float64Array(width);
    for (let slot = 0; slot < width; slot += 1) {
      row[slot] = this.#values[this.#at + (this.#outputs[slot] ?? 0)] ?? Number.NaN;
    }
    this.#turn?.request({
      kind: 'writeRows',
      table: 'indicators',
      rows: [symbolId(this.#index)],
      width,
      values: row,
      layoutHash: this.#options.indicators.layoutHash,
    });
  }

  /** In event cadence every trade and quote is a bar of its own. */
  #observeEvent(price: number, volume: number): void {
    if (price !== price) return;
    const bar = this.#bar;
    bar.fill(price, OPEN, VOLUME);
    bar[VOLUME] = volume;
    bar[SESSION] = newYorkDayNumber(this.#now);
    const { indicators, indicatorsAt, zEnter, zExit } = this.#options;
    const values = this.#values;
    const at = this.#at;
    indicators.update(values, at + indicatorsAt, bar);
    const layer = values[at + ROW_LAYER] ?? 0;
    const isHeld = values[at + ROW_HELD] !== 0;
    if (layer < 2 && !isHeld) return;
    const zScore = this.#zScore(price);
    if (isHeld ? zScore < -zExit && zScore > -zEnter : !(zScore <= -zEnter)) return;
    const symbol = symbolId(this.#index);
    const view = this.view();
    this.#turn?.send(MEAN_REVERSION, { kind: 'observed', symbol, zScore, layer, view });
  }

  #day(batch: EventBatch, event: number): void {
    const [close, volume] = [batch.d[event] ?? Number.NaN, batch.e[event] ?? 0];
    this.#turn?.sendRow(LAYER_1, this.#index, { kind: 'dayMeasured', close, volume });
  }

  /** Bollinger's upper band stands two deviations above the middle. */
  #zScore(price: number): number {
    const middle = this.#values[this.#at + this.#middle] ?? Number.NaN;
    const deviation = ((this.#values[this.#at + this.#upper] ?? Number.NaN) - middle) / 2;
    return deviation > 0 ? (price - middle) / deviation : Number.NaN;
  }

  #middlePrice(): number {
    const nbbo = this.#at + ROW_NBBO;
    const bid = this.#values[nbbo + BEST_BID] ?? Number.NaN;
    return (bid + (this.#values[nbbo + BEST_ASK] ?? Number.NaN)) / 2;
  }

  #spreadBps(): number {
    const nbbo = this.#at + ROW_NBBO;
    const bid = this.#values[nbbo + BEST_BID] ?? Number.NaN;
    const ask = this.#values[nbbo + BEST_ASK] ?? Number.NaN;
    return ((ask - bid) / ((ask + bid) / 2)) * BASIS_POINTS;
  }
}
