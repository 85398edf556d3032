import type { ClientOrderId, StrategyId, SymbolId } from '../../core/ids.ts';
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
  name: string;
}

/**
 * A strategy's own view of its positions, built from facts alone: what it signalled, what was
 * intended for it, what was filled and what came to an end.
 */
export class Stances {
  readonly strategy: StrategyId;
  readonly #bySymbol = new Map<SymbolId, SymbolStance>();
  readonly #open = new Map<ClientOrderId, SymbolId>();
  /** Every order that was ever ours: a fill may come after the order's end. */
  readonly #ours = new Set<ClientOrderId>();

  constructor(strategy: StrategyId) {
    this.strategy = strategy;
  }

  of(symbol: SymbolId): SymbolStance {
    let stance = this.#bySymbol.get(symbol);
    if (stance === undefined) {
      stance = { quantity: 0, openOrders: 0, enteredUs: 0, signals: 0, newsUs: 0, name: '' };
      this.#bySymbol.set(symbol, stance);
    }
    return stance;
  }

  /** Symbols it knows, in the order it met them. */
  list(): readonly (readonly [SymbolId, SymbolStance])[] {
    return [...this.#bySymbol];
  }

  openOrders(): readonly (readonly [ClientOrderId, SymbolId])[] {
    return [...this.#open];
  }

  intended(strategy: StrategyId, clientOrderId: ClientOrderId, symbol: SymbolId): void {
    if (strategy !== this.strategy || this.#ours.has(clientOrderId)) return;
    this.#ours.add(clientOrderId);
    this.#open.set(clientOrderId, symbol);
    this.of(symbol).openOrders += 1;
  }

  ended(clientOrderId: ClientOrderId): void {
    const symbol = this.#open.get(clientOrderId);
    if (symbol === undefined) return;
    this.#open.delete(clientOrderId);
    const stance = this.of(symbol);
    stance.openOrders = Math.max(0, stance.openOrders - 1);
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
    const stance = this.of(symbol);
    if (side === 'buy') {
      if (!this.#ours.has(clientOrderId)) return;
      if (stance.quantity === 0) stance.enteredUs = atUs;
      stance.quantity += quantity;
      return;
    }
    stance.quantity = Math.max(0, stance.quantity - quantity);
    if (stance.quantity === 0) stance.enteredUs = 0;
  }
}
