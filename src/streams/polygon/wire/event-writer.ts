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
} from '../../../domain/market/event-batch.ts';
import type { BarWindow } from '../../wire/bar-window.ts';
import { isMoment, isOffer, isPrice, isSize, ticksOf } from '../../wire/event-values.ts';
import type { FeedCounts } from '../../wire/feed-counts.ts';
import {
  ABSENT,
  LIST,
  type MessageFields,
  numberOfItem,
  TEXT,
  TEXT_ESCAPED,
} from '../../wire/message-fields.ts';
import type { MessageWriter } from '../../wire/message-writer.ts';
import { NewYorkDays } from '../../wire/new-york-days.ts';
import type { SymbolBytes } from '../../wire/symbol-bytes.ts';
import { RETOLD_US, type TradeKey, type TradeWindow } from '../../wire/trade-window.ts';
import { PolygonBarWriter } from './bar-writer.ts';
import {
  BAND_REOPENED,
  BAND_SUSPENDED,
  areKnown,
  conditionOf,
  flagsOf,
  isBandIndicator,
  isKnownExchange,
  isQuoteCondition,
  NO_CONDITIONS,
  placeOfExchange,
  sidesOf,
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
  MS_MAX,
  MS_TO_US,
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
  readonly #days = new NewYorkDays();
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
    const lastUs = this.#tradeUs[symbol] ?? 0;
    const price = ticksOf(fields.numberOf(P));
    const size = fields.numberOf(S);
    const time = fields.numberOf(TIME);
    const us = time < MS_MAX ? Math.floor(time * MS_TO_US) : usOf(fields, TIME);
    if (!isPrice(price) || !isSize(size) || !isMoment(us) || !this.#readId(fields)) {
      this.counts.malformed += 1;
      return;
    }
    const exchange = fields.numberOf(X);
    const place = placeOfExchange(exchange);
    if (place === 0) this.#countExchange(fields);
    const tape = fields.numberOf(Z);
    const flags = flagsOf(this.#conditions(fields), tape);
    const key = this.#key;
    key.symbol = symbol;
    key.exchange = exchange & 0xffff;
    // Ids are unique per exchange and reporting facility.
    key.tape = ((fields.numberOf(TRF) & 0x1fff) << 3) | (tape & 7);
    key.billions = this.#id.billions;
    key.rest = this.#id.rest;
    key.day = this.#days.of(us);
    key.us = us;
    // A trade told again has the time it had, though in one place it is cut to milliseconds.
    if (us > lastUs + RETOLD_US) this.#trades.addNew(key);
    else if (!this.#trades.add(key)) {
      this.counts.duplicates += 1;
      return;
    }
    if (us < lastUs) this.counts.outOfOrder += 1;
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
    const from = fields.from[I] ?? 0;
    const to = fields.to[I] ?? 0;
    if (fields.kind[I] === TEXT) {
      id.readIn(fields.view, fields.bytes, from, to);
      return true;
    }
    if (fields.kind[I] === TEXT_ESCAPED) {
      id.read(fields.scratch, from, to);
      return true;
    }
    if (!fields.readId(I)) return false;
    id.set(fields.idBillions, fields.idRest);
    id.number = fields.wideOf(I);
    return true;
  }

  /** An exchange that is none is counted, unless nothing was said. */
  #countExchange(fields: MessageFields): void {
    if (fields.kind[X] === ABSENT || isKnownExchange(fields.numberOf(X))) return;
    this.counts.unknownCodes += 1;
  }

  /** The combination of all conditions; what a trade may do, where there is no list of them. */
  #conditions(fields: MessageFields): number {
    const { items } = fields;
    let conditions = NO_CONDITIONS;
    if (fields.kind[C] === LIST) {
      const to = fields.to[C] ?? 0;
      for (let at = fields.from[C] ?? 0; at < to; at += 1) {
        conditions &= conditionOf(numberOfItem(items[at] ?? 0));
      }
    } else if (fields.kind[C] !== ABSENT) conditions = conditionOf(-1);
    if (!areKnown(conditions)) this.counts.unknownCodes += 1;
    return conditions;
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
    const symbol = fields.symbolOf(place, this.#symbols);
    if (symbol < 0) this.counts.unknownSymbols += 1;
    return symbol;
  }
}

function emptyKey(): TradeKey {
  return { symbol: 0, kind: 0, exchange: 0, tape: 0, billions: 0, rest: 0, day: 0, us: 0 };
}
