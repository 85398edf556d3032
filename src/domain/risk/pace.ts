import type { StrategyId, SymbolId } from '../../core/ids.ts';
import { SECOND } from '../../core/time.ts';

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

/** How many orders were approved, and when: what a loop shows itself by. */
export class Pace {
  /** Entries of this session by symbol. */
  readonly entries = new Map<SymbolId, number>();
  readonly sequences = new Map<string, Sequence>();
  /** Orders of the last second: `ordersPerSecondMax` keeps it short. */
  recent: readonly Paced[] = [];

  approved(order: Paced & { readonly strategy: StrategyId; readonly sequence: number }): void {
    const { strategy, symbol, sequence, isEntry, atUs } = order;
    this.carry({ symbol, isEntry, atUs });
    this.sequenceIs({ strategy, symbol, next: sequence + 1 });
    if (isEntry) this.entries.set(symbol, this.entriesOf(symbol) + 1);
  }

  carry({ symbol, isEntry, atUs }: Paced): void {
    const recent = this.recent.filter((order) => order.atUs > atUs - SECOND);
    this.recent = [...recent, { symbol, isEntry, atUs }];
  }

  sequenceIs(sequence: Sequence): void {
    this.sequences.set(`${sequence.symbol}:${sequence.strategy}`, sequence);
  }

  nextSequence(strategy: StrategyId, symbol: SymbolId): number {
    return this.sequences.get(`${symbol}:${strategy}`)?.next ?? 0;
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
