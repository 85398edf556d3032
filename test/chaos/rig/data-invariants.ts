import {
  CHANNEL_TRADES,
  type EventBatch,
  GAP,
  TRADE,
} from '../../../src/domain/market/event-batch.ts';
import type { Signal } from '../../../src/domain/signals/signal.ts';
import type { StoryListener } from './journal-story.ts';
import { type TapeTrade, tapeId } from './venue-tape.ts';

interface Taken {
  readonly id: string;
  readonly us: number;
  /** Gaps that had been told before it came. */
  readonly gaps: number;
}

/**
 * I7, from what the kernel was given: no entry on data that are older than the limit, none on a
 * symbol of which nothing was heard since a gap, and no hole in the trades without one.
 */
export class DataWatch implements StoryListener {
  readonly breaches: string[] = [];
  /** By symbol, in the order in which they came. */
  readonly trades = new Map<number, Taken[]>();
  gaps = 0;
  firstUs = Number.POSITIVE_INFINITY;
  lastUs = 0;
  #nowUs = 0;
  readonly #ageUsMax: number;
  readonly #heardUs = new Map<number, number>();
  readonly #gapsOf = new Map<number, number>();
  readonly #gapOwed = new Set<number>();
  #isAllOwed = false;
  readonly #heardSinceGap = new Set<number>();

  constructor(ageUsMax: number) {
    this.#ageUsMax = ageUsMax;
  }

  /** D11: the kernel's time never goes back, whatever a clock does. */
  tick(nowUs: number): void {
    if (nowUs < this.#nowUs) this.breaches.push(`D11: ${nowUs} came after ${this.#nowUs}`);
    this.#nowUs = nowUs;
  }

  event(batch: EventBatch, at: number, frameUs: number): void {
    const symbol = batch.symbol[at] ?? -1;
    const kind = batch.kind[at];
    if (kind === GAP) return this.#gap(symbol, batch.flags[at] ?? 0);
    this.#heardUs.set(symbol, frameUs);
    this.#heardSinceGap.add(symbol);
    this.#gapOwed.delete(symbol);
    if (kind !== TRADE) return;
    const us = batch.venueUs[at] ?? 0;
    const taken = this.trades.get(symbol) ?? [];
    taken.push({ id: tapeId(batch.c[at] ?? 0), us, gaps: this.#gapsBefore(symbol) });
    this.trades.set(symbol, taken);
    this.firstUs = Math.min(this.firstUs, us);
    this.lastUs = Math.max(this.lastUs, us);
  }

  fact(fact: { readonly kind: string }, nowUs: number): void {
    if (isSignal(fact)) this.#signalled(fact, nowUs);
  }

  /** Trades that the venue told and the kernel never saw, with no gap where they are missing. */
  holes(symbol: number, tape: readonly TapeTrade[]): readonly string[] {
    const taken = (this.trades.get(symbol) ?? []).toSorted((a, b) => a.us - b.us);
    const places = new Map(taken.map((trade, at) => [trade.id, at]));
    const found: string[] = [];
    let before: Taken | undefined;
    let missing: string[] = [];
    for (const { id, time } of tape) {
      const at = places.get(id);
      const trade = at === undefined ? undefined : taken[at];
      if (trade === undefined) {
        if (before !== undefined) missing.push(`${id} at ${time}`);
        continue;
      }
      const isUnmarked = missing.length > 0 && before?.gaps === trade.gaps;
      if (isUnmarked) {
        const around = `between ${before?.us} and ${trade.us}, after ${trade.gaps} gaps`;
        found.push(`I7: of ${symbol} lost ${missing.join(', ')} without a gap ${around}`);
      }
      missing = [];
      before = trade;
    }
    return found;
  }

  /** Trades that both sides have, so that a comparison cannot be of nothing. */
  known(symbol: number, tape: readonly TapeTrade[]): number {
    const ids = new Set(tape.map(({ id }) => id));
    return (this.trades.get(symbol) ?? []).filter(({ id }) => ids.has(id)).length;
  }

  #gap(symbol: number, channel: number): void {
    if (channel === CHANNEL_TRADES) {
      this.gaps += 1;
      if (symbol >= 0) this.#gapsOf.set(symbol, (this.#gapsOf.get(symbol) ?? 0) + 1);
    }
    if (symbol >= 0) {
      this.#gapOwed.add(symbol);
      return;
    }
    this.#isAllOwed = true;
    this.#heardSinceGap.clear();
  }

  #gapsBefore(symbol: number): number {
    // A gap of one symbol is counted in both, which tells two trades apart all the same.
    return this.gaps + (this.#gapsOf.get(symbol) ?? 0);
  }

  #signalled({ symbol, signalId, purpose }: Signal, nowUs: number): void {
    if (purpose !== 'entry') return;
    const ageUs = nowUs - (this.#heardUs.get(symbol) ?? 0);
    if (ageUs > this.#ageUsMax) this.breaches.push(`I7: ${signalId} on data ${ageUs} us old`);
    const isAcross =
      this.#gapOwed.has(symbol) || (this.#isAllOwed && !this.#heardSinceGap.has(symbol));
    if (isAcross) this.breaches.push(`I7: ${signalId} across a gap, with nothing heard since`);
  }
}

function isSignal(fact: { readonly kind: string }): fact is Signal & { readonly kind: string } {
  return fact.kind === 'signalled';
}
