import { copyEvents } from '../../domain/market/copy-events.ts';
import { EventBatch, QUOTE, STATUS, TRADE } from '../../domain/market/event-batch.ts';

const ALL_SYMBOLS = -1;

/** What the admin port takes out of the market: halted symbols, quotes that stand still. */
export class MarketOverrides {
  /** Events that were taken out. */
  withheld = 0;
  readonly #halted = new Set<number>();
  readonly #staleUntilUs = new Map<number, number>();
  #kept = new EventBatch(1, 1);

  get isEmpty(): boolean {
    return this.#halted.size === 0 && this.#staleUntilUs.size === 0;
  }

  get haltedSymbols(): readonly number[] {
    return [...this.#halted];
  }

  halt(symbol: number): void {
    this.#halted.add(symbol);
  }

  resume(symbol: number): void {
    this.#halted.delete(symbol);
  }

  /** No new quotes of a symbol, or of all where none is named, until market time `untilUs`. */
  holdQuotes(symbol: number | undefined, untilUs: number): void {
    this.#staleUntilUs.set(symbol ?? ALL_SYMBOLS, untilUs);
  }

  /** The frame without what is taken out of it. */
  apply(batch: EventBatch, begin: number, end: number, nowUs: number): EventBatch {
    this.#endHolds(nowUs);
    if (this.#kept.eventsMax < end - begin) this.#kept = new EventBatch(batch.eventsMax, 1);
    this.#kept.clear();
    for (let at = begin; at < end; at += 1) {
      if (this.#isWithheld(batch.kind[at] ?? 0, batch.symbol[at] ?? 0)) this.withheld += 1;
      else copyEvents(batch, at, at + 1, this.#kept);
    }
    this.#kept.endFrame(nowUs);
    return this.#kept;
  }

  /** Statuses pass: those of a halt of ours do, and the market may halt what we have halted. */
  #isWithheld(kind: number, symbol: number): boolean {
    if (kind === STATUS) return false;
    if (this.#halted.has(symbol)) return kind === QUOTE || kind === TRADE;
    if (kind !== QUOTE) return false;
    return this.#staleUntilUs.has(symbol) || this.#staleUntilUs.has(ALL_SYMBOLS);
  }

  #endHolds(nowUs: number): void {
    for (const [symbol, untilUs] of this.#staleUntilUs) {
      if (nowUs >= untilUs) this.#staleUntilUs.delete(symbol);
    }
  }
}
