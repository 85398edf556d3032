import type { ClientOrderId, SymbolId } from '../core/ids.ts';
import type { Fact, FactOf } from '../ports/fact.ts';
import { Recent } from './recent.ts';

export interface AdoptionView {
  readonly atUs: number;
  readonly symbol: SymbolId;
  readonly quantity: number;
  readonly origin: FactOf<'positionAdopted'>['origin'];
}

export interface DriftView {
  readonly atUs: number;
  readonly symbol: SymbolId;
  readonly ours: number;
  readonly theirs: number;
}

const KEPT_MAX = 500;

/** What the broker's own books were found to hold besides what this session did. */
export class BrokerView {
  /** Since the life began, and the broker was last away: entries wait for it. */
  isReconciled = false;
  /** Asked for its books, ever; the last failed so often in a row. */
  questions = 0;
  failures = 0;
  /** Orders of others, the last that was heard of each. */
  readonly externalOrders = new Map<ClientOrderId, FactOf<'externalOrder'>>();
  readonly adoptions = new Recent<AdoptionView>(KEPT_MAX);
  readonly drifts = new Recent<DriftView>(KEPT_MAX);
  readonly unlisted = new Set<string>();
  /** Ten-thousandths that came or went by no fill of ours, the opening left out. */
  cashAdjusted = 0;
  /** Symbols whose trades and quotes were asked for. */
  slots: readonly SymbolId[] = [];

  /** The broker went away. */
  lost(): void {
    this.isReconciled = false;
  }

  apply(fact: Fact, atUs: number): void {
    switch (fact.kind) {
      case 'reconcileAsked':
        this.questions = fact.attempt;
        this.failures = fact.failures;
        if (fact.isBlocking) this.isReconciled = false;
        return;
      case 'reconciled':
        this.isReconciled = true;
        this.failures = 0;
        return;
      case 'positionAdopted': {
        const { symbol, quantity, origin } = fact;
        return this.adoptions.add({ atUs, symbol, quantity, origin });
      }
      case 'cashAdjusted':
        if (fact.origin !== 'opening') this.cashAdjusted += fact.amount;
        return;
      case 'driftFound': {
        const { symbol, ours, theirs } = fact;
        return this.drifts.add({ atUs, symbol, ours, theirs });
      }
      case 'externalOrder':
        return this.#ordered(fact);
      case 'unlistedHeld':
        this.unlisted.add(fact.name);
        return;
      case 'slotsAsked':
        this.slots = fact.symbols;
    }
  }

  get openExternalOrders(): number {
    let open = 0;
    for (const { isOpen } of this.externalOrders.values()) open += isOpen ? 1 : 0;
    return open;
  }

  #ordered(order: FactOf<'externalOrder'>): void {
    this.externalOrders.delete(order.clientOrderId);
    this.externalOrders.set(order.clientOrderId, order);
    if (this.externalOrders.size <= KEPT_MAX) return;
    for (const id of this.externalOrders.keys()) {
      this.externalOrders.delete(id);
      return;
    }
  }
}
