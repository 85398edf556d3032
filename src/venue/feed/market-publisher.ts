import { present } from '../../core/assert.ts';
import { sessionOf } from '../../domain/market/calendar.ts';
import { CORRECTION, type EventBatch, TRADE } from '../../domain/market/event-batch.ts';
import type { Input } from '../../ports/input.ts';
import type { ListedSymbol } from '../../ports/market-source.ts';
import type { BarBook } from '../archive/bar-book.ts';
import { emptyBarRow } from '../archive/bar-row.ts';
import type { NewsShelf } from '../archive/news-shelf.ts';
import { tapeOf } from '../archive/wire-codes.ts';
import type { VenueClock } from '../clock/venue-clock.ts';
import { barEvent, newsEvent } from '../sockets/bar-wire.ts';
import { type DataChannel, STOCK_CHANNELS } from '../sockets/data-channels.ts';
import type { DataHub } from '../sockets/data-hub.ts';
import {
  channelOf,
  type TradeMoment,
  wireOfMarket,
  type WireSymbol,
} from '../sockets/market-wire.ts';
import { WireTime } from '../sockets/wire-event.ts';
import { AuctionPrints } from './auction-prints.ts';
import { BarQueue } from './bar-queue.ts';
import type { FrameTaker } from './market-feed.ts';
import { RecentTrades } from './recent-trades.ts';

export interface MarketPublisherOptions {
  readonly symbols: readonly ListedSymbol[];
  readonly hub: DataHub;
  readonly clock: VenueClock;
  readonly bars: Pick<BarBook, 'listen' | 'minuteBar' | 'dayBar'>;
  readonly news: Pick<NewsShelf, 'read'>;
}

/** Turns the market into messages, for the symbols that somebody wants and no others. */
export class MarketPublisher implements FrameTaker {
  readonly recent = new RecentTrades();
  readonly queue = new BarQueue();
  readonly #options: MarketPublisherOptions;
  readonly #symbols: readonly WireSymbol[];
  readonly #wanted: ReadonlyMap<DataChannel, Uint8Array>;
  readonly #auctions: AuctionPrints;
  readonly #row = emptyBarRow();
  #barTime = new WireTime(0);
  #isCore = false;
  #newsUs = 0;

  constructor(options: MarketPublisherOptions) {
    const size = options.symbols.length;
    this.#options = options;
    this.#symbols = options.symbols.map((listed, number) => ({
      name: listed.name,
      tape: tapeOf(listed, number),
    }));
    this.#wanted = new Map(STOCK_CHANNELS.map((channel) => [channel, new Uint8Array(size)]));
    this.#auctions = new AuctionPrints(size);
    options.bars.listen((channel, symbols, startsUs, count) => {
      const wanted = this.#wanted.get(channel);
      this.queue.add(
        channel,
        symbols.subarray(0, count),
        startsUs.subarray(0, count),
        (symbol) => wanted?.[symbol] === 1,
      );
    });
    options.hub.onSubscriptions(() => {
      this.#look();
    });
  }

  frame(batch: EventBatch, begin: number, end: number): void {
    for (let at = begin; at < end; at += 1) {
      const kind = batch.kind[at];
      const symbol = batch.symbol[at] ?? 0;
      if (kind === TRADE) this.recent.add(batch, at);
      const moment = this.#auctions.momentOf(batch, at);
      const channel = channelOf(batch, at);
      if (channel === undefined || this.#wanted.get(channel)?.[symbol] !== 1) continue;
      this.#publish(batch, at, channel, moment);
    }
  }

  input(input: Input, atUs: number): void {
    if (input.kind === 'sessionChanged') {
      this.#isCore = input.phase === 'core';
      if (this.#isCore) this.#auctions.open();
    } else if (input.kind === 'newsArrived') {
      this.#publishNews(atUs);
    }
  }

  /** All stories of a moment at once. */
  #publishNews(atUs: number): void {
    if (atUs === this.#newsUs) return;
    this.#newsUs = atUs;
    const { hub, news, clock } = this.#options;
    for (const story of news.read(atUs, atUs)) {
      hub.publishNews(story.symbols, newsEvent(story, clock.skewUs));
    }
  }

  #publish(batch: EventBatch, at: number, channel: DataChannel, moment: TradeMoment): void {
    const index = batch.symbol[at] ?? 0;
    const symbol = this.#symbol(index);
    const venueUs = batch.venueUs[at] ?? 0;
    const isCorrection = batch.kind[at] === CORRECTION;
    const tradeId = isCorrection
      ? this.recent.find(index, batch.f[at] ?? 0, batch.a[at] ?? 0)
      : (batch.c[at] ?? 0);
    const { hub, clock } = this.#options;
    const isCore = isCorrection ? sessionOf(venueUs) === 'core' : this.#isCore;
    const view = { symbol, moment, isCore, skewUs: clock.skewUs, tradeId };
    hub.publish(channel, symbol.name, wireOfMarket(batch, at, view));
  }

  /** Tells some of the bars that wait. */
  publishBars(count: number): void {
    const { bars, hub } = this.#options;
    this.queue.take(count, (channel, symbol, startUs) => {
      const isThere =
        channel === 'dailyBars'
          ? bars.dayBar(symbol, this.#row)
          : bars.minuteBar(symbol, startUs, this.#row);
      if (!isThere) return;
      const { name } = this.#symbol(symbol);
      if (this.#barTime.us !== this.#row.startUs) this.#barTime = new WireTime(this.#row.startUs);
      hub.publish(channel, name, barEvent(channel, name, this.#row, this.#barTime));
    });
  }

  #look(): void {
    for (const [channel, wanted] of this.#wanted) {
      for (let at = 0; at < wanted.length; at += 1) {
        wanted[at] = this.#options.hub.isWanted(channel, this.#symbol(at).name) ? 1 : 0;
      }
    }
  }

  #symbol(index: number): WireSymbol {
    return present(this.#symbols[index], 'a symbol of the market');
  }
}
