import type { TurnObserver } from '../../../src/actors/runtime/sequencer.ts';
import type { Fact } from '../../../src/ports/fact.ts';
import type { Input } from '../../../src/ports/input.ts';
import type { TurnRecord } from '../../../src/ports/turn-record.ts';
import { factsOf } from './journal-story.ts';
import type { RequestWatch } from './request-watch.ts';
import { ScoreWitness } from './score-witness.ts';

type ServiceChanged = Extract<Input, { kind: 'serviceChanged' }>;

/** How long after a halt a request may still be on its way out: a kill switch has no more (H2). */
const HALT_MS_MAX = 100;

/** Hears every turn, and when by our own wall. */
export class Witness implements TurnObserver {
  readonly facts: Fact[] = [];
  readonly services: { readonly atMs: number; readonly input: ServiceChanged }[] = [];
  readonly answers = new Map<string, number>();
  readonly scores = new ScoreWitness();
  /** When trading was halted, and resumed, by turns. */
  readonly #halts: { readonly fromMs: number; untilMs: number }[] = [];
  readonly breaches: string[] = [];
  #isHalted = false;

  input(input: Input): void {
    if (input.kind === 'serviceChanged') this.services.push({ atMs: performance.now(), input });
    if (input.kind === 'answered') {
      this.scores.answered(input);
      const what = input.code ?? input.outcome;
      this.answers.set(what, (this.answers.get(what) ?? 0) + 1);
    }
  }

  turn(sequence: number, _nowUs: number, record: TurnRecord): void {
    this.scores.turn(sequence, record);
    for (const item of record.items) {
      if (item.type !== 'fact') continue;
      this.facts.push(item.fact);
      this.#hear(item.fact);
    }
  }

  /** I6 on the wire: entries that left after a halt. */
  entriesAfterHalt({ orders }: RequestWatch): readonly string[] {
    const entries = new Set<string>(
      factsOf(this.facts, 'intended')
        .filter(({ purpose }) => purpose === 'entry')
        .map(({ clientOrderId }) => clientOrderId),
    );
    return orders
      .filter(({ clientOrderId = '' }) => entries.has(clientOrderId))
      .filter(({ sentMs }) =>
        this.#halts.some(
          ({ fromMs, untilMs }) => sentMs > fromMs + HALT_MS_MAX && sentMs < untilMs,
        ),
      )
      .map(({ clientOrderId }) => `I6: ${clientOrderId} left after the halt`);
  }

  #hear(fact: Fact): void {
    if (fact.kind === 'tradingHalted' && !this.#isHalted) {
      this.#isHalted = true;
      this.#halts.push({ fromMs: performance.now(), untilMs: Number.POSITIVE_INFINITY });
    } else if (fact.kind === 'tradingResumed') {
      this.#isHalted = false;
      const last = this.#halts.at(-1);
      if (last !== undefined) last.untilMs = performance.now();
    } else if (fact.kind === 'intended' && fact.purpose === 'entry' && this.#isHalted) {
      this.breaches.push(`I6: ${fact.clientOrderId} was intended while halted`);
    }
  }
}
