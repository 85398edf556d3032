/** A bar as the venue keeps it, prices in dollars. */
export interface HistoryBar {
  readonly startUs: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

export interface HistoryTrade {
  readonly us: number;
  readonly price: number;
  readonly size: number;
  /** Decimal text: an id may need 64 bits. */
  readonly id: string;
  readonly exchange: string;
  /** Who reported it, off the exchanges, where that is a part of the id. */
  readonly facility?: string;
  readonly tape: string;
  readonly conditions: readonly string[];
}

export interface HistorySpan {
  readonly symbols: readonly string[];
  /** From this moment on. */
  readonly fromUs: number;
  /** Up to before this one. */
  readonly toUs: number;
}

/**
 * What the venue remembers: for what a stream missed, and to ask whether it is mute. A symbol is
 * told of whole or not at all; the promise rejects where nothing more is to be had.
 */
export interface MarketHistory {
  /** Minute bars, symbol by symbol, each in order of time. */
  minuteBars(
    span: HistorySpan,
    take: (name: string, bars: readonly HistoryBar[]) => void,
    signal?: AbortSignal,
  ): Promise<void>;
  trades(
    span: HistorySpan,
    take: (name: string, trades: readonly HistoryTrade[]) => void,
    signal?: AbortSignal,
  ): Promise<void>;
  /** Microseconds of each symbol's last trade. */
  latestTrades(
    symbols: readonly string[],
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, number>>;
}
