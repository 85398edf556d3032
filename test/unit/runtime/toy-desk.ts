import type { Kernel } from '../../../src/actors/runtime/kernel.ts';
import { Sequencer } from '../../../src/actors/runtime/sequencer.ts';
import { startHash } from '../../../src/actors/runtime/verify.ts';
import { EventBatch } from '../../../src/domain/market/event-batch.ts';
import type { EffectKind, Requested } from '../../../src/ports/effect.ts';
import type { Fact, FactKind } from '../../../src/ports/fact.ts';
import type { Answer, Input } from '../../../src/ports/input.ts';
import type { Journal } from '../../../src/ports/journal.ts';
import type { CrashPoint, TurnRecord } from '../../../src/ports/turn-record.ts';
import {
  addFrame,
  CONFIG,
  type KernelChoice,
  makeKernel,
  memoryJournal,
  type MemoryJournal,
  named,
  opened,
  START_US,
  type ToyEvent,
} from './toy-session.ts';

export interface DeskChoice extends KernelChoice {
  readonly symbols?: number;
  readonly journal?: Partial<Journal>;
}

/** The toys by hand: the test is the market, the world and the clock. */
export class ToyDesk {
  readonly kernel: Kernel;
  readonly sequencer: Sequencer;
  readonly journal: MemoryJournal;
  readonly requests: Requested[] = [];
  readonly #turns: TurnRecord[] = [];
  #turnsTaken = 0;

  constructor(choice: DeskChoice = {}) {
    this.kernel = makeKernel(choice);
    this.journal = memoryJournal(choice.journal);
    this.sequencer = new Sequencer({
      kernel: this.kernel,
      journal: this.journal,
      router: { dispatch: (requested) => this.requests.push(requested) },
      observers: [{ turn: (_input, _nowUs, record) => this.#turns.push(record) }],
      framesMax: 1,
      hash: startHash(CONFIG),
      sequence: 0,
    });
    this.sequencer.accept(opened(this.kernel, 1), START_US);
    for (let symbol = 0; symbol < (choice.symbols ?? 4); symbol += 1) this.input(named(symbol));
    this.#turnsTaken = this.#turns.length;
  }

  input(input: Input): void {
    this.sequencer.accept(input, this.kernel.nowUs);
  }

  /** One frame, a millisecond later. */
  frame(...events: readonly ToyEvent[]): void {
    this.frameAt(this.kernel.nowUs + 1_000, ...events);
  }

  frameAt(atUs: number, ...events: readonly ToyEvent[]): void {
    const batch = new EventBatch(64, 4);
    addFrame(batch, { atUs, events });
    this.sequencer.acceptMarket(batch, 0);
  }

  trade(symbol: number, price: number): void {
    this.frame({ symbol, price });
  }

  advance(byUs: number): void {
    this.sequencer.accept({ kind: 'timePassed' }, this.kernel.nowUs + byUs);
  }

  answer(requested: Requested, outcome: Answer['outcome'], words: Partial<Answer> = {}): void {
    const { input: effectInput, index: effectIndex } = requested;
    this.input({ kind: 'answered', effectInput, effectIndex, outcome, ...words });
  }

  /** Turns since this was last asked. */
  takeTurns(): readonly TurnRecord[] {
    const turns = this.#turns.slice(this.#turnsTaken);
    this.#turnsTaken = this.#turns.length;
    return turns;
  }

  /** Everything decided since the last question; of all kinds if none is named. */
  takeFacts(...kinds: readonly FactKind[]): readonly Fact[] {
    return factsOf(this.takeTurns()).filter(
      ({ kind }) => kinds.length === 0 || kinds.includes(kind),
    );
  }

  requestsOf(kind: EffectKind): readonly Requested[] {
    return this.requests.filter(({ effect }) => effect.kind === kind);
  }

  valueOf(place: number, row: number, column: number): number {
    const slot = this.kernel.slots[place];
    if (slot?.type !== 'family') throw new Error(`no family has place ${place}`);
    return slot.rows.values[slot.rows.at(row) + column] ?? Number.NaN;
  }
}

export function factsOf(turns: readonly TurnRecord[]): readonly Fact[] {
  return turns.flatMap(({ items }) =>
    items.flatMap((item) => (item.type === 'fact' ? [item.fact] : [])),
  );
}

export function crashesOf(turns: readonly TurnRecord[]): readonly CrashPoint[] {
  return turns.flatMap(({ crashes }) => crashes);
}
