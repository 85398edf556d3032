import { assert, InvariantError, present } from '../../core/assert.ts';
import type { EventBatch } from '../../domain/market/event-batch.ts';
import { type Effect, EFFECT_TRAITS } from '../../ports/effect.ts';
import type { Fact } from '../../ports/fact.ts';
import type { Input, InputKind } from '../../ports/input.ts';
import type { CrashPoint, TurnRecord } from '../../ports/turn-record.ts';
import type { Applied, AppliedKind } from './definition.ts';
import { textOf } from './crash-text.ts';
import { crashOf } from './honoured-crash.ts';
import { ACTOR, Handling, type Probe, SWEEP } from './handling.ts';
import { MessageQueue } from './message-queue.ts';
import { OutstandingEffects } from './outstanding.ts';
import { type AnyDefinition, type FamilySlot, isOut, resetRow, type Slot, slotOf } from './slot.ts';
import {
  liftedBy,
  liftKey,
  ROWS_MAX,
  ROWS_OUT_MAX,
  rowsOut,
  type Step,
  Supervision,
} from './supervision.ts';
import { Timers } from './timers.ts';

/** What follows from failures is trading policy, so the composition of the kernel decides it. */
export interface FailurePolicy {
  /**
   * Facts that undo the dropped effects and halt the account. Asked again in the same turn if what
   * was already under way asks for more exposure after the failure.
   */
  orderPathFailed(actor: string, code: string, dropped: readonly Effect[]): readonly Fact[];
  /** Facts for a step of the ladder past quarantine. */
  escalated(step: 'noEntries' | 'stop', actor: string, code: string): readonly Fact[];
}

export interface KernelOptions {
  readonly definitions: readonly AnyDefinition[];
  readonly rowsMax: number;
  readonly messagesMax: number;
  readonly policy: FailurePolicy;
  readonly probe?: Probe | undefined;
}

/** The runtime's own place in the tables of timers and facts. */
export const SUPERVISOR = 255;

/**
 * Runs actors: one input at a time, every message it causes first in first out, until none is
 * left. Synchronous, single-threaded, without a clock.
 *
 * The unit of atomicity is one handling. Its outputs go to tails whose lengths were noted on
 * entry; a throw cuts them back, so the failed handling sent nothing, asked nothing and recorded
 * nothing, and the row it touched is put back.
 */
export class Kernel {
  readonly slots: readonly Slot[];
  readonly timers = new Timers();
  readonly outstanding = new OutstandingEffects();
  nowUs = 0;
  /** Messages for actors and rows that were out: dropped, and counted. */
  deadLetters = 0;
  /** After a recovery: an input whose turn the journal does not hold, to be taken once more. */
  untaken: { readonly input: Input; readonly nowUs: number } | undefined;
  readonly #options: KernelOptions;
  readonly #queue: MessageQueue;
  readonly supervision = new Supervision();
  readonly #listeners = new Map<AppliedKind, Slot[]>();
  readonly #hearers = new Map<InputKind, Slot[]>();
  readonly #families: readonly FamilySlot[];
  readonly #handling: Handling;
  #crashes: CrashPoint[] = [];
  #unsupervised: { slot: Slot; row: number; code: string; message: string }[] = [];
  #honoured: readonly CrashPoint[] = [];
  #failedPath: { readonly slot: Slot; readonly code: string } | undefined;

  constructor(options: KernelOptions) {
    this.#options = options;
    this.#queue = new MessageQueue(options.messagesMax);
    assert(options.definitions.length < SUPERVISOR, 'actors have places below the supervisor');
    assert(options.rowsMax <= ROWS_MAX, `a family has at most ${ROWS_MAX} rows`);
    this.slots = options.definitions.map((definition, place) =>
      slotOf(definition, place, options.rowsMax),
    );
    const first = present(this.slots[0], 'at least one actor');
    this.#handling = new Handling(first, this.#queue, this.outstanding, options.probe);
    this.#families = this.slots.filter((slot) => slot.type === 'family');
    for (const slot of this.slots) {
      for (const kind of slot.definition.applies)
        this.#listeners.set(kind, [...(this.#listeners.get(kind) ?? []), slot]);
      for (const kind of slot.definition.hears)
        this.#hearers.set(kind, [...(this.#hearers.get(kind) ?? []), slot]);
    }
  }

  /** True once the turn has made anything that has to be recorded: the turn should end. */
  get hasProduced(): boolean {
    const { items, timers } = this.#handling;
    return items.length > 0 || timers.length > 0 || this.#crashes.length > 0;
  }

  beginTurn(honoured: readonly CrashPoint[] = []): void {
    this.#honoured = honoured;
    this.#failedPath = undefined;
    for (const slot of this.slots) {
      slot.ordinal = 0;
      slot.honoured = -1;
    }
    for (const crash of honoured) {
      const slot = present(this.slots[crash.actor], 'the actor of a recorded crash');
      if (slot.honoured === -1 || crash.ordinal < slot.honoured) slot.honoured = crash.ordinal;
    }
  }

  /** Ends the turn and hands over what it produced. */
  endTurn(): TurnRecord {
    if (!this.hasProduced) return QUIET; // Never the tails, which the next turn fills.
    const handling = this.#handling;
    for (const timer of handling.timers) this.timers.add(timer);
    const record = { items: handling.items, timers: handling.timers, crashes: this.#crashes };
    handling.items = [];
    handling.timers = [];
    this.#crashes = [];
    return record;
  }

  deliverInput(input: Input, nowUs: number): void {
    this.#setNow(nowUs);
    if (input.kind === 'symbolNamed') this.growRows(input.symbol);
    if (input.kind === 'timePassed') this.#fireTimers();
    if (input.kind === 'answered') {
      const asked = this.outstanding.settle(input.effectInput, input.effectIndex);
      const slot = asked === undefined ? undefined : this.slots[asked.actor];
      // A reply hands the effect back, which a recovery cannot do of one kept only as a hash.
      if (
        asked !== undefined &&
        slot !== undefined &&
        EFFECT_TRAITS[asked.effect.kind].journaled === 'whole'
      ) {
        const message = { kind: 'replied', effect: asked.effect, answer: input };
        this.#queue.push(slot.place, slot.type === 'actor' ? ACTOR : SWEEP, message);
      }
    }
    this.#applyAll(input);
    for (const slot of this.#hearers.get(input.kind) ?? []) {
      this.#queue.push(slot.place, slot.type === 'actor' ? ACTOR : SWEEP, input);
    }
    this.#drain();
    this.#supervise();
  }

  /** A frame is handled when it was received, or when time has come further. */
  deliverFrame(batch: EventBatch, frame: number): void {
    // Read here: handed on, a time would be one on the heap for every frame.
    const begin = batch.frameBegin(frame);
    const end = batch.frameEnd[frame] ?? begin;
    this.#setNow(Math.max(batch.frameUs[frame] ?? 0, this.nowUs));
    for (const family of this.#families) {
      if (family.definition.receiveEvent !== undefined) {
        this.#runEvents(family, batch, begin, end);
      }
    }
    this.#drain();
    if (this.#unsupervised.length > 0) this.#supervise();
  }

  /**
   * Recovery: what families learn from events is learned again, what actors decided is not decided
   * again. Between `true` and `false`, handlers of actors do not run and nothing is produced.
   */
  rewarm(isOn: boolean): void {
    this.#handling.isMuted = isOn;
  }

  /** Recovery: one recorded fact takes effect, as it did when it was decided. */
  applyRecorded(fact: Fact, nowUs: number): void {
    this.#setNow(nowUs);
    this.#applySystem(fact);
    this.#applyAll(fact);
  }

  /** Every family has a row for every symbol up to this one. */
  growRows(row: number): void {
    for (const family of this.#families) {
      const { rows } = family;
      for (let fresh = rows.grow(row); fresh < rows.rows; fresh += 1) resetRow(family, fresh);
    }
  }

  #setNow(nowUs: number): void {
    assert(nowUs >= this.nowUs, 'time does not go back');
    this.nowUs = nowUs;
    this.#handling.nowUs = nowUs;
    // A limit of the frame, not of the turn, so that grouping frames never meets it earlier.
    this.#queue.beginCount();
  }

  #fireTimers(): void {
    for (let due = this.timers.take(this.nowUs); due; due = this.timers.take(this.nowUs)) {
      if (due.actor === SUPERVISOR) {
        this.#lift(due.key);
        continue;
      }
      const slot = this.slots[due.actor];
      if (slot === undefined) continue; // An actor of an earlier build.
      if (slot.isOut) {
        // A chain of timers would end here; it goes on once the actor is back.
        this.#handling.defer(due, this.nowUs + slot.definition.restart.quarantineUs);
        continue;
      }
      const message = { kind: 'timer', tag: due.tag, key: due.key };
      this.#queue.push(slot.place, slot.type === 'actor' ? ACTOR : SWEEP, message);
      this.#drain();
    }
  }

  #runEvents(family: FamilySlot, batch: EventBatch, begin: number, end: number): void {
    let index = begin;
    while (index < end) {
      try {
        for (; index < end; index += 1) {
          const symbol = batch.symbol[index] ?? ACTOR;
          if (symbol >= 0) this.#runEvent(family, symbol, batch, index);
          else this.#runForAllRows(family, batch, index);
        }
      } catch (error) {
        this.#failed(error);
        index += 1;
      }
    }
  }

  /** A row that fails must not keep the event from the rows after it. */
  #runForAllRows(family: FamilySlot, batch: EventBatch, index: number): void {
    let row = 0;
    while (row < family.rows.rows) {
      try {
        for (; row < family.rows.rows; row += 1) this.#runEvent(family, row, batch, index);
      } catch (error) {
        this.#failed(error);
        row += 1;
      }
    }
  }

  #runEvent(family: FamilySlot, row: number, batch: EventBatch, index: number): void {
    if (family.outRows[row] === 1 || family.isOut) {
      this.deadLetters += 1;
      return;
    }
    assert(row < family.rows.rows, 'a symbol is named before its first event');
    // Kept before entering: a crash on entry restores the row too.
    family.rows.keep(row);
    this.#handling.enter(family, row);
    family.definition.receiveEvent?.(family.rows, row, batch, index, this.#handling);
    if (this.#handling.hasItems) this.#commit(NOTHING);
  }

  #drain(): void {
    const queue = this.#queue;
    for (;;) {
      try {
        while (queue.next()) {
          const slot = present(this.slots[queue.target], 'the actor a message goes to');
          this.#handle(slot, queue.row, queue.message);
        }
        return;
      } catch (error) {
        this.#failed(error);
      }
    }
  }

  #handle(slot: Slot, row: number, message: unknown): void {
    if (slot.type === 'actor' && this.#handling.isMuted) return;
    if (slot.isOut || isOut(slot, row)) {
      this.deadLetters += 1;
      return;
    }
    if (slot.type === 'family' && row >= 0) {
      assert(row < slot.rows.rows, 'a message goes to a row that is named');
      slot.rows.keep(row);
    }
    this.#handling.enter(slot, row);
    if (slot.type === 'actor') {
      this.#commit(slot.definition.decide(slot.state, message, this.#handling));
      return;
    }
    if (row >= 0) slot.definition.receiveRow?.(slot.rows, row, message, this.#handling);
    else slot.definition.sweep?.(slot.rows, message, this.#handling);
    this.#commit(NOTHING);
  }

  /** The handling returned: its facts stand and take effect. Facts come before effects. */
  #commit(decided: readonly Fact[]): void {
    const { place } = this.#handling.slot;
    const appended = this.#handling.takeItems();
    for (const item of appended) if (item.type === 'fact') this.#record(place, item.fact);
    for (const fact of decided) this.#record(place, fact);
    for (const item of appended) if (item.type !== 'fact') this.#handling.items.push(item);
    if (this.#failedPath) this.#dropExposure(this.#failedPath.slot, this.#failedPath.code, false);
  }

  #record(actor: number, fact: Fact): void {
    if (this.#handling.isMuted) return;
    this.#handling.items.push({ type: 'fact', actor, fact });
    this.#applyAll(fact);
  }

  #applyAll(applied: Applied): void {
    for (const slot of this.#listeners.get(applied.kind) ?? []) {
      try {
        if (slot.type === 'actor') slot.definition.apply(slot.state, applied);
        else slot.definition.apply(slot.rows, applied);
      } catch (error) {
        // `apply` is total: a throw means state and journal may differ, so nothing may go on.
        const name = slot.definition.name;
        throw new InvariantError(`${name} failed to apply ${applied.kind}: ${textOf(error)}`);
      }
    }
  }

  /** Undoes the handling in progress and notes the crash. */
  #failed(error: unknown): void {
    if (error instanceof InvariantError) throw error;
    const { slot, row } = this.#handling;
    this.#handling.undo();
    const { code, message } = crashOf(error, slot, this.#honoured);
    if (this.#handling.isMuted) return;
    this.#crashes.push({ actor: slot.place, ordinal: slot.ordinal, code, message });
    this.#unsupervised.push({ slot, row, code, message });
    if (slot.type === 'actor' && slot.definition.isOrderPath) {
      this.#failedPath ??= { slot, code };
      this.#dropExposure(slot, code, true);
    }
  }

  /**
   * The order path is one failure unit: what this turn wanted to send that makes exposure stays
   * here, also what was under way when it failed.
   */
  #dropExposure({ definition, place }: Slot, code: string, isFailing: boolean): void {
    const dropped = this.#handling.takeExposure();
    if (dropped.length === 0 && !isFailing) return;
    for (const fact of this.#options.policy.orderPathFailed(definition.name, code, dropped)) {
      this.#record(place, fact);
    }
  }

  /** After the frame: crashes become facts, and budgets are held. */
  #supervise(): void {
    const crashes = this.#unsupervised;
    if (crashes.length === 0) return;
    this.#unsupervised = [];
    for (const { slot, row, code, message } of crashes) {
      const actor = slot.definition.name;
      const fact: Fact = { kind: 'crashed', actor, row, code, message };
      this.#record(SUPERVISOR, fact);
      this.#follow(slot, row, code, this.#applySystem(fact));
    }
  }

  #follow(slot: Slot, row: number, code: string, step: Step): void {
    const { name, restart } = slot.definition;
    if (step === 'again') return;
    if (step !== 'quarantine') {
      for (const fact of this.#options.policy.escalated(step, name, code)) {
        this.#record(SUPERVISOR, fact);
      }
      return;
    }
    if (isOut(slot, row)) return;
    const untilUs = this.nowUs + restart.quarantineUs;
    const fact: Fact = { kind: 'quarantined', actor: name, row, untilUs };
    this.#record(SUPERVISOR, fact);
    this.#applySystem(fact);
    const key = liftKey(slot.place, row);
    this.#handling.timers.push({ actor: SUPERVISOR, dueUs: untilUs, tag: 'lift', key });
    if (row >= 0 && rowsOut(slot) === ROWS_OUT_MAX) {
      this.#follow(slot, ACTOR, 'ROWS_OUT', 'noEntries');
    }
  }

  /** Also during recovery: what the row hears later in this turn it heard as a row that is back. */
  #lift(key: number): void {
    const { place, row } = liftedBy(key);
    const slot = this.slots[place];
    if (slot === undefined) return;
    const fact: Fact = { kind: 'lifted', actor: slot.definition.name, row };
    this.#record(SUPERVISOR, fact);
    this.#applySystem(fact);
  }

  /** The runtime's own state follows from facts too, live and on recovery alike. */
  #applySystem(fact: Fact): Step {
    return this.supervision.apply(fact, this.slots, this.nowUs);
  }
}

const NOTHING: readonly Fact[] = [];
const QUIET: TurnRecord = { items: [], timers: [], crashes: [] };
