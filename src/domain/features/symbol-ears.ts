import { chainUpdates, type ChainedUpdate } from '../indicators/chain-updates.ts';
import type { SymbolFact } from './facts.ts';
import type { Placed } from './placement.ts';
import type { SymbolSource } from './source.ts';

/** Which of a symbol's own sources hear what: found once, and not at every event. */
export class SymbolEars {
  /** Whether any source hears trades or quotes. */
  readonly hearTicks: boolean;
  /** By timeframe: a closed bar, to all that hear it. */
  readonly #bars: ReadonlyMap<string, ChainedUpdate['update']>;
  readonly #trades: readonly Placed<SymbolSource>[];
  readonly #quotes: readonly Placed<SymbolSource>[];
  readonly #facts: readonly Placed<SymbolSource>[];
  readonly #ofBars: readonly Placed<SymbolSource>[];

  constructor(sources: readonly Placed<SymbolSource>[]) {
    this.#bars = chainBars(sources);
    this.#trades = sources.filter(({ source }) => source.trade !== undefined);
    this.#quotes = sources.filter(({ source }) => source.quote !== undefined);
    this.#ofBars = sources.filter(({ source }) => source.bar !== undefined);
    this.#facts = sources.filter(({ source }) => source.fact !== undefined);
    this.hearTicks = this.#trades.length + this.#quotes.length > 0;
  }

  /** Who hears bars of that timeframe. */
  bars(timeframe: string): ChainedUpdate['update'] | undefined {
    return this.#bars.get(timeframe);
  }

  trade(state: Float64Array, at: number, tick: Float64Array): void {
    for (const { source, stateAt } of this.#trades) source.trade?.(state, at + stateAt, tick);
  }

  quote(state: Float64Array, at: number, tick: Float64Array): void {
    for (const { source, stateAt } of this.#quotes) source.quote?.(state, at + stateAt, tick);
  }

  fact(state: Float64Array, at: number, fact: SymbolFact): void {
    for (const { source, stateAt } of this.#facts) source.fact?.(state, at + stateAt, fact);
  }

  loseTrades(state: Float64Array, at: number): void {
    for (const { source, stateAt } of this.#trades) source.reset(state, at + stateAt);
  }

  loseBars(state: Float64Array, at: number, lost: string | undefined): void {
    for (const { source, stateAt, timeframe } of this.#ofBars) {
      if (lost === undefined || lost === timeframe) source.reset(state, at + stateAt);
    }
  }
}

function chainBars(
  sources: readonly Placed<SymbolSource>[],
): ReadonlyMap<string, ChainedUpdate['update']> {
  const parts = new Map<string, ChainedUpdate[]>();
  for (const { source, timeframe, stateAt: offset } of sources) {
    if (source.bar === undefined) continue;
    const part = { offset, update: source.bar };
    parts.set(timeframe, [...(parts.get(timeframe) ?? []), part]);
  }
  return new Map([...parts].map(([timeframe, own]) => [timeframe, chainUpdates(own)]));
}
