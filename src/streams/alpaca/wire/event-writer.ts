import { DAY, MINUTE } from '../../../core/time.ts';
import {
  BAND,
  BAR,
  BAR_FINAL,
  BAR_UPDATED,
  CORRECTION,
  type EventBatch,
  QUOTE,
  QUOTE_ASK,
  QUOTE_BID,
  STATUS,
  TRADE,
} from '../../../domain/market/event-batch.ts';
import type { BarWindow } from '../../wire/bar-window.ts';
import { STATUS_NEUTRAL, STATUS_UNKNOWN, statusOf } from './codes.ts';
import { isPauseReason, readConditions, readExchange, readSides } from './condition-readings.ts';
import {
  isMoment,
  isOffer,
  isPrice,
  isSize,
  isVolume,
  ticksOf,
  US_MAX,
} from '../../wire/event-values.ts';
import type { FeedCounts } from '../../wire/feed-counts.ts';
import { type MessageFields, MOMENT, NO_CODE } from '../../wire/message-fields.ts';
import type { MessageWriter } from '../../wire/message-writer.ts';
import { placeOf } from './field-places.ts';
import { NewYorkDays } from '../../wire/new-york-days.ts';
import type { SymbolBytes } from '../../wire/symbol-bytes.ts';
import { TimeBytes } from './time-bytes.ts';
import { RETOLD_US, type TradeKey, type TradeWindow } from '../../wire/trade-window.ts';

const T = placeOf('T');
const S = placeOf('S');
const TIME = placeOf('t');
const TAPE = placeOf('z');
const [X, I, P, SIZE, C] = [placeOf('x'), placeOf('i'), placeOf('p'), placeOf('s'), placeOf('c')];
const [BP, BS, AP, AS] = [placeOf('bp'), placeOf('bs'), placeOf('ap'), placeOf('as')];
const [O, H, L, V] = [placeOf('o'), placeOf('h'), placeOf('l'), placeOf('v')];
const [U, D, SC] = [placeOf('u'), placeOf('d'), placeOf('sc')];
const [OI, OP, OS] = [placeOf('oi'), placeOf('op'), placeOf('os')];
const [CI, CP, CS, CC] = [placeOf('ci'), placeOf('cp'), placeOf('cs'), placeOf('cc')];

const KIND_TRADE = 0;
const KIND_CORRECTION = 1;
const KIND_CANCEL = 2;

export interface EventWriterParts {
  readonly symbols: SymbolBytes;
  readonly counts: FeedCounts;
  readonly trades: TradeWindow;
  readonly bars: BarWindow;
}

/**
 * Turns the fields of a message into an event, whatever the codec was. A field that is missing or
 * cannot be drops the event and is counted: NaN is never let in as a price.
 */
export class EventWriter implements MessageWriter {
  readonly counts: FeedCounts;
  readonly isHolding = false;
  readonly #symbols: SymbolBytes;
  readonly #trades: TradeWindow;
  readonly #bars: BarWindow;
  readonly #time = new TimeBytes();
  readonly #days = new NewYorkDays();
  readonly #key: TradeKey = emptyKey();
  /** Venue time of each symbol's last trade and quote. */
  readonly #tradeUs: Float64Array;
  readonly #quoteUs: Float64Array;

  constructor(parts: EventWriterParts, symbols: number) {
    this.counts = parts.counts;
    this.#symbols = parts.symbols;
    this.#trades = parts.trades;
    this.#bars = parts.bars;
    this.#tradeUs = new Float64Array(symbols);
    this.#quoteUs = new Float64Array(symbols);
  }

  /**
   * Adds the message's event to a batch that has room. Answers true where the message is for
   * somebody else: a word of the venue to us, or news.
   */
  write(fields: MessageFields, batch: EventBatch): boolean {
    switch (fields.letter(T)) {
      case 0x74: // t
        this.#trade(fields, batch);
        return false;
      case 0x71: // q
        this.#quote(fields, batch);
        return false;
      case 0x62: // b
        this.#bar(fields, batch, BAR_FINAL);
        return false;
      case 0x75: // u
        this.#bar(fields, batch, BAR_FINAL | BAR_UPDATED);
        return false;
      case 0x64: // d: the running day, so never final.
        this.#bar(fields, batch, 0);
        return false;
      case 0x73: // s
        this.#status(fields, batch);
        return false;
      case 0x6c: // l
        this.#band(fields, batch);
        return false;
      case 0x63: // c
        this.#correction(fields, batch);
        return false;
      case 0x78: // x
        this.#cancel(fields, batch);
        return false;
      case 0x69: // i: an imbalance, which has a price and nothing else.
      case 0x6f: // o: an order book of a crypto venue.
        this.counts.unused += 1;
        return false;
      case 0x6e: // n
        return true;
      case NO_CODE:
        if (fields.isText(T)) return true;
        this.counts.unknownKinds += 1;
        return false;
      default:
        this.counts.unknownKinds += 1;
        return false;
    }
  }

  /** No message makes more than one event. */
  release(): void {}

  /** Venue time of a symbol's last trade; 0 before one. */
  tradeUsOf(symbol: number): number {
    return this.#tradeUs[symbol] ?? 0;
  }

  /** The trade that `fields` tells of, in a list of one symbol's trades. */
  writeTradeOf(symbol: number, fields: MessageFields, batch: EventBatch): void {
    this.#tradeOf(symbol, fields, batch);
  }

  writeBarOf(symbol: number, fields: MessageFields, batch: EventBatch): void {
    this.#barOf(symbol, fields, batch, BAR_FINAL);
  }

  #trade(fields: MessageFields, batch: EventBatch): void {
    this.counts.trades += 1;
    const symbol = this.#symbol(fields);
    if (symbol >= 0) this.#tradeOf(symbol, fields, batch);
  }

  #tradeOf(symbol: number, fields: MessageFields, batch: EventBatch): void {
    const lastUs = this.#tradeUs[symbol] ?? 0;
    const price = ticksOf(fields.numberOf(P));
    const size = fields.numberOf(SIZE);
    const isKnown = fields.kind[TIME] === MOMENT;
    const us = isKnown ? (fields.number[TIME] ?? 0) : this.#us(fields);
    if (!isPrice(price) || !isSize(size) || !isMoment(us) || !fields.readId(I)) {
      this.counts.malformed += 1;
      return;
    }
    const exchange = readExchange(fields, this.counts);
    const flags = readConditions(fields, C, this.counts);
    const key = this.#keyOf(fields, symbol, KIND_TRADE, us);
    // A trade told again has the time it had, though in one place it is cut to milliseconds.
    if (us > lastUs + RETOLD_US) this.#trades.addNew(key);
    else if (!this.#trades.add(key)) {
      this.counts.duplicates += 1;
      return;
    }
    if (us < lastUs) this.counts.outOfOrder += 1;
    else this.#tradeUs[symbol] = us;
    const slot = batch.add(TRADE, symbol, us, flags, exchange);
    batch.a[slot] = price;
    batch.b[slot] = size;
    // The nearest double, as JSON.parse reads it; exact up to 2^53. The window compares exactly.
    batch.c[slot] = fields.wideOf(I);
  }

  #quote(fields: MessageFields, batch: EventBatch): void {
    this.counts.quotes += 1;
    const symbol = this.#symbol(fields);
    if (symbol < 0) return;
    const bid = ticksOf(fields.numberOf(BP));
    const ask = ticksOf(fields.numberOf(AP));
    const bidSize = fields.numberOf(BS);
    const askSize = fields.numberOf(AS);
    const us = this.#us(fields);
    const isSound =
      isOffer(bid) && isOffer(ask) && isSize(bidSize) && isSize(askSize) && isMoment(us);
    if (!isSound) {
      this.counts.malformed += 1;
      return;
    }
    if (us < (this.#quoteUs[symbol] ?? 0)) this.counts.outOfOrder += 1;
    else this.#quoteUs[symbol] = us;
    const sides = readSides(fields, this.counts);
    // What the feed sends is its best bid and offer, not one exchange's: place 0.
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

  #bar(fields: MessageFields, batch: EventBatch, flags: number): void {
    this.counts.bars += 1;
    const symbol = this.#symbol(fields);
    if (symbol >= 0) this.#barOf(symbol, fields, batch, flags);
  }

  #barOf(symbol: number, fields: MessageFields, batch: EventBatch, flags: number): void {
    const open = ticksOf(fields.numberOf(O));
    const high = ticksOf(fields.numberOf(H));
    const low = ticksOf(fields.numberOf(L));
    const close = ticksOf(fields.numberOf(C));
    const volume = fields.numberOf(V);
    const us = this.#us(fields);
    const isBar = isPrice(low) && low <= open && low <= close && open <= high && close <= high;
    if (!isBar || !isPrice(high) || !isVolume(volume) || !isMoment(us)) {
      this.counts.malformed += 1;
      return;
    }
    if (flags === BAR_FINAL && !this.#isNewBar(symbol, us)) return;
    const slot = batch.add(BAR, symbol, us, flags, 0);
    batch.a[slot] = open;
    batch.b[slot] = high;
    batch.c[slot] = low;
    batch.d[slot] = close;
    batch.e[slot] = volume;
    batch.f[slot] = flags === 0 ? DAY : MINUTE;
  }

  #isNewBar(symbol: number, us: number): boolean {
    switch (this.#bars.add(symbol, us)) {
      case 'new':
        return true;
      case 'repeated':
        this.counts.duplicates += 1;
        return false;
      case 'late':
        this.counts.lateBars += 1;
        return false;
    }
  }

  #status(fields: MessageFields, batch: EventBatch): void {
    const symbol = this.#symbol(fields);
    if (symbol < 0) return;
    const us = this.#us(fields);
    if (!isMoment(us)) {
      this.counts.malformed += 1;
      return;
    }
    const status = statusOf(fields.letter(SC), isPauseReason(fields));
    if (status === STATUS_NEUTRAL) this.counts.unused += 1;
    else if (status === STATUS_UNKNOWN) this.counts.unknownCodes += 1;
    else batch.add(STATUS, symbol, us, status, 0);
  }

  #band(fields: MessageFields, batch: EventBatch): void {
    const symbol = this.#symbol(fields);
    if (symbol < 0) return;
    const lower = ticksOf(fields.numberOf(D));
    const upper = ticksOf(fields.numberOf(U));
    const us = this.#us(fields);
    if (!isPrice(lower) || !isPrice(upper) || lower > upper || !isMoment(us)) {
      this.counts.malformed += 1;
      return;
    }
    const slot = batch.add(BAND, symbol, us, 0, 0);
    batch.a[slot] = lower;
    batch.b[slot] = upper;
  }

  #correction(fields: MessageFields, batch: EventBatch): void {
    const symbol = this.#symbol(fields);
    if (symbol < 0) return;
    const us = this.#us(fields);
    const oldPrice = ticksOf(fields.numberOf(OP));
    const newPrice = ticksOf(fields.numberOf(CP));
    const oldSize = fields.numberOf(OS);
    const newSize = fields.numberOf(CS);
    const isSound = isPrice(oldPrice) && isPrice(newPrice) && isSize(oldSize) && isSize(newSize);
    if (!isSound || !isMoment(us) || !fields.readId(OI)) {
      this.counts.malformed += 1;
      return;
    }
    const tradeUs = this.#trades.usOf(this.#keyOf(fields, symbol, KIND_TRADE, us));
    if (!fields.readId(CI)) {
      this.counts.malformed += 1;
      return;
    }
    const flags = readConditions(fields, CC, this.counts);
    const exchange = readExchange(fields, this.counts);
    if (this.#isRepeated(fields, symbol, KIND_CORRECTION, us)) return;
    const slot = batch.add(CORRECTION, symbol, us, flags, exchange);
    batch.a[slot] = oldPrice;
    batch.b[slot] = oldSize;
    batch.c[slot] = newPrice;
    batch.d[slot] = newSize;
    // Of a trade that we have not seen the venue's own time is the best guess.
    batch.f[slot] = tradeUs === tradeUs ? tradeUs : us;
  }

  #cancel(fields: MessageFields, batch: EventBatch): void {
    const symbol = this.#symbol(fields);
    if (symbol < 0) return;
    const us = this.#us(fields);
    const price = ticksOf(fields.numberOf(P));
    const size = fields.numberOf(SIZE);
    if (!isPrice(price) || !isSize(size) || !isMoment(us) || !fields.readId(I)) {
      this.counts.malformed += 1;
      return;
    }
    const tradeUs = this.#trades.usOf(this.#keyOf(fields, symbol, KIND_TRADE, us));
    const exchange = readExchange(fields, this.counts);
    if (this.#isRepeated(fields, symbol, KIND_CANCEL, us)) return;
    const slot = batch.add(CORRECTION, symbol, us, 0, exchange);
    batch.a[slot] = price;
    batch.b[slot] = size;
    batch.f[slot] = tradeUs === tradeUs ? tradeUs : us;
  }

  #isRepeated(fields: MessageFields, symbol: number, kind: number, us: number): boolean {
    if (this.#trades.add(this.#keyOf(fields, symbol, kind, us))) return false;
    this.counts.duplicates += 1;
    return true;
  }

  /** The key of the id that was read last. */
  #keyOf(fields: MessageFields, symbol: number, kind: number, us: number): TradeKey {
    const key = this.#key;
    key.symbol = symbol;
    key.kind = kind;
    key.exchange = fields.letter(X);
    key.tape = fields.letter(TAPE);
    key.billions = fields.idBillions;
    key.rest = fields.idRest;
    key.day = this.#days.of(us);
    key.us = us;
    return key;
  }

  /** The symbol's id; -1, counted, where it has none. */
  #symbol(fields: MessageFields): number {
    if (!fields.isText(S)) {
      this.counts.malformed += 1;
      return -1;
    }
    const symbol = fields.symbolOf(S, this.#symbols);
    if (symbol < 0) this.counts.unknownSymbols += 1;
    return symbol;
  }

  /** The message's moment; NaN or below 0 where it has none that can be. */
  #us(fields: MessageFields): number {
    let us = Number.NaN;
    if (fields.kind[TIME] === MOMENT) us = fields.number[TIME] ?? Number.NaN;
    else if (fields.isText(TIME)) {
      us = this.#time.read(fields.source(TIME), fields.from[TIME] ?? 0, fields.to[TIME] ?? 0);
    }
    return us <= US_MAX ? us : Number.NaN;
  }
}

function emptyKey(): TradeKey {
  return { symbol: 0, kind: 0, exchange: 0, tape: 0, billions: 0, rest: 0, day: 0, us: 0 };
}
