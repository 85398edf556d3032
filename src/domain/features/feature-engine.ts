import { assert } from '../../core/assert.ts';
import { DAY } from '../../core/time.ts';
import { BAR_WIDTH, SESSION, SINCE_OPEN_US } from '../indicators/indicator.ts';
import { readRecord } from '../indicators/read-record.ts';
import { BarBuilder } from '../market/bars/bar-builder.ts';
import {
  isSoundTrade,
  isSoundVenueBar,
  readCorrection,
  readTrade,
  readVenueBar,
} from '../market/bars/bar-parts.ts';
import { BAR_END_US, BAR_RECORD_WIDTH } from '../market/bars/bar-record.ts';
import type { BarSource } from '../market/bars/bar-options.ts';
import { type BarSession, isInSession, SESSION_EXTENDED } from '../market/bars/bar-session.ts';
import { type BarVerdict, LATE } from '../market/bars/bar-verdict.ts';
import { ClosedBars } from '../market/bars/closed-bars.ts';
import {
  BAR,
  BAR_UPDATED,
  CHANNEL_QUOTES,
  CORRECTION,
  type EventBatch,
  GAP,
  QUOTE,
  TRADE,
  TRADE_SUSPICIOUS,
} from '../market/event-batch.ts';
import { isAheadOfClock } from '../market/venue-clock.ts';
import { applyQuote, NBBO_WIDTH, resetNbbo } from '../market/nbbo.ts';
import type { MarketFact, SymbolFact } from './facts.ts';
import { FeatureGaps } from './feature-gaps.ts';
import { FeatureHistory } from './feature-history.ts';
import type { FeatureSet, RowStanding } from './feature-set.ts';
import { BENCHMARKS, type Member, SECTORS } from './source.ts';
import { Ticks } from './ticks.ts';
import { spanOf } from './timeframe.ts';
import { ToldBars } from './told-bars.ts';
import { type EnginePlaces, joinLate, VenueBars } from './venue-bars.ts';
import { engineBars } from './engine-bars.ts';

/** The timeframe of history. */
const ONE_DAY = '1d';

export interface FeatureEngineOptions {
  readonly set: FeatureSet;
  readonly symbolsMax: number;
  /** What bars are made of: trades, or the venue's own bars. */
  readonly from: BarSource;
  /**
   * Told of each closed bar, where training rows are taken. What time closes is told when everybody
   * has heard of all bars that ended at that moment, of every symbol. An event closes bars of its
   * own symbol alone, as in the kernel: the market then knows that, and of the others what came
   * before.
   */
  readonly barClosed?: (symbol: number, timeframe: string, endUs: number) => void;
}

/**
 * Features of many symbols out of a stream of market events: quotes, bars of every timeframe that
 * the set needs, the symbols' own sources and the market's. It hears events in their order and
 * knows nothing of what comes after, so a row read at `t` is what could be known at `t`; live,
 * replayed and made for training it is the same code over the same events.
 */
export class FeatureEngine {
  readonly set: FeatureSet;
  /** Of all symbols: quotes, open bars, sources, the last bars. */
  readonly state: Float64Array;
  readonly market: Float64Array;
  /** Closed bars of which data were lost: nobody was told of them. */
  damagedBars = 0;
  /** Days of history that cannot be true, or are not after the last one. */
  refusedDays = 0;
  readonly #options: FeatureEngineOptions;
  readonly #builder: BarBuilder;
  readonly #closed: ClosedBars;
  readonly #stride: number;
  readonly #setAt: number;
  readonly #history: FeatureHistory;
  readonly #historyAt: number;
  readonly #gaps: FeatureGaps;
  readonly #gapsAt: number;
  readonly #old = new Float64Array(BAR_RECORD_WIDTH);
  readonly #part = new Float64Array(BAR_RECORD_WIDTH);
  readonly #members: Member[] = [];
  readonly #ticks = new Ticks();
  readonly #bar = new Float64Array(BAR_WIDTH);
  readonly #raw: Float64Array;
  readonly #venue: VenueBars;
  readonly #venueAt: number;
  readonly #told = new ToldBars();
  #nowUs = Number.NEGATIVE_INFINITY;
  /** No bar that is open ends before. */
  #dueUs = Number.POSITIVE_INFINITY;

  constructor(options: FeatureEngineOptions) {
    const { set, symbolsMax, from } = options;
    this.#options = options;
    this.set = set;
    this.#builder = new BarBuilder(engineBars(set, from));
    const spans = set.timeframes.map((timeframe) => spanOf(timeframe) ?? Number.NaN);
    this.#closed = new ClosedBars(2 * this.#builder.closedMax);
    this.#setAt = NBBO_WIDTH + this.#builder.width;
    this.#history = new FeatureHistory(set);
    this.#historyAt = this.#setAt + set.symbolWidth;
    this.#venueAt = this.#historyAt + this.#history.width;
    this.#venue = new VenueBars(from, this.#builder, this.#history, spans);
    this.#gaps = new FeatureGaps(set, from);
    this.#gapsAt = this.#venueAt + this.#venue.width;
    this.#stride = this.#gapsAt + this.#gaps.width;
    this.state = new Float64Array(symbolsMax * this.#stride);
    this.market = new Float64Array(set.marketWidth);
    this.#raw = new Float64Array(set.rawWidth);
    set.resetMarket(this.market);
  }

  /** A symbol gets the next row. Its name says whether it is a benchmark, its sector which. */
  name(symbol: number, name: string, sector: string): void {
    assert(symbol === this.#members.length, 'symbols are named in the order of their rows');
    const at = symbol * this.#stride;
    assert(at + this.#stride <= this.state.length, 'there is a row for one more symbol');
    const benchmark = BENCHMARKS.findIndex(({ fund }) => fund === name);
    const place = SECTORS.findIndex((one) => one.name === sector || one.fund === name);
    this.#members.push({ symbol, benchmark, sector: place });
    resetNbbo(this.state, at);
    this.#builder.reset(this.state, at + NBBO_WIDTH);
    this.set.resetSymbol(this.state, at + this.#setAt);
    this.#history.reset(this.state, at + this.#historyAt, at + this.#setAt);
    this.#venue.reset(this.state, at + this.#venueAt);
    this.#gaps.reset(this.state, at + this.#gapsAt);
  }

  /** A session begins for every symbol; what is open of the last one is closed. */
  openSession(session: BarSession, nowUs: number): void {
    this.advance(nowUs);
    for (const { symbol } of this.#members) {
      const at = symbol * this.#stride + NBBO_WIDTH;
      this.#builder.openSession(this.state, at, session, this.#closed);
      this.#hand(symbol);
    }
    this.#tell();
  }

  /** Frames in their order of arrival. */
  take(batch: EventBatch): void {
    for (let frame = 0; frame < batch.frames; frame += 1) this.takeFrame(batch, frame);
  }

  takeFrame(batch: EventBatch, frame: number): void {
    this.advance(batch.frameUs[frame] ?? this.#nowUs);
    const end = batch.frameEnd[frame] ?? 0;
    for (let event = batch.frameBegin(frame); event < end; event += 1) this.#event(batch, event);
  }

  /**
   * It is later: bars whose time is over are closed, those that end first before those that end
   * later, each moment's of all symbols before anybody is told.
   */
  advance(nowUs: number): void {
    assert(nowUs >= this.#nowUs, 'time does not go back');
    const { graceUs } = this.#builder.rule;
    while (nowUs >= this.#dueUs + graceUs) {
      const endUs = this.#firstEndUs();
      this.#dueUs = endUs;
      if (nowUs < endUs + graceUs) break;
      this.#nowUs = Math.max(this.#nowUs, endUs + graceUs);
      this.#closeAll(endUs);
      this.#tell();
    }
    this.#nowUs = nowUs;
  }

  symbolFact(symbol: number, fact: SymbolFact): void {
    this.advance(fact.nowUs);
    this.set.symbolFact(this.state, symbol * this.#stride + this.#setAt, fact);
  }

  marketFact(fact: MarketFact): void {
    this.advance(fact.nowUs);
    this.set.marketFact(this.market, fact);
  }

  /** The row of a symbol as it is now. */
  row(symbol: number, out: Float64Array, flags: Uint8Array, outAt: number): RowStanding {
    const who = this.#members[symbol];
    assert(who !== undefined, 'the symbol has a row');
    const nowUs = this.#nowUs;
    this.set.readSymbol(this.state, symbol * this.#stride + this.#setAt, nowUs, this.#raw, 0);
    return this.set.compute(this.#raw, 0, this.market, who, nowUs, out, flags, outAt);
  }

  #event(batch: EventBatch, event: number): void {
    const symbol = batch.symbol[event] ?? -1;
    const kind = batch.kind[event];
    if (symbol < 0) {
      if (kind === GAP) for (const member of this.#members) this.#gap(member.symbol, batch, event);
      return;
    }
    const at = symbol * this.#stride;
    if (kind === GAP) return this.#gap(symbol, batch, event);
    if (kind === QUOTE) {
      this.#quote(at, batch, event);
      return this.#tellQuote(at, batch, event);
    }
    if (kind === BAR) return this.#venueBar(symbol, batch, event);
    const verdict = this.#take(symbol, batch, event);
    if (kind === CORRECTION && verdict === LATE) return this.#correct(at, batch, event);
    if (kind !== TRADE) return;
    // After its bar's end is told: a trade that closes a bar belongs to the next one's flow.
    this.#trade(at, batch, event);
    if (verdict === LATE) this.#joinLate(symbol, batch, event);
  }

  /** What the event closes is told at once. */
  #take(symbol: number, batch: EventBatch, event: number): BarVerdict {
    const at = symbol * this.#stride + NBBO_WIDTH;
    const verdict = this.#builder.take(this.state, at, batch, event, this.#closed, this.#nowUs);
    this.#dueUs = Math.min(this.#dueUs, this.#builder.nextEndUs(this.state, at));
    this.#hand(symbol);
    this.#tell();
    return verdict;
  }

  /** As the kernel does: of the session alone, and none that is doubted or wrongly dated. */
  #trade(at: number, batch: EventBatch, event: number): void {
    if (((batch.flags[event] ?? 0) & TRADE_SUSPICIOUS) !== 0) return;
    const venueUs = batch.venueUs[event] ?? Number.NaN;
    if (!isSoundTrade(batch, event) || isAheadOfClock(venueUs, this.#nowUs)) return;
    if (!this.set.hearsTicks || !isInSession(this.state, at + NBBO_WIDTH, venueUs)) return;
    const tick = this.#ticks.trade(this.state, at, batch, event, this.#nowUs);
    this.set.trade(this.state, at + this.#setAt, tick);
  }

  #venueBar(symbol: number, batch: EventBatch, event: number): void {
    if ((batch.f[event] ?? 0) >= DAY) return this.#day(symbol, batch, event);
    const places = this.#places(symbol);
    const flags = batch.flags[event] ?? 0;
    if ((flags & BAR_UPDATED) !== 0) {
      return this.#venue.toldAnew(this.state, places, batch, event);
    }
    const isNew = this.#venue.isNew(this.state, places, batch, event);
    const verdict = this.#take(symbol, batch, event);
    if (isNew) this.#venue.remember(this.state, places, batch, event, verdict);
  }

  #places(symbol: number): EnginePlaces {
    const at = symbol * this.#stride;
    return {
      builder: at + NBBO_WIDTH,
      history: at + this.#historyAt,
      sources: at + this.#setAt,
      venue: at + this.#venueAt,
    };
  }

  /** A day of history: whole, sound, and after every day that the symbol's sources know. */
  #day(symbol: number, batch: EventBatch, event: number): void {
    if (!this.set.timeframes.includes(ONE_DAY)) return;
    const who = this.#members[symbol];
    assert(who !== undefined, 'the symbol has a row');
    const at = symbol * this.#stride;
    const bar = this.#bar;
    // From midnight, in UTC or in New York.
    const day = Math.floor((batch.venueUs[event] ?? NaN) / DAY);
    const isSound = isSoundVenueBar(batch, event);
    if (!isSound || !this.#gaps.day(this.state, at + this.#gapsAt, day)) {
      this.refusedDays += 1;
      return;
    }
    readVenueBar(this.#part, batch, event);
    readRecord(bar, this.#part, 0);
    bar[SESSION] = day;
    bar[SINCE_OPEN_US] = 0;
    this.set.marketBar(this.market, ONE_DAY, bar, who);
    this.set.bar(this.state, at + this.#setAt, ONE_DAY, bar);
  }

  /** A trade within the grace of bars that had closed: as `#correct`, and what was told stands. */
  #joinLate(symbol: number, batch: EventBatch, event: number): void {
    const isExtended = this.state[symbol * this.#stride + NBBO_WIDTH + SESSION_EXTENDED] === 1;
    readTrade(this.#part, batch, event, isExtended);
    const places = this.#places(symbol);
    joinLate(this.state, places, this.#builder, this.#history, this.#part, this.#old);
  }

  /** Closed bars are made right, and what hears only bars learns again; the market does not. */
  #correct(at: number, batch: EventBatch, event: number): void {
    const isExtended = this.state[at + NBBO_WIDTH + SESSION_EXTENDED] === 1;
    readCorrection(this.#old, this.#part, batch, event, isExtended);
    const { late } = this.#builder;
    const places = [at + this.#historyAt, at + this.#setAt] as const;
    this.#history.repair(this.state, ...places, late, this.#old, this.#part);
  }

  #quote(at: number, batch: EventBatch, event: number): void {
    applyQuote(
      this.state,
      at,
      batch.exchange[event] ?? 0,
      batch.flags[event] ?? 0,
      batch.a[event] ?? 0,
      batch.b[event] ?? 0,
      batch.c[event] ?? 0,
      batch.d[event] ?? 0,
    );
  }

  /** The best quote moved, or is lost: what it was must not be told as what it is. */
  #tellQuote(at: number, batch: EventBatch, event: number): void {
    if (!this.set.hearsTicks) return;
    const tick = this.#ticks.quote(this.state, at, batch.venueUs[event] ?? 0, this.#nowUs);
    this.set.quote(this.state, at + this.#setAt, tick);
  }

  /** Quotes from before a loss are none any more; what it costs beside them FeatureGaps says. */
  #gap(symbol: number, batch: EventBatch, event: number): void {
    const at = symbol * this.#stride;
    const channel = batch.flags[event] ?? 0;
    if (channel === CHANNEL_QUOTES) {
      resetNbbo(this.state, at);
      return this.#tellQuote(at, batch, event);
    }
    this.#take(symbol, batch, event);
    if (!this.#gaps.lose(this.state, at + this.#gapsAt, at + this.#setAt, channel)) return;
    this.#history.reset(this.state, at + this.#historyAt, at + this.#setAt);
  }

  #closeAll(beforeUs: number): void {
    for (const { symbol } of this.#members) {
      const at = symbol * this.#stride + NBBO_WIDTH;
      this.#builder.closeBefore(this.state, at, beforeUs, this.#closed);
      this.#hand(symbol);
    }
  }

  /** When the first bar ends of those that are open, of all symbols. */
  #firstEndUs(): number {
    let endUs = Number.POSITIVE_INFINITY;
    for (const { symbol } of this.#members) {
      const at = symbol * this.#stride + NBBO_WIDTH;
      endUs = Math.min(endUs, this.#builder.nextEndUs(this.state, at));
    }
    return endUs;
  }

  /** After everybody has heard of what was closed. */
  #tell(): void {
    const { barClosed } = this.#options;
    if (barClosed === undefined) return;
    this.#told.tell(barClosed);
  }

  /** What was closed, in its order, but for bars that lack a part. */
  #hand(symbol: number): void {
    const closed = this.#closed;
    const { values } = closed;
    let endUs = Number.NaN;
    for (let bar = 0; bar < closed.count; bar += 1) {
      const stream = closed.streams[bar] ?? -1;
      const timeframe = this.set.timeframes[stream];
      if (timeframe === undefined) continue; // Nobody asked for any.
      const record = closed.at(bar);
      // Of one that ended before it is told what was known then.
      if ((values[record + BAR_END_US] ?? Number.NaN) > endUs) this.#tell();
      endUs = values[record + BAR_END_US] ?? Number.NaN;
      if (this.#gaps.isDamaged(stream, values, record)) this.damagedBars += 1;
      else this.#pass(symbol, stream, timeframe, record);
    }
    closed.clear();
  }

  /** A closed bar goes to the market first, then to the symbol's own sources. */
  #pass(symbol: number, stream: number, timeframe: string, record: number): void {
    const who = this.#members[symbol];
    assert(who !== undefined, 'the symbol has a row');
    const { values } = this.#closed;
    const row = symbol * this.#stride;
    const [setAt, historyAt] = [row + this.#setAt, row + this.#historyAt];
    if (this.#gaps.heal(this.state, row + this.#gapsAt, setAt, stream, values, record)) {
      this.#history.reset(this.state, historyAt, setAt);
    }
    this.#history.remember(this.state, historyAt, setAt, stream, values, record);
    readRecord(this.#bar, values, record);
    if (timeframe === ONE_DAY)
      this.#gaps.day(this.state, row + this.#gapsAt, this.#bar[SESSION] ?? NaN);
    this.set.marketBar(this.market, timeframe, this.#bar, who);
    this.set.bar(this.state, setAt, timeframe, this.#bar);
    if (this.#options.barClosed === undefined) return;
    this.#told.add(symbol, timeframe, values[record + BAR_END_US] ?? Number.NaN);
  }
}
