import { type ClientOrderId, type StrategyId, type SymbolId, symbolId } from '../../core/ids.ts';
import type { Side } from '../market/side.ts';

/** Where a strategy stands in one symbol. */
export interface SymbolStance {
  /** Shares it holds; long only, so never negative. */
  quantity: number;
  openOrders: number;
  /** When its first share was bought; 0 while flat. */
  enteredUs: number;
  /** Signals it has made here: the next one's number. */
  signals: number;
  /** When the last news on the symbol came; 0 if none did. */
  newsUs: number;
}

/** Ended orders that are remembered of a symbol. */
const ENDED_MAX = 32;

/** The stance in a symbol that nothing has happened in yet: most of ten thousand. */
const UNTOUCHED: Readonly<SymbolStance> = Object.freeze({
  quantity: 0,
  openOrders: 0,
  enteredUs: 0,
  signals: 0,
  newsUs: 0,
});

/**
 * A strategy's own view of its positions, built from facts alone: what it signalled, what was
 * intended for it, what was filled and what came to an end.
 */
export class Stances {
  readonly strategy: StrategyId;
  /** Every symbol there is has a name; a stance only those in which something happened. */
  readonly #names: string[] = [];
  readonly #bySymbol = new Map<SymbolId, SymbolStance>();
  readonly #open = new Map<ClientOrderId, SymbolId>();
  /** The last orders that ended, oldest first: a fill may come after the order's end. */
  readonly #ended = new Map<SymbolId, readonly ClientOrderId[]>();
  readonly #ours = new Set<ClientOrderId>();

  constructor(strategy: StrategyId) {
    this.strategy = strategy;
  }

  named(symbol: SymbolId, name: string): void {
    this.#names[symbol] = name;
  }

  nameOf(symbol: SymbolId): string {
    return this.#names[symbol] ?? '';
  }

  /** To look at. */
  of(symbol: SymbolId): Readonly<SymbolStance> {
    return this.#bySymbol.get(symbol) ?? UNTOUCHED;
  }

  /** To write to. */
  touch(symbol: SymbolId): SymbolStance {
    let stance = this.#bySymbol.get(symbol);
    if (stance === undefined) {
      stance = { ...UNTOUCHED };
      this.#bySymbol.set(symbol, stance);
    }
    return stance;
  }

  /** Symbols it knows, the named ones first. */
  list(): readonly (readonly [SymbolId, Readonly<SymbolStance>])[] {
    const symbols = new Set<SymbolId>();
    this.#names.forEach((_, symbol) => symbols.add(symbolId(symbol)));
    for (const symbol of this.#bySymbol.keys()) symbols.add(symbol);
    return [...symbols].map((symbol) => [symbol, this.of(symbol)]);
  }

  openOrders(): readonly (readonly [ClientOrderId, SymbolId])[] {
    return [...this.#open];
  }

  endedOrders(symbol: SymbolId): readonly ClientOrderId[] {
    return this.#ended.get(symbol) ?? [];
  }

  intended(strategy: StrategyId, clientOrderId: ClientOrderId, symbol: SymbolId): void {
    if (strategy !== this.strategy || this.#ours.has(clientOrderId)) return;
    this.#ours.add(clientOrderId);
    this.#open.set(clientOrderId, symbol);
    this.touch(symbol).openOrders += 1;
  }

  ended(clientOrderId: ClientOrderId): void {
    const symbol = this.#open.get(clientOrderId);
    if (symbol === undefined) return;
    this.#open.delete(clientOrderId);
    const stance = this.touch(symbol);
    stance.openOrders = Math.max(0, stance.openOrders - 1);
    this.remember(clientOrderId, symbol);
  }

  /** An order of ours has ended. The oldest are forgotten: they will not be filled any more. */
  remember(clientOrderId: ClientOrderId, symbol: SymbolId): void {
    const ended = [...this.endedOrders(symbol), clientOrderId];
    const forgotten = ended.length > ENDED_MAX ? ended.shift() : undefined;
    if (forgotten !== undefined) this.#ours.delete(forgotten);
    this.#ours.add(clientOrderId);
    this.#ended.set(symbol, ended);
  }

  /**
   * A buy counts if the order was ours. A sale counts if we hold: risk flattens on our behalf, and
   * only one strategy holds a symbol at a time.
   */
  filled(
    clientOrderId: ClientOrderId,
    symbol: SymbolId,
    side: Side,
    quantity: number,
    atUs: number,
  ): void {
    const stance = this.touch(symbol);
    if (side === 'buy') {
      if (!this.#ours.has(clientOrderId)) return;
      // Fills may be heard of in any order.
      stance.enteredUs = stance.quantity === 0 ? atUs : Math.min(stance.enteredUs, atUs);
      stance.quantity += quantity;
      return;
    }
    stance.quantity = Math.max(0, stance.quantity - quantity);
    if (stance.quantity === 0) stance.enteredUs = 0;
  }
}
