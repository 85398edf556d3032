import { PRICE_SCALE } from '../../core/money.ts';
import type { BarRow } from '../archive/bar-row.ts';
import type { QuoteRow } from '../archive/quote-ring.ts';
import {
  MARK_CANCELED,
  MARK_CORRECTED,
  MARK_INCORRECT,
  type TradeRow,
} from '../archive/trade-ring.ts';
import {
  exchangeCode,
  QUOTE_CONDITIONS,
  type Tape,
  tradeConditions,
} from '../archive/wire-codes.ts';
import { wireTime } from '../sockets/wire-event.ts';

/** `{"t":"2026-11-19T15:04:00Z","o":231.3,...}`: the times and numbers of the stream. */
export function barRow(bar: BarRow) {
  return {
    t: wireTime(bar.startUs).toJSON(),
    o: dollars(bar.open),
    h: dollars(bar.high),
    l: dollars(bar.low),
    c: dollars(bar.close),
    v: bar.volume,
    n: bar.trades,
    vw: Math.round(bar.vwap * 100) / (PRICE_SCALE * 100),
  };
}

export function tradeRow(trade: TradeRow, tape: Tape, isCore: boolean) {
  const row = {
    t: wireTime(trade.us).toJSON(),
    x: exchangeCode(trade.exchange, tape),
    p: dollars(trade.price),
    s: trade.size,
    c: tradeConditions(trade.flags, isCore, tape),
    i: trade.id,
    z: tape,
  };
  const update = UPDATES.get(trade.mark);
  return update === undefined ? row : { ...row, u: update };
}

const UPDATES: ReadonlyMap<number, string> = new Map([
  [MARK_CANCELED, 'canceled'],
  [MARK_INCORRECT, 'incorrect'],
  [MARK_CORRECTED, 'corrected'],
]);

export function quoteRow(quote: QuoteRow, tape: Tape) {
  const exchange = exchangeCode(quote.exchange, tape);
  return {
    t: wireTime(quote.us).toJSON(),
    ax: exchange,
    ap: dollars(quote.ask),
    as: quote.askSize,
    bx: exchange,
    bp: dollars(quote.bid),
    bs: quote.bidSize,
    c: QUOTE_CONDITIONS,
    z: tape,
  };
}

/** The division is correctly rounded, so four places print as they were. */
function dollars(ticks: number): number {
  return ticks / PRICE_SCALE;
}
