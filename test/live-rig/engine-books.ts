import { sessionReader } from '../../src/compose/session-files.ts';
import { visitSession } from '../../src/cli/read-session.ts';
import { Ledger } from '../../src/domain/portfolio/ledger.ts';
import type { Standing } from '../../src/domain/orders/standing.ts';
import type { Fact } from '../../src/ports/fact.ts';
import type { Input } from '../../src/ports/input.ts';
import { nodeDisk } from '../../src/store/journal/node-disk.ts';

/** The one session of a data directory; undefined while there is none. */
export function onlySession(dataDir: string): string | undefined {
  const sessions = sessionReader(nodeDisk(dataDir)).list();
  if (sessions.length > 1) throw new Error(`${sessions.length} sessions lie in ${dataDir}`);
  return sessions[0]?.sessionId;
}

export function readBooks(dataDir: string): EngineBooks {
  const books = new EngineBooks();
  const sessionId = onlySession(dataDir);
  if (sessionId === undefined) return books;
  visitSession(sessionReader(nodeDisk(dataDir)), sessionId, {
    input: (_sequence, _nowUs, input) => books.hear(input),
    turn(_, nowUs, { items }) {
      for (const item of items) if (item.type === 'fact') books.take(item.fact, nowUs);
    },
  });
  return books;
}

/** A session as its journal tells it. Folded from facts alone: no read model stands between. */
export class EngineBooks {
  lives = 0;
  /** Lives in which reconciliation came to its end. */
  reconciledLives = 0;
  readonly standings = new Map<string, Standing>();
  /** Shares booked for each order. */
  readonly filled = new Map<string, number>();
  readonly executions = new Set<string>();
  /** Orders intended, or executions booked, more than once. */
  readonly repeated: string[] = [];
  /** Entries intended before the life had reconciled, and while trading was halted. */
  readonly early: string[] = [];
  readonly underHalt: string[] = [];
  /** Orders of any purpose before the life had reconciled. */
  earlyOrders = 0;
  readonly adopted: { readonly symbol: string; readonly origin: string }[] = [];
  adjustments = 0;
  drifts = 0;
  strays = 0;
  enquiries = 0;
  isHalted = false;
  /** When the last entry was decided: it leaves at once, or when its record is safe. */
  lastEntryUs = 0;
  readonly ledger = new Ledger();
  readonly names: string[] = [];
  #isReconciled = false;

  get positions(): ReadonlyMap<string, number> {
    const held = [...this.ledger.positions].filter(([, { quantity }]) => quantity !== 0);
    return new Map(held.map(([symbol, { quantity }]) => [this.#nameOf(symbol), quantity]));
  }

  hear(input: Input): void {
    if (input.kind === 'opened') {
      this.lives += 1;
      this.#isReconciled = false;
    }
    if (input.kind === 'symbolNamed') this.names[input.symbol] = input.name;
  }

  take(fact: Fact, nowUs: number): void {
    if (fact.kind === 'intended' && fact.purpose === 'entry') this.lastEntryUs = nowUs;
    this.#money(fact);
    this.#orders(fact);
    this.#states(fact);
  }

  #money(fact: Fact): void {
    const { ledger } = this;
    switch (fact.kind) {
      case 'accountOpened':
        return ledger.openAccount(fact.cash);
      case 'cashAdjusted':
        if (fact.origin !== 'opening') this.adjustments += 1;
        return ledger.adjustCash(fact.amount);
      case 'positionAdopted':
        this.adopted.push({ symbol: this.#nameOf(fact.symbol), origin: fact.origin });
        return ledger.adopt(fact.symbol, fact);
      case 'filled': {
        const { clientOrderId, execution } = fact;
        if (this.executions.has(execution.executionId)) this.repeated.push(execution.executionId);
        this.executions.add(execution.executionId);
        const before = this.filled.get(clientOrderId) ?? 0;
        this.filled.set(clientOrderId, before + execution.quantity);
        ledger.fill(fact);
      }
    }
  }

  #orders(fact: Fact): void {
    switch (fact.kind) {
      case 'intended': {
        const { clientOrderId, purpose } = fact;
        if (this.standings.has(clientOrderId)) this.repeated.push(clientOrderId);
        this.standings.set(clientOrderId, 'intended');
        if (!this.#isReconciled) this.earlyOrders += 1;
        if (purpose !== 'entry') return;
        if (!this.#isReconciled) this.early.push(clientOrderId);
        if (this.isHalted) this.underHalt.push(clientOrderId);
        return;
      }
      case 'stood':
        this.standings.set(fact.clientOrderId, fact.standing);
        return;
      case 'enquired':
        this.enquiries += 1;
        return;
      case 'strayReported':
        this.strays += 1;
    }
  }

  #states(fact: Fact): void {
    switch (fact.kind) {
      case 'reconciled':
        if (!this.#isReconciled) this.reconciledLives += 1;
        this.#isReconciled = true;
        return;
      case 'tradingHalted':
        this.isHalted = true;
        return;
      case 'tradingResumed':
        this.isHalted = false;
        return;
      case 'driftFound':
        this.drifts += 1;
    }
  }

  #nameOf(symbol: number): string {
    return this.names[symbol] ?? `#${symbol}`;
  }
}
