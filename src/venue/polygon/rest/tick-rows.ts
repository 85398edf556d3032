import { sessionOf } from '../../../domain/market/calendar.ts';
import type { QuoteRow } from '../../archive/quote-ring.ts';
import {
  MARK_CANCELED,
  MARK_CORRECTED,
  MARK_INCORRECT,
  type TradeRow,
} from '../../archive/trade-ring.ts';
import { exchangeCode, type Tape, tradeConditions } from '../../archive/wire-codes.ts';
import {
  conditionNumbers,
  exchangeNumber,
  FACILITY_ID,
  QUOTE_INDICATORS,
  QUOTE_REGULAR,
  REPORTING_FACILITY,
  TAPE_NUMBERS,
} from '../polygon-codes.ts';
import { dollars, nanos } from './polygon-numbers.ts';

/** A row of `/v3/trades`. */
export function tradeRow(trade: TradeRow, tape: Tape) {
  const time = nanos(trade.us);
  const conditions = conditionsOf(trade, tape);
  const exchange = exchangeOf(trade.exchange, tape);
  const correction = CORRECTIONS.get(trade.mark);
  return {
    ...(conditions.length === 0 ? {} : { conditions }),
    ...(correction === undefined ? {} : { correction }),
    exchange,
    id: String(trade.id),
    participant_timestamp: time,
    price: dollars(trade.price),
    sequence_number: trade.number + 1,
    sip_timestamp: time,
    size: trade.size,
    tape: TAPE_NUMBERS[tape],
    ...(exchange === REPORTING_FACILITY ? { trf_id: FACILITY_ID, trf_timestamp: time } : {}),
  };
}

/** The consolidated tape's: corrected later, cancelled later, and the correction itself. */
const CORRECTIONS: ReadonlyMap<number, number> = new Map([
  [MARK_INCORRECT, 1],
  [MARK_CANCELED, 8],
  [MARK_CORRECTED, 12],
]);

/** A row of `/v3/quotes`. */
export function quoteRow(quote: QuoteRow, tape: Tape) {
  const exchange = exchangeOf(quote.exchange, tape);
  const time = nanos(quote.us);
  return {
    ask_exchange: exchange,
    ask_price: dollars(quote.ask),
    ask_size: quote.askSize,
    bid_exchange: exchange,
    bid_price: dollars(quote.bid),
    bid_size: quote.bidSize,
    conditions: [QUOTE_REGULAR],
    indicators: QUOTE_INDICATORS,
    participant_timestamp: time,
    sequence_number: quote.number + 1,
    sip_timestamp: time,
    tape: TAPE_NUMBERS[tape],
  };
}

/** The last trade of a snapshot. */
export function lastTradeOf(trade: TradeRow, tape: Tape) {
  return {
    c: conditionsOf(trade, tape),
    i: String(trade.id),
    p: dollars(trade.price),
    s: trade.size,
    t: nanos(trade.us),
    x: exchangeOf(trade.exchange, tape),
  };
}

/** The last quote of a snapshot: capitals are the asking side. */
export function lastQuoteOf(quote: QuoteRow) {
  return {
    P: dollars(quote.ask),
    S: quote.askSize,
    p: dollars(quote.bid),
    s: quote.bidSize,
    t: nanos(quote.us),
  };
}

export function conditionsOf(trade: TradeRow, tape: Tape): readonly number[] {
  const isCore = sessionOf(trade.us) === 'core';
  return conditionNumbers(tradeConditions(trade.flags, isCore, tape), tape);
}

export function exchangeOf(exchange: number, tape: Tape): number {
  return exchangeNumber(exchangeCode(exchange, tape));
}
