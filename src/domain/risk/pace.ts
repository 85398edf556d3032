import type { StrategyId, SymbolId } from '../../core/ids.ts';
import { SECOND } from '../../core/time.ts';
import type { Purpose } from '../signals/purpose.ts';

export interface Paced {
  readonly symbol: SymbolId;
  readonly isEntry: boolean;
  readonly atUs: number;
}

/** Where the next order of a strategy in a symbol stands among them: ids derive from it. */
export interface Sequence {
  readonly strategy: StrategyId;
  readonly symbol: SymbolId;
  readonly next: number;
}

interface ApprovedOrder {
  readonly strategy: StrategyId;
  readonly symbol: SymbolId;
  readonly purpose: Purpose;
  readonly sequence: number;
  readonly atUs: number;
}

/** How many orders were approved, and when: what a loop shows itself by. */
export class Pace {
  /** Entries of this session by symbol. */
  readonly entries = new Map<SymbolId, number>();
  readonly #sequences = new Map<StrategyId, Map<SymbolId, number>>();
  readonly #recent: Paced[] = [];

  /** Orders of the last second: `ordersPerSecondMax` keeps it short. */
  get recent(): readonly Paced[] {
    return this.#recent;
  }

  approved({ strategy, symbol, purpose, sequence, atUs }: ApprovedOrder): void {
    const isEntry = purpose === 'entry';
    this.carry({ symbol, isEntry, atUs });
    this.sequenceIs({ strategy, symbol, next: sequence + 1 });
    if (isEntry) this.entries.set(symbol, this.entriesOf(symbol) + 1);
  }

  carry({ symbol, isEntry, atUs }: Paced): void {
    const recent = this.#recent;
    // In the order of their times: the first are the ones that are over.
    for (let first = recent[0]; first && first.atUs <= atUs - SECOND; first = recent[0]) {
      recent.shift();
    }
    recent.push({ symbol, isEntry, atUs });
  }

  sequenceIs({ strategy, symbol, next }: Sequence): void {
    const bySymbol = this.#sequences.get(strategy);
    if (bySymbol === undefined) this.#sequences.set(strategy, new Map([[symbol, next]]));
    else bySymbol.set(symbol, next);
  }

  nextSequence(strategy: StrategyId, symbol: SymbolId): number {
    return this.#sequences.get(strategy)?.get(symbol) ?? 0;
  }

  *sequences(): Iterable<Sequence> {
    for (const [strategy, bySymbol] of this.#sequences) {
      for (const [symbol, next] of bySymbol) yield { strategy, symbol, next };
    }
  }

  entriesOf(symbol: SymbolId): number {
    return this.entries.get(symbol) ?? 0;
  }

  /** Entries of the second before `nowUs`, in all symbols. */
  entriesWithinSecond(nowUs: number): number {
    let count = 0;
    for (const { isEntry, atUs } of this.recent) if (isEntry && atUs > nowUs - SECOND) count += 1;
    return count;
  }

  /** Exits of the second before `nowUs`, in one symbol: a burst of stops in many is no loop. */
  exitsWithinSecond(symbol: SymbolId, nowUs: number): number {
    let count = 0;
    for (const order of this.recent) {
      const isExit = !order.isEntry && order.symbol === symbol;
      if (isExit && order.atUs > nowUs - SECOND) count += 1;
    }
    return count;
  }
}
