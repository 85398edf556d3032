import type { Bar } from '../indicators/ten-bars.ts';
import type { Indicator, TradingSignals } from '../indicators/peer-trading-signals.ts';
import { MadeOrders } from './made-order.ts';
import { type ParsedTrade, parserOf } from './peer-parse.ts';
import { PeerRisk } from './peer-risk.ts';
import type { Pipeline } from './pipeline.ts';
import type { Rule } from './rule.ts';
import type { Frame, Wire } from './tick-frames.ts';

export interface PeerOptions {
  readonly library: TradingSignals;
  readonly wire: Wire;
  readonly rule: Rule;
}

interface Candidate {
  readonly symbolName: string;
  readonly update: (bar: Bar) => void;
  readonly bands: Indicator<number, Readonly<Record<'upper' | 'middle', number>>>;
  quantity: number;
  isOrdered: boolean;
}

/** An order on its way, until the frame is over that made it. */
interface Placed {
  readonly candidate: Candidate;
  readonly quantity: number;
  readonly price: number;
}

/**
 * What one writes in an afternoon: `JSON.parse`, an object of ten trading-signals a symbol, a rule,
 * a few limits, `JSON.stringify`. No journal, no recovery, no bars.
 */
export class PeerPipeline implements Pipeline {
  readonly orders = new MadeOrders();
  readonly journalBytes = 0;
  orderBytes = 0;
  readonly #options: PeerOptions;
  readonly #parse: ReturnType<typeof parserOf>;
  readonly #risk = new PeerRisk();
  readonly #candidates = new Map<string, Candidate>();
  #placed: Placed[] = [];
  #isTrading = false;
  #nowUs = 0;

  constructor(options: PeerOptions) {
    this.#options = options;
    this.#parse = parserOf(options.wire);
  }

  /** From here on it orders: before that it learns, as ours does until its layers have filled. */
  trade(): void {
    this.#isTrading = true;
  }

  hand(frame: Frame): void {
    this.#nowUs = frame.us;
    this.#parse(frame.bytes, this.#take);
    this.#settle();
  }

  run(): void {
    // Nothing waits here.
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  readonly #take = (trade: ParsedTrade): void => {
    const candidate = this.#candidate(trade.symbolName);
    const { price, size } = trade;
    candidate.update({ open: price, high: price, low: price, close: price, volume: size });
    const bands = candidate.bands.update(price, false);
    if (!this.#isTrading || bands === undefined || candidate.isOrdered) return;
    const deviation = (bands.upper - bands.middle) / 2;
    if (!(deviation > 0)) return;
    const zScore = (price - bands.middle) / deviation;
    const { zEnter, zExit } = this.#options.rule;
    if (candidate.quantity > 0) {
      if (zScore >= -zExit) this.#sell(candidate, price);
    } else if (zScore <= -zEnter) this.#buy(candidate, price);
  };

  #buy(candidate: Candidate, price: number): void {
    const entry = this.#risk.entry(Math.round(price * 10_000), this.#nowUs);
    if (entry === undefined) return;
    this.#place(candidate, 'buy', entry.quantity, entry.limitPrice);
  }

  #sell(candidate: Candidate, price: number): void {
    this.#place(candidate, 'sell', candidate.quantity, undefined, Math.round(price * 10_000));
  }

  #place(
    candidate: Candidate,
    side: 'buy' | 'sell',
    quantity: number,
    limitPrice: number | undefined,
    price = limitPrice ?? 0,
  ): void {
    const { symbolName } = candidate;
    const body = {
      symbol: symbolName,
      side,
      type: limitPrice === undefined ? 'market' : 'limit',
      time_in_force: 'day',
      qty: String(quantity),
      client_order_id: `peer.${symbolName}.${this.orders.list.length}`,
      ...(limitPrice === undefined ? {} : { limit_price: (limitPrice / 10_000).toFixed(2) }),
    };
    this.orderBytes += Buffer.from(JSON.stringify(body)).length;
    this.orders.add({ side, symbolName, quantity, limitPrice });
    candidate.isOrdered = true;
    this.#placed.push({ candidate, quantity: side === 'buy' ? quantity : -quantity, price });
  }

  /** Filled, whole, before the next frame. */
  #settle(): void {
    if (this.#placed.length === 0) return;
    for (const { candidate, quantity, price } of this.#placed) {
      candidate.quantity += quantity;
      candidate.isOrdered = false;
      this.#risk.filled(quantity, price);
    }
    this.#placed = [];
  }

  #candidate(symbolName: string): Candidate {
    const known = this.#candidates.get(symbolName);
    if (known !== undefined) return known;
    const made = candidateOf(this.#options.library, symbolName);
    this.#candidates.set(symbolName, made);
    return made;
  }
}

/** All ten, through the calls that its readme teaches. */
function candidateOf(library: TradingSignals, symbolName: string): Candidate {
  const sma = new library.SMA(20);
  const ema = new library.EMA(20);
  const rsi = new library.RSI(14);
  const macd = new library.MACD(new library.EMA(12), new library.EMA(26), new library.EMA(9));
  const atr = new library.ATR(14);
  const periods = { kPeriod: 14, kSlowingPeriod: 3, dPeriod: 3 };
  const stochastic = new library.StochasticOscillator(periods);
  const vwap = new library.VWAP();
  const obv = new library.OBV(2);
  const adx = new library.ADX(14);
  return {
    symbolName,
    bands: new library.BollingerBands(20, 2),
    quantity: 0,
    isOrdered: false,
    update(bar) {
      sma.update(bar.close, false);
      ema.update(bar.close, false);
      rsi.update(bar.close, false);
      macd.update(bar.close, false);
      atr.update(bar, false);
      stochastic.update(bar, false);
      vwap.update(bar, false);
      obv.update(bar, false);
      adx.update(bar, false);
    },
  };
}
