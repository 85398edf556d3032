import { present } from '../../core/assert.ts';
import { MINUTE, SECOND } from '../../core/time.ts';
import { sessionOf } from '../../domain/market/calendar.ts';
import {
  BAND,
  CORRECTION,
  type EventBatch,
  QUOTE,
  STATUS,
  STATUS_HALTED,
  STATUS_TRADING,
  TRADE,
} from '../../domain/market/event-batch.ts';
import type { Input } from '../../ports/input.ts';
import type { MarketArchive } from '../archive/market-archive.ts';
import { type BarRow, emptyBarRow } from '../archive/bar-row.ts';
import type { VenueClock } from '../clock/venue-clock.ts';
import { AuctionPrints } from '../feed/auction-prints.ts';
import { BarQueue } from '../feed/bar-queue.ts';
import type { FrameTaker } from '../feed/market-feed.ts';
import type { WireSymbol } from '../sockets/market-wire.ts';
import { BAND_HALT, BAND_RESUME, BAND_USUAL } from './polygon-codes.ts';
import {
  bandEvent,
  type BandTimes,
  barEvent,
  type DaySoFar,
  quoteEvent,
  tradeEvent,
} from './polygon-wire.ts';
import { SecondBars } from './second-bars.ts';
import type { PolygonHub } from './sockets/polygon-hub.ts';
import { POLYGON_CHANNELS, type PolygonChannel } from './sockets/polygon-topics.ts';

export interface PolygonPublisherOptions {
  readonly hub: PolygonHub;
  readonly clock: VenueClock;
  readonly archive: MarketArchive;
  readonly quoteSizes: 'shares' | 'lots';
}

/**
 * Turns the market into Polygon's messages, for the symbols that somebody wants. It takes frames
 * after the archive has: their rows have their numbers by then.
 */
export class PolygonPublisher implements FrameTaker {
  readonly queue = new BarQueue();
  readonly seconds: SecondBars;
  /** The unit of the times of bands; the admin port sets it. */
  bandTimes: BandTimes = 'ms';
  readonly #options: PolygonPublisherOptions;
  readonly #symbols: readonly WireSymbol[];
  readonly #wanted: ReadonlyMap<PolygonChannel, Uint8Array>;
  readonly #auctions: AuctionPrints;
  /** The first second that is told whole, of symbols whose seconds are wanted. */
  readonly #secondsFromUs: Float64Array;
  /** The last bands: what a halt is told with. */
  readonly #lower: Float64Array;
  readonly #upper: Float64Array;
  readonly #row = emptyBarRow();
  readonly #dayRow = emptyBarRow();
  #bands = 0;
  #isCore = false;
  #isIdle = true;
  #hasSeconds = false;

  constructor(options: PolygonPublisherOptions) {
    const { archive, hub } = options;
    const size = archive.symbols.length;
    this.#options = options;
    this.#symbols = archive.symbols.map(({ name }, at) => ({
      name,
      tape: present(archive.tapes[at], 'a tape'),
    }));
    this.seconds = new SecondBars(size);
    this.#wanted = new Map(POLYGON_CHANNELS.map((channel) => [channel, new Uint8Array(size)]));
    this.#auctions = new AuctionPrints(size);
    this.#secondsFromUs = new Float64Array(size);
    this.#lower = new Float64Array(size);
    this.#upper = new Float64Array(size);
    archive.bars.listen((channel, symbols, startsUs, count) => {
      if (channel === 'dailyBars' || this.#isIdle) return;
      const wanted = this.#wanted.get('AM');
      const from = channel === 'updatedBars' ? options.clock.nowUs() - RETOLD_US : 0;
      this.queue.add(
        channel,
        symbols.subarray(0, count),
        startsUs.subarray(0, count),
        (symbol, startUs) => wanted?.[symbol] === 1 && startUs >= from,
      );
    });
    hub.onSubscriptions(() => {
      this.#look();
    });
  }

  frame(batch: EventBatch, begin: number, end: number, nowUs: number): void {
    if (this.#hasSeconds) this.#tellSeconds(nowUs);
    const { trades, quotes } = this.#options.archive;
    let trade = trades.count;
    let quote = quotes.count;
    if (!this.#isIdle) {
      for (let at = begin; at < end; at += 1) {
        if (isTradeRow(batch, at)) trade -= 1;
        else if (batch.kind[at] === QUOTE) quote -= 1;
      }
    }
    for (let at = begin; at < end; at += 1) {
      const kind = batch.kind[at];
      const moment = this.#auctions.momentOf(batch, at);
      if (isTradeRow(batch, at)) trade += 1;
      if (kind === QUOTE) quote += 1;
      if (kind === BAND) this.#keepBand(batch, at);
      if (this.#isIdle) continue;
      const symbol = batch.symbol[at] ?? 0;
      if (kind === TRADE) {
        if (this.#hasSeconds) this.#addToSecond(batch, at, symbol);
        if (!this.#isWanted('T', symbol)) continue;
        const view = { ...this.#view(symbol, trade), moment, isCore: this.#isCore };
        this.#publish('T', symbol, tradeEvent(batch, at, view));
      } else if (kind === QUOTE && this.#isWanted('Q', symbol)) {
        const sharesAUnit = this.#options.quoteSizes === 'lots' ? LOT : 1;
        const view = { ...this.#view(symbol, quote), sharesAUnit };
        this.#publish('Q', symbol, quoteEvent(batch, at, view));
      } else if (kind === BAND || kind === STATUS) this.#band(batch, at, symbol);
    }
  }

  advance(nowUs: number): void {
    if (this.#hasSeconds) this.#tellSeconds(nowUs);
  }

  input(input: Input): void {
    if (input.kind !== 'sessionChanged') return;
    this.#isCore = input.phase === 'core';
    if (this.#isCore) this.#auctions.open();
  }

  /** Tells some of the minutes that wait: new ones, and those that late trades changed. */
  publishBars(count: number): void {
    const { bars } = this.#options.archive;
    this.queue.take(count, (_, symbol, startUs) => {
      if (!bars.minuteBar(symbol, startUs, this.#row)) return;
      const { name } = this.#symbol(symbol);
      const day = this.#day(symbol);
      this.#publish('AM', symbol, barEvent('AM', name, this.#row, MINUTE, day));
    });
  }

  #publish(channel: PolygonChannel, symbol: number, event: Parameters<PolygonHub['publish']>[2]) {
    this.#options.hub.publish(channel, this.#symbol(symbol).name, event);
  }

  #keepBand(batch: EventBatch, at: number): void {
    const symbol = batch.symbol[at] ?? 0;
    this.#lower[symbol] = batch.a[at] ?? 0;
    this.#upper[symbol] = batch.b[at] ?? 0;
  }

  /** Halts and their ends are told of symbols of tape C alone, on the channel of the bands. */
  #band(batch: EventBatch, at: number, symbol: number): void {
    this.#bands += 1;
    if (!this.#isWanted('LULD', symbol)) return;
    const indicator = indicatorOf(batch, at);
    const isTold = batch.kind[at] === BAND || this.#symbol(symbol).tape === 'C';
    if (indicator === undefined || !isTold) return;
    const view = { ...this.#view(symbol, this.#bands), times: this.bandTimes, indicator };
    const [lower, upper] = [this.#lower[symbol] ?? 0, this.#upper[symbol] ?? 0];
    this.#publish('LULD', symbol, bandEvent(lower, upper, batch.venueUs[at] ?? 0, view));
  }

  #addToSecond(batch: EventBatch, at: number, symbol: number): void {
    const us = batch.venueUs[at] ?? 0;
    if (!this.#isWanted('A', symbol) || us < (this.#secondsFromUs[symbol] ?? 0)) return;
    const [price, size] = [batch.a[at] ?? 0, batch.b[at] ?? 0];
    const trade = { price, size, flags: batch.flags[at] ?? 0 };
    this.seconds.add(symbol, us, trade, sessionOf(us) === 'core');
  }

  #tellSeconds(nowUs: number): void {
    this.seconds.advance(nowUs, (symbol, row) => {
      if (!this.#isWanted('A', symbol)) return;
      this.#publish('A', symbol, this.#second(symbol, row));
    });
  }

  #second(symbol: number, row: Readonly<BarRow>) {
    return barEvent('A', this.#symbol(symbol).name, row, SECOND, this.#day(symbol));
  }

  #day(symbol: number): DaySoFar {
    const { bars } = this.#options.archive;
    const open = bars.dayBar(symbol, this.#dayRow) ? this.#dayRow.open : undefined;
    return { volume: bars.dayVolume(symbol), turnover: bars.dayTurnover(symbol), open };
  }

  #view(symbol: number, sequence: number) {
    return { symbol: this.#symbol(symbol), sequence, skewUs: this.#options.clock.skewUs };
  }

  #isWanted(channel: PolygonChannel, symbol: number): boolean {
    return this.#wanted.get(channel)?.[symbol] === 1;
  }

  #look(): void {
    const { hub, clock } = this.#options;
    const nextUs = (Math.floor(clock.nowUs() / SECOND) + 1) * SECOND;
    for (const [channel, wanted] of this.#wanted) {
      for (let at = 0; at < wanted.length; at += 1) {
        const isWanted = hub.isWanted(channel, this.#symbol(at).name);
        if (channel === 'A' && isWanted && wanted[at] === 0) this.#secondsFromUs[at] = nextUs;
        wanted[at] = isWanted ? 1 : 0;
      }
    }
    this.#isIdle = ![...this.#wanted.values()].some((wanted) => wanted.includes(1));
    this.#hasSeconds = this.#wanted.get('A')?.includes(1) === true;
  }

  #symbol(index: number): WireSymbol {
    return present(this.#symbols[index], 'a symbol of the market');
  }
}

/** About as long as the real venue tells a window again. */
const RETOLD_US = 15 * MINUTE;
const LOT = 100;

/** A corrected trade is a row of its own in the archive. */
function isTradeRow(batch: EventBatch, at: number): boolean {
  const kind = batch.kind[at];
  return kind === TRADE || (kind === CORRECTION && (batch.d[at] ?? 0) > 0);
}

function indicatorOf(batch: EventBatch, at: number): number | undefined {
  if (batch.kind[at] === BAND) return BAND_USUAL;
  switch (batch.flags[at]) {
    case STATUS_HALTED:
      return BAND_HALT;
    case STATUS_TRADING:
      return BAND_RESUME;
    default:
      return undefined;
  }
}
