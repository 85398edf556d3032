import type { SymbolId } from '../core/ids.ts';
import type { Position } from '../domain/portfolio/ledger.ts';
import { Recent } from './recent.ts';

export interface OpenTrade {
  /** Of the order that opened it. */
  readonly strategy: string;
  readonly openedUs: number;
  /** What the symbol had booked before. */
  readonly realizedBefore: number;
}

export interface ClosedTrade {
  readonly symbol: SymbolId;
  readonly strategy: string;
  readonly openedUs: number;
  readonly closedUs: number;
  /** Ten-thousandths. */
  readonly profit: number;
}

export interface TradeStep {
  readonly symbol: SymbolId;
  /** Of the order that was filled. */
  readonly strategy: string;
  readonly before: Position;
  readonly after: Position;
  readonly atUs: number;
}

const CLOSED_MAX = 2_000;

/** Trades from flat to flat: what a hit rate counts. Bounded by the symbols that are held. */
export class TradeBook {
  readonly open = new Map<SymbolId, OpenTrade>();
  readonly closed = new Recent<ClosedTrade>(CLOSED_MAX);
  wins = 0;
  /** Sums of what was won and lost, both positive, in ten-thousandths. */
  won = 0;
  lost = 0;

  /** A fill moved a position. Answers the trade that ended with it. */
  filled({ symbol, strategy, before, after, atUs }: TradeStep): ClosedTrade | undefined {
    const isTurned = Math.sign(before.quantity) * Math.sign(after.quantity) < 0;
    const isClosed = before.quantity !== 0 && (after.quantity === 0 || isTurned);
    const closed = isClosed ? this.#close(symbol, after.realized, atUs) : undefined;
    if (after.quantity !== 0 && (before.quantity === 0 || isTurned)) {
      this.open.set(symbol, { strategy, openedUs: atUs, realizedBefore: after.realized });
    }
    return closed;
  }

  /** Closed trades that won, as a ratio; NaN before the first. */
  get hitRate(): number {
    return this.closed.total > 0 ? this.wins / this.closed.total : Number.NaN;
  }

  #close(symbol: SymbolId, realized: number, atUs: number): ClosedTrade | undefined {
    const trade = this.open.get(symbol);
    if (trade === undefined) return undefined; // Carried from before we were told.
    this.open.delete(symbol);
    const { strategy, openedUs, realizedBefore } = trade;
    const profit = realized - realizedBefore;
    if (profit > 0) {
      this.wins += 1;
      this.won += profit;
    } else {
      this.lost -= profit;
    }
    const closed = { symbol, strategy, openedUs, closedUs: atUs, profit };
    this.closed.add(closed);
    return closed;
  }
}
