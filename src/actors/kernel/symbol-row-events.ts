import { symbolId } from '../../core/ids.ts';
import { PRICE_SCALE } from '../../core/money.ts';
import { DAY } from '../../core/time.ts';
import { BAR_WIDTH, CLOSE, VOLUME } from '../../domain/indicators/indicator.ts';
import { readRecord } from '../../domain/indicators/read-record.ts';
import { isEmptyBar, OPEN_BAR_CLOSE } from '../../domain/market/bar.ts';
import { isSoundTrade, isSoundVenueBar } from '../../domain/market/bars/bar-parts.ts';
import { BAR_END_US } from '../../domain/market/bars/bar-record.ts';
import { ClosingRule, endOpen, isOverBy } from '../../domain/market/bars/closing-rule.ts';
import {
  BAR_FINAL,
  BAR_UPDATED,
  CHANNEL_QUOTES,
  type EventBatch,
  TRADE_LAST,
  TRADE_SUSPICIOUS,
} from '../../domain/market/event-batch.ts';
import {
  CLOSE_BEFORE,
  closesAt,
  isCore,
  pushClose,
  ROW_BAND_HIGH,
  ROW_BAND_LOW,
  ROW_BAR,
  ROW_BAR_US,
  ROW_GAP,
  ROW_HALT,
  ROW_HAS_QUOTES,
  ROW_HELD,
  ROW_LAST,
  ROW_LATE,
  ROW_LAYER,
  ROW_NBBO,
  ROW_QUOTE_US,
  ROW_REWARMED,
  SECTION_LEARNED,
  SECTION_OBSERVED,
  SECTION_QUOTES,
} from '../../domain/market/symbol-row.ts';
import { isAheadOfClock, VENUE_AHEAD_US_MAX } from '../../domain/market/venue-clock.ts';
import type { MarketView } from '../../domain/risk/market-view.ts';
import type { FamilyTurn } from '../runtime/definition.ts';
import { RowTable } from '../runtime/row-table.ts';
import {
  ENSEMBLE,
  LAYER_1,
  LAYER_2,
  MEAN_REVERSION,
  MOMENTUM,
  PORTFOLIO,
  PREDICTIONS,
} from './actor-table.ts';
import { openBarClose, TickBar } from './row-bar.ts';
import { RowCorrections } from './row-corrections.ts';
import { RowFeatures } from './row-features.ts';
import { keepBar, loseData, type SymbolRowOptions } from './row-losses.ts';
import type { RowScored } from './row-messages.ts';
import { JOINED, LEARNED, PartsOfRow, TOO_LATE } from './row-parts.ts';
import { takeQuote } from './row-quotes.ts';
import {
  HALT_NONE,
  HALT_RESUMED,
  marketView,
  middlePrice,
  spreadBps,
  takeLast,
  takeStatus,
  zScoreOf,
} from './row-readings.ts';
import { isFresh } from './row-times.ts';
import { type ClosedBar, closedBar, writeAnew, writeClosed } from './row-writing.ts';

const BASIS_POINTS = 10_000;

/**
 * What an event does to one symbol's row. Bound to a row before each use: one object serves all
 * rows, so nothing is allocated per event.
 */
export class SymbolRow {
  #rows = new RowTable(1, 1);
  #values: Float64Array = new Float64Array(0);
  #at = 0;
  #index = 0;
  #turn: FamilyTurn | undefined;
  readonly #options: SymbolRowOptions;
  #nowUs = 0;
  readonly #bar = new Float64Array(BAR_WIDTH);
  readonly #tick = new TickBar();
  readonly #parts: PartsOfRow;
  readonly #rule: ClosingRule;
  readonly #upper: number;
  readonly #middle: number;
  readonly #range: number;
  readonly #closes: number;
  readonly #features: RowFeatures;
  readonly #corrections: RowCorrections;

  constructor(options: SymbolRowOptions) {
    this.#options = options;
    this.#rule = new ClosingRule(options.barGraceUs);
    this.#parts = new PartsOfRow(options, this.#rule);
    const { features, featuresAt, observed, observedAt, cadence } = options;
    const isBar = cadence === 'bar';
    const place = (indicator: string, output: string) =>
      isBar
        ? featuresAt + features.slot(`${indicator}.${output}`)
        : observedAt + observed.output(indicator, output);
    this.#upper = place('bollinger20-2', 'upper');
    this.#middle = place('bollinger20-2', 'middle');
    this.#range = isBar ? featuresAt + features.slot('atr14') : place('atr14', 'atr');
    this.#closes = closesAt(options.quotes);
    this.#features = new RowFeatures(features, featuresAt);
    this.#corrections = new RowCorrections(options);
  }

  bind(rows: RowTable, index: number, turn: FamilyTurn): void {
    this.#rows = rows;
    this.#values = rows.values;
    this.#at = rows.at(index);
    this.#index = index;
    this.#turn = turn;
    this.#nowUs = turn.nowUs;
  }

  trade(batch: EventBatch, event: number): void {
    const values = this.#values;
    const at = this.#at;
    const flags = batch.flags[event] ?? 0;
    if ((flags & TRADE_SUSPICIOUS) !== 0) return; // The feed itself doubts it.
    const venueUs = batch.venueUs[event] ?? Number.NaN;
    const isAhead = venueUs > this.#nowUs + VENUE_AHEAD_US_MAX;
    if (isAhead || !isSoundTrade(batch, event)) return this.#late();
    const { bars } = this.#options;
    const isOver = venueUs >= (values[at + ROW_BAR + BAR_END_US] ?? Number.NaN);
    if (isOver && bars === 'trades') this.#finishBar(false);
    if (!isCore(values, at, batch.venueUs, event)) {
      if ((flags & TRADE_LAST) !== 0) values[at + ROW_LAST] = batch.a[event] ?? Number.NaN;
      return;
    }
    // Not before: a trade that closes a bar is none of its own.
    if (this.#features.hearsTicks) {
      this.#rows.openSection(this.#index, SECTION_LEARNED);
      this.#features.trade(values, at, batch, event, this.#nowUs);
    }
    if (bars === 'venue') return this.#tradeBesideBars(batch, event);
    const parted = this.#parts.trade(this.#rows, this.#index, batch, event, this.#turn);
    if (parted === TOO_LATE) return this.#late();
    if (parted === LEARNED) this.#tellAnew(this.#options.history.changed);
    if (parted !== JOINED || (flags & TRADE_LAST) === 0) return;
    values[at + ROW_LAST] = batch.a[event] ?? Number.NaN;
    this.#observeTrade(batch, event);
  }

  /** It moves the last price; the bar that it is a part of the venue tells. */
  #tradeBesideBars(batch: EventBatch, event: number): void {
    const venueUs = batch.venueUs[event] ?? 0;
    if (((batch.flags[event] ?? 0) & TRADE_LAST) === 0) return;
    if (venueUs < (this.#values[this.#at + ROW_BAR_US] ?? 0)) return this.#late();
    takeLast(this.#values, this.#at, batch.a[event] ?? Number.NaN, venueUs);
    this.#observeTrade(batch, event);
  }

  quote(batch: EventBatch, event: number): void {
    const values = this.#values;
    const at = this.#at;
    this.#rows.openSection(this.#index, SECTION_QUOTES);
    takeQuote(values, at + ROW_NBBO, this.#options.quotes, batch, event);
    values[at + ROW_QUOTE_US] = this.#nowUs;
    values[at + ROW_HAS_QUOTES] = 1;
    if (this.#features.hearsTicks) this.#hearQuote(batch, event);
    const middle = middlePrice(values, at);
    const isWhole = middle === middle;
    // A market with one side is not back yet.
    if (isWhole && values[at + ROW_HALT] === HALT_RESUMED) values[at + ROW_HALT] = HALT_NONE;
    if (this.#options.cadence !== 'event') return;
    this.#tick.price[0] = middle;
    this.#tick.volume[0] = 0;
    if (isCore(values, at, batch.venueUs, event)) this.#observeTick();
  }

  #hearQuote(batch: EventBatch, event: number): void {
    this.#rows.openSection(this.#index, SECTION_LEARNED);
    this.#features.quote(this.#values, this.#at, batch.venueUs[event] ?? 0, this.#nowUs);
  }

  /** A bar made by the venue: of our own span it closes at once, of a shorter span it is added. */
  bar(batch: EventBatch, event: number): void {
    const flags = batch.flags[event] ?? 0;
    const values = this.#values;
    const at = this.#at;
    if ((flags & BAR_UPDATED) !== 0) {
      return this.#tellAnew(this.#corrections.bar(this.#rows, this.#index, batch, event));
    }
    if ((flags & BAR_FINAL) === 0) return this.#late(); // Still forming: it would count twice.
    const spanUs = batch.f[event] ?? 0;
    const startUs = batch.venueUs[event] ?? 0;
    if (spanUs >= DAY) return this.#day(batch, event);
    const isSound = isSoundVenueBar(batch, event) && !isAheadOfClock(startUs, this.#nowUs);
    if (!isSound) return this.#late();
    if (isOverBy(values, at + ROW_BAR, startUs)) this.#finishBar(false);
    if (!isCore(values, at, batch.venueUs, event)) return;
    const parted = this.#parts.venueBar(this.#rows, this.#index, batch, event);
    if (parted === TOO_LATE) return this.#late();
    if (parted === LEARNED) this.#tellAnew(this.#options.history.changed);
    if (parted !== JOINED) return;
    takeLast(values, at, batch.d[event] ?? Number.NaN, startUs + spanUs);
    const isLast = isOverBy(values, at + ROW_BAR, startUs + spanUs);
    const isOver = this.#rule.isTimeOver(values, at + ROW_BAR, this.#nowUs);
    if (isLast || isOver) this.#finishBar(false);
  }

  status(batch: EventBatch, event: number): void {
    const isStopped = takeStatus(this.#values, this.#at, batch.flags[event] ?? 0);
    // A halted symbol has no bars that could tell.
    if (isStopped) this.#turn?.sendRow(LAYER_2, this.#index, { kind: 'haltSeen' });
  }

  band(batch: EventBatch, event: number): void {
    this.#values[this.#at + ROW_BAND_LOW] = batch.a[event] ?? Number.NaN;
    this.#values[this.#at + ROW_BAND_HIGH] = batch.b[event] ?? Number.NaN;
  }

  correction(batch: EventBatch, event: number): void {
    this.#tellAnew(this.#corrections.trade(this.#rows, this.#index, batch, event));
  }

  gap(batch: EventBatch, event: number): void {
    const channel = batch.flags[event] ?? 0;
    loseData(this.#rows, this.#index, this.#options, channel, this.#nowUs);
    if (channel === CHANNEL_QUOTES && this.#features.hearsTicks) this.#hearQuote(batch, event);
  }

  /** Before anything else is heard: closes the open bar if its time is over. */
  closeInTime(): void {
    const open = this.#at + ROW_BAR;
    if (this.#rule.isTimeOver(this.#values, open, this.#nowUs)) this.#finishBar(true);
  }

  /**
   * Hands scores on, if they still are about the row as it stands: of its last bar, with nothing
   * lost or corrected since. An old score is never presented as new (RELIABILITY M1).
   */
  scored({ scores, versions, barUs }: RowScored): void {
    const values = this.#values;
    const range = values[this.#at + this.#range] ?? Number.NaN;
    if (barUs !== values[this.#at + ROW_BAR_US] || range !== range) return;
    if (values[this.#at + ROW_GAP] === 1 || values[this.#at + ROW_REWARMED] === 1) return;
    const layer = values[this.#at + ROW_LAYER] ?? 0;
    const symbol = symbolId(this.#index);
    const view = this.#view();
    this.#turn?.send(ENSEMBLE, { kind: 'membersScored', symbol, scores, versions, layer, view });
  }

  #view(): MarketView {
    return marketView(this.#values, this.#at, this.#at + this.#range);
  }

  #late(): void {
    this.#values[this.#at + ROW_LATE] = (this.#values[this.#at + ROW_LATE] ?? 0) + 1;
  }

  /**
   * Closes the open bar: indicators move, and everybody who lives by bars hears of it. Features are
   * those of the moment in which it closed. By the clock that is its end and the grace: a sweep may
   * come to this row a little later, and the row is as it was then.
   */
  #finishBar(isByClock: boolean): void {
    const values = this.#values;
    const at = this.#at;
    const open = at + ROW_BAR;
    if (isEmptyBar(values, open)) return endOpen(values, open);
    const endUs = values[open + BAR_END_US] ?? Number.NaN;
    const closedUs = isByClock ? endUs + this.#rule.graceUs : this.#nowUs;
    this.#rows.openSection(this.#index, SECTION_LEARNED);
    const closed = closedBar(values, open);
    const bar = this.#bar;
    readRecord(bar, values, open);
    const price = openBarClose(values, at);
    keepBar(this.#rows, this.#index, this.#options, this.#nowUs);
    endOpen(values, open);
    values[at + ROW_BAR_US] = closed.endUs;
    values[at + ROW_REWARMED] = 0;
    pushClose(values, at + this.#closes, bar[CLOSE] ?? Number.NaN);
    this.#features.bar(values, at, bar);
    this.#tell(price, bar[VOLUME] ?? 0, closedUs);
    this.#writeRow(closed);
  }

  #tell(price: number, volume: number, closedUs: number): void {
    const turn = this.#turn;
    if (turn === undefined) return;
    const [values, at] = [this.#values, this.#at];
    const symbol = symbolId(this.#index);
    const close = price / PRICE_SCALE; // As the row's indicators and closes are.
    const zScore = this.#zScore(price);
    const range = values[at + this.#range] ?? Number.NaN;
    const quoteAgeUs = this.#nowUs - (values[at + ROW_QUOTE_US] ?? 0);
    const isQuoted = quoteAgeUs <= this.#options.quoteAgeUsMax;
    const measured = {
      kind: 'measured',
      price,
      volume,
      spreadBps: isQuoted ? spreadBps(values, at) : Number.NaN,
      rangeBps: (range / close) * BASIS_POINTS,
      momentum: (close - (values[at + this.#closes + CLOSE_BEFORE] ?? Number.NaN)) / range,
      zScore,
      isHalted: values[at + ROW_HALT] !== HALT_NONE,
    } as const;
    turn.sendRow(LAYER_1, this.#index, measured);
    turn.sendRow(LAYER_2, this.#index, measured);
    const held = values[at + ROW_HELD] ?? 0;
    const middle = isQuoted ? middlePrice(values, at) : Number.NaN;
    const worth = middle === middle ? middle : price;
    if (held !== 0) turn.send(PORTFOLIO, { kind: 'priced', symbol, price: worth });
    const layer = values[at + ROW_LAYER] ?? 0;
    const isWatched = layer >= 2 || held !== 0;
    const isInTime = isFresh(values, at, this.#options.barSpanUs, this.#nowUs);
    if (isWatched && isInTime) return this.#tellStrategies(price, zScore, layer, closedUs);
    if (isWatched) this.#late();
    this.#tellClosed(price);
  }

  #tellStrategies(close: number, zScore: number, layer: number, closedUs: number): void {
    const turn = this.#turn;
    if (turn === undefined) return;
    const symbol = symbolId(this.#index);
    const observed = { kind: 'observed', symbol, zScore, layer, view: this.#view() } as const;
    turn.send(MEAN_REVERSION, observed);
    turn.send(MOMENTUM, observed);
    const features = this.#features.vector(this.#values, this.#at, closedUs);
    if (features === undefined) return this.#tellClosed(close);
    const barUs = this.#values[this.#at + ROW_BAR_US] ?? 0;
    turn.sendRow(PREDICTIONS, this.#index, { kind: 'featuresReady', features, barUs, close });
  }

  #tellClosed(close: number): void {
    const barUs = this.#values[this.#at + ROW_BAR_US] ?? 0;
    this.#turn?.sendRow(PREDICTIONS, this.#index, { kind: 'barClosed', barUs, close });
  }

  #writeRow(closed: ClosedBar): void {
    if (this.#turn === undefined) return;
    const outputs = this.#features.outputs(this.#values, this.#at);
    writeClosed(this.#turn, this.#index, closed, this.#features, outputs);
  }

  /** Undefined where no closed bar has changed. */
  #tellAnew(record: Float64Array | undefined): void {
    if (record === undefined) return;
    writeAnew(this.#turn, this.#index, record);
    const [values, at] = [this.#values, this.#at];
    const barUs = record[BAR_END_US] ?? Number.NaN;
    const close = record[OPEN_BAR_CLOSE] ?? Number.NaN;
    const features = this.#features.vector(values, at, this.#nowUs);
    this.#turn?.sendRow(PREDICTIONS, this.#index, { kind: 'barChanged', barUs, features, close });
  }

  #observeTrade(batch: EventBatch, event: number): void {
    if (this.#options.cadence !== 'event') return;
    this.#tick.price[0] = batch.a[event] ?? Number.NaN;
    this.#tick.volume[0] = batch.b[event] ?? 0;
    this.#observeTick();
  }

  /** In event cadence every trade and quote is a bar of its own. */
  #observeTick(): void {
    const values = this.#values;
    const at = this.#at;
    const turn = this.#turn;
    const price = this.#tick.price[0] ?? Number.NaN;
    if (turn === undefined || price !== price || values[at + ROW_HALT] !== HALT_NONE) return;
    if (values[at + ROW_GAP] === 1) return;
    this.#tick.make(values, at, turn);
    const { observed, observedAt, zEnter, zExit } = this.#options;
    this.#rows.openSection(this.#index, SECTION_OBSERVED);
    observed.update(values, at + observedAt, this.#tick.bar);
    const layer = values[at + ROW_LAYER] ?? 0;
    const isHeld = values[at + ROW_HELD] !== 0;
    if (layer < 2 && !isHeld) return;
    const zScore = this.#zScore(price);
    if (isHeld ? zScore < -zExit && zScore > -zEnter : !(zScore <= -zEnter)) return;
    const symbol = symbolId(this.#index);
    const view = this.#view();
    turn.send(MEAN_REVERSION, { kind: 'observed', symbol, zScore, layer, view });
  }

  #day(batch: EventBatch, event: number): void {
    const [close, volume] = [batch.d[event] ?? Number.NaN, batch.e[event] ?? 0];
    this.#turn?.sendRow(LAYER_1, this.#index, { kind: 'dayMeasured', close, volume });
  }

  #zScore(price: number): number {
    const upper = this.#values[this.#at + this.#upper] ?? Number.NaN;
    return zScoreOf(price, upper, this.#values[this.#at + this.#middle] ?? Number.NaN);
  }
}
