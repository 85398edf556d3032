import { newYorkDayNumber } from '../../../domain/market/calendar.ts';
import { NO_CONDITION, tradeFlags } from '../../../domain/market/conditions.ts';
import {
  BAND,
  type EventBatch,
  QUOTE,
  QUOTE_ASK,
  QUOTE_BID,
  STATUS,
  STATUS_HALTED,
  STATUS_TRADING,
  TRADE,
  TRADE_VOLUME,
} from '../../../domain/market/event-batch.ts';
import type { BarWindow } from '../../wire/bar-window.ts';
import { isMoment, isOffer, isPrice, isSize, ticksOf } from '../../wire/event-values.ts';
import type { FeedCounts } from '../../wire/feed-counts.ts';
import { ABSENT, LIST, type MessageFields, numberOfItem } from '../../wire/message-fields.ts';
import type { MessageWriter } from '../../wire/message-writer.ts';
import type { SymbolBytes } from '../../wire/symbol-bytes.ts';
import type { TradeKey, TradeWindow } from '../../wire/trade-window.ts';
import { PolygonBarWriter } from './bar-writer.ts';
import {
  BAND_REOPENED,
  BAND_SUSPENDED,
  ctaFlagsOf,
  isBandIndicator,
  isKnownExchange,
  isQuoteCondition,
  isTradeCondition,
  placeOfExchange,
  sidesOf,
  utpFlagsOf,
} from './codes.ts';
import { placeOf } from './field-places.ts';
import {
  KIND_A,
  KIND_AM,
  KIND_FMV,
  KIND_LULD,
  KIND_NEWS,
  KIND_NOI,
  KIND_Q,
  KIND_STATUS,
  KIND_T,
  kindOf,
  smallOf,
  usOf,
} from './readings.ts';
import { TradeId } from './trade-id.ts';

const [EV, SYM, T, TIME] = [placeOf('ev'), placeOf('sym'), placeOf('T'), placeOf('t')];
const [X, I, Z, P, S, C] = [
  placeOf('x'),
  placeOf('i'),
  placeOf('z'),
  placeOf('p'),
  placeOf('s'),
  placeOf('c'),
];
const TRF = placeOf('trfi');
const [BP, BS, AP, AS] = [placeOf('bp'), placeOf('bs'), placeOf('ap'), placeOf('as')];
const [H, L] = [placeOf('h'), placeOf('l')];

const LOT = 100;
const TAPE_UTP = 3;
const TAPES_MAX = 8;
/** With the tape it fits the window's place of an exchange. */
const TRF_MAX = 4_095;

export interface EventWriterParts {
  readonly symbols: SymbolBytes;
  readonly counts: FeedCounts;
  readonly trades: TradeWindow;
  readonly bars: BarWindow;
  /** What the numbers of a quote's sizes count. */
  readonly quoteSizes: 'shares' | 'lots';
  /** Are bars of a second taken? */
  readonly takesSeconds: boolean;
}

/**
 * Turns the fields of a Polygon message into events (venues.md 6.1). A field that is missing or
 * cannot be drops the event and is counted: NaN is never let in as a price.
 */
export class PolygonEventWriter implements MessageWriter {
  readonly counts: FeedCounts;
  /** A message may make two events; the second waits where a batch is full. */
  isHolding = false;
  #heldSymbol = 0;
  #heldUs = 0;
  #heldStatus = 0;
  readonly #symbols: SymbolBytes;
  readonly #trades: TradeWindow;
  readonly #barWriter: PolygonBarWriter;
  readonly #lot: number;
  readonly #takesSeconds: boolean;
  readonly #id = new TradeId();
  readonly #key: TradeKey = emptyKey();
  /** Venue time of each symbol's last trade and quote. */
  readonly #tradeUs: Float64Array;
  readonly #quoteUs: Float64Array;

  constructor(parts: EventWriterParts, symbols: number) {
    this.counts = parts.counts;
    this.#symbols = parts.symbols;
    this.#trades = parts.trades;
    this.#barWriter = new PolygonBarWriter(parts.counts, parts.bars, symbols);
    this.#lot = parts.quoteSizes === 'lots' ? LOT : 1;
    this.#takesSeconds = parts.takesSeconds;
    this.#tradeUs = new Float64Array(symbols);
    this.#quoteUs = new Float64Array(symbols);
  }

  write(fields: MessageFields, batch: EventBatch): boolean {
    if (!fields.isText(EV)) {
      this.counts.unknownKinds += 1;
      return false;
    }
    switch (kindOf(fields)) {
      case KIND_T:
        this.#trade(fields, batch);
        return false;
      case KIND_Q:
        this.#quote(fields, batch);
        return false;
      case KIND_AM:
        this.#bar(fields, batch, false);
        return false;
      case KIND_A:
        if (this.#takesSeconds) this.#bar(fields, batch, true);
        else this.counts.unused += 1;
        return false;
      case KIND_LULD:
        this.#band(fields, batch);
        return false;
      case KIND_NOI:
      case KIND_FMV:
        this.counts.unused += 1;
        return false;
      case KIND_STATUS:
      case KIND_NEWS:
        return true;
      default:
        this.counts.unknownKinds += 1;
        return false;
    }
  }

  /** Adds the event that found no room in the batch before. */
  release(batch: EventBatch): void {
    this.isHolding = false;
    batch.add(STATUS, this.#heldSymbol, this.#heldUs, this.#heldStatus, 0);
  }

  /** Venue time of a symbol's last trade; 0 before one. */
  tradeUsOf(symbol: number): number {
    return this.#tradeUs[symbol] ?? 0;
  }

  /** The trade that `fields` tells of, in a list of one symbol's trades. */
  writeTradeOf(symbol: number, fields: MessageFields, batch: EventBatch): void {
    const price = ticksOf(fields.numberOf(P));
    const size = fields.numberOf(S);
    const us = usOf(fields, TIME);
    if (!isPrice(price) || !isSize(size) || !isMoment(us) || !this.#readId(fields)) {
      this.counts.malformed += 1;
      return;
    }
    const exchange = fields.numberOf(X);
    const place = placeOfExchange(exchange);
    if (place === 0 && fields.kind[X] !== ABSENT && !isKnownExchange(exchange)) {
      this.counts.unknownCodes += 1;
    }
    const tape = fields.numberOf(Z);
    const flags = this.#tradeFlags(fields, tape);
    const key = this.#key;
    key.symbol = symbol;
    key.exchange = smallOf(exchange, 0xffff);
    key.tape = smallOf(fields.numberOf(TRF), TRF_MAX) * TAPES_MAX + smallOf(tape, TAPES_MAX - 1);
    key.billions = this.#id.billions;
    key.rest = this.#id.rest;
    key.day = newYorkDayNumber(us);
    key.us = us;
    if (!this.#trades.add(key)) {
      this.counts.duplicates += 1;
      return;
    }
    if (us < (this.#tradeUs[symbol] ?? 0)) this.counts.outOfOrder += 1;
    else this.#tradeUs[symbol] = us;
    const slot = batch.add(TRADE, symbol, us, flags, place);
    batch.a[slot] = price;
    batch.b[slot] = size;
    batch.c[slot] = this.#id.number;
  }

  /** A bar that was fetched: what was taken before is told again. */
  writeBarOf(symbol: number, fields: MessageFields, batch: EventBatch): void {
    this.#barWriter.minute(symbol, fields, batch, false);
  }

  #trade(fields: MessageFields, batch: EventBatch): void {
    this.counts.trades += 1;
    const symbol = this.#symbol(fields, SYM);
    if (symbol >= 0) this.writeTradeOf(symbol, fields, batch);
  }

  #readId(fields: MessageFields): boolean {
    const id = this.#id;
    if (fields.isText(I)) {
      id.read(fields.source(I), fields.from[I] ?? 0, fields.to[I] ?? 0);
      return true;
    }
    if (!fields.readId(I)) return false;
    id.set(fields.idBillions, fields.idRest);
    return true;
  }

  /** What a trade may do, from the list of its conditions; all of it where there is no list. */
  #tradeFlags(fields: MessageFields, tape: number): number {
    const kind = fields.kind[C];
    if (kind === ABSENT) return tradeFlags(NO_CONDITION);
    if (kind !== LIST) {
      this.counts.unknownCodes += 1;
      return TRADE_VOLUME;
    }
    const to = fields.to[C] ?? 0;
    let cta = NO_CONDITION;
    let utp = NO_CONDITION;
    let isKnown = true;
    for (let at = fields.from[C] ?? 0; at < to; at += 1) {
      const number = numberOfItem(fields.items[at] ?? 0);
      isKnown &&= isTradeCondition(number);
      cta &= ctaFlagsOf(number);
      utp &= utpFlagsOf(number);
    }
    if (!isKnown) this.counts.unknownCodes += 1;
    if (tape === TAPE_UTP) return tradeFlags(utp);
    // On a tape that we do not know the stricter plan decides.
    return tradeFlags(tape === 1 || tape === 2 ? cta : cta & utp);
  }

  #quote(fields: MessageFields, batch: EventBatch): void {
    this.counts.quotes += 1;
    const symbol = this.#symbol(fields, SYM);
    if (symbol < 0) return;
    const bid = ticksOf(fields.numberOf(BP));
    const ask = ticksOf(fields.numberOf(AP));
    const bidSize = fields.numberOf(BS) * this.#lot;
    const askSize = fields.numberOf(AS) * this.#lot;
    const us = usOf(fields, TIME);
    const isSound = isOffer(bid) && isOffer(ask) && isSize(bidSize) && isSize(askSize);
    if (!isSound || !isMoment(us)) {
      this.counts.malformed += 1;
      return;
    }
    if (us < (this.#quoteUs[symbol] ?? 0)) this.counts.outOfOrder += 1;
    else this.#quoteUs[symbol] = us;
    const sides = this.#quoteSides(fields);
    // What the feed sends is the national best bid and offer, not one exchange's: place 0.
    const slot = batch.add(QUOTE, symbol, us, QUOTE_BID | QUOTE_ASK, 0);
    if (bid > 0 && (sides & QUOTE_BID) !== 0) {
      batch.a[slot] = bid;
      batch.b[slot] = bidSize;
    }
    if (ask > 0 && (sides & QUOTE_ASK) !== 0) {
      batch.c[slot] = ask;
      batch.d[slot] = askSize;
    }
  }

  /** The sides that the quote's condition lets count; a list of them must allow it all. */
  #quoteSides(fields: MessageFields): number {
    const kind = fields.kind[C];
    if (kind === ABSENT) return QUOTE_BID | QUOTE_ASK;
    if (kind !== LIST) return this.#sidesOf(fields.numberOf(C));
    let sides = QUOTE_BID | QUOTE_ASK;
    const to = fields.to[C] ?? 0;
    for (let at = fields.from[C] ?? 0; at < to; at += 1) {
      sides &= this.#sidesOf(numberOfItem(fields.items[at] ?? 0));
    }
    return sides;
  }

  #sidesOf(condition: number): number {
    if (!isQuoteCondition(condition)) this.counts.unknownCodes += 1;
    return sidesOf(condition);
  }

  #bar(fields: MessageFields, batch: EventBatch, isSecond: boolean): void {
    this.counts.bars += 1;
    const symbol = this.#symbol(fields, SYM);
    if (symbol < 0) return;
    if (isSecond) this.#barWriter.second(symbol, fields, batch);
    else this.#barWriter.minute(symbol, fields, batch, true);
  }

  /** A band, a halt or a reopening; a pause may come without its prices. */
  #band(fields: MessageFields, batch: EventBatch): void {
    const symbol = this.#symbol(fields, T);
    if (symbol < 0) return;
    const lower = ticksOf(fields.numberOf(L));
    const upper = ticksOf(fields.numberOf(H));
    const us = usOf(fields, TIME);
    const status = this.#statusOf(fields);
    const isBand = isPrice(lower) && isPrice(upper) && lower <= upper;
    if (!isMoment(us) || (!isBand && status === 0)) {
      this.counts.malformed += 1;
      return;
    }
    if (isBand) {
      const slot = batch.add(BAND, symbol, us, 0, 0);
      batch.a[slot] = lower;
      batch.b[slot] = upper;
    }
    if (status === 0) return;
    this.#heldSymbol = symbol;
    this.#heldUs = us;
    this.#heldStatus = status;
    if (batch.isFull) this.isHolding = true;
    else this.release(batch);
  }

  /** What the indicators say of trading; 0 where they speak of prices alone. */
  #statusOf(fields: MessageFields): number {
    if (fields.kind[I] !== LIST) {
      if (fields.kind[I] !== ABSENT) this.counts.unknownCodes += 1;
      return 0;
    }
    let status = 0;
    let isKnown = true;
    const to = fields.to[I] ?? 0;
    for (let at = fields.from[I] ?? 0; at < to; at += 1) {
      const indicator = numberOfItem(fields.items[at] ?? 0);
      if (indicator === BAND_SUSPENDED) status = STATUS_HALTED;
      else if (indicator === BAND_REOPENED && status === 0) status = STATUS_TRADING;
      isKnown &&= isBandIndicator(indicator);
    }
    if (!isKnown) this.counts.unknownCodes += 1;
    return status;
  }

  /** The symbol's id; -1, counted, where it has none. */
  #symbol(fields: MessageFields, place: number): number {
    if (!fields.isText(place)) {
      this.counts.malformed += 1;
      return -1;
    }
    const source = fields.source(place);
    const symbol = this.#symbols.find(source, fields.from[place] ?? 0, fields.to[place] ?? 0);
    if (symbol < 0) this.counts.unknownSymbols += 1;
    return symbol;
  }
}

function emptyKey(): TradeKey {
  return { symbol: 0, kind: 0, exchange: 0, tape: 0, billions: 0, rest: 0, day: 0, us: 0 };
}
