import { assert } from '../../core/assert.ts';
import { type Effect, EFFECT_TRAITS, type EffectKind } from '../../ports/effect.ts';
import type { Fact } from '../../ports/fact.ts';
import type { TimerSet, TurnItem } from '../../ports/turn-record.ts';
import { HonouredCrash } from './honoured-crash.ts';
import type { Address, FamilyAddress, FamilyTurn } from './definition.ts';
import type { MessageQueue } from './message-queue.ts';
import type { OutstandingEffects } from './outstanding.ts';
import type { Slot } from './slot.ts';

/** Called at every place where a handler can be made to fail by a test or a demonstration. */
export type Probe = (
  site: 'entry' | 'send' | 'request' | 'schedule' | 'record',
  actor: string,
  row: number,
) => void;

/** Row of a message to a single actor, and of a sweep over a whole family. */
export const ACTOR = -1;
export const SWEEP = -2;

const NO_ITEMS: readonly TurnItem[] = [];

/**
 * One handling and the tails it appends to. Because handlings run one at a time, undoing one is
 * cutting the tails back to their lengths on entry: no buffers, no copies.
 */
export class Handling implements FamilyTurn {
  nowUs = 0;
  slot: Slot;
  row = ACTOR;
  items: TurnItem[] = [];
  timers: TimerSet[] = [];
  /** During recovery nothing is produced but what the journal has only the hash of. */
  isMuted = false;
  readonly #queue: MessageQueue;
  readonly #outstanding: OutstandingEffects;
  readonly #probe: Probe | undefined;
  #itemsMark = 0;
  #timersMark = 0;
  #queueMark = 0;

  constructor(
    slot: Slot,
    queue: MessageQueue,
    outstanding: OutstandingEffects,
    probe: Probe | undefined,
  ) {
    this.slot = slot;
    this.#queue = queue;
    this.#outstanding = outstanding;
    this.#probe = probe;
  }

  /** Notes the tails, counts the handling, and crashes it if it crashed when it was recorded. */
  enter(slot: Slot, row: number): void {
    this.slot = slot;
    this.row = row;
    this.#itemsMark = this.items.length;
    this.#timersMark = this.timers.length;
    this.#queueMark = this.#queue.tail;
    slot.ordinal += 1;
    if (slot.ordinal === slot.honoured) throw new HonouredCrash();
    this.#probe?.('entry', slot.definition.name, row);
  }

  get hasItems(): boolean {
    return this.items.length > this.#itemsMark;
  }

  /** Takes out what this handling appended, for the kernel to put back in its final order. */
  takeItems(): readonly TurnItem[] {
    return this.hasItems ? this.items.splice(this.#itemsMark) : NO_ITEMS;
  }

  /** Takes out all effects of the turn so far that make exposure. */
  takeExposure(): readonly Effect[] {
    const taken: Effect[] = [];
    this.items = this.items.filter((item) => {
      if (item.type !== 'effect' || !EFFECT_TRAITS[item.effect.kind].makesExposure) return true;
      taken.push(item.effect);
      return false;
    });
    return taken;
  }

  /** As if the message had never come. */
  undo(): void {
    this.items.length = this.#itemsMark;
    this.timers.length = this.#timersMark;
    this.#queue.cut(this.#queueMark);
    if (this.slot.type === 'family' && this.row >= 0) this.slot.rows.restore(this.row);
  }

  send<Message>(to: Address<Message>, message: Message): void {
    this.#probe?.('send', this.slot.definition.name, this.row);
    this.#queue.push(to, ACTOR, message);
  }

  sendRow<RowMessage>(to: FamilyAddress<RowMessage>, row: number, message: RowMessage): void {
    this.#probe?.('send', this.slot.definition.name, this.row);
    this.#queue.push(to, row, message);
  }

  record(fact: Fact): void {
    this.#probe?.('record', this.slot.definition.name, this.row);
    if (!this.isMuted) this.items.push({ type: 'fact', actor: this.slot.place, fact });
  }

  request(effect: Effect): void {
    this.#probe?.('request', this.slot.definition.name, this.row);
    if (this.isMuted && EFFECT_TRAITS[effect.kind].journaled === 'whole') return;
    const requestedUs = this.nowUs;
    this.items.push({ type: 'effect', actor: this.slot.place, requestedUs, effect });
  }

  schedule(dueUs: number, tag: string, key: number): void {
    this.#probe?.('schedule', this.slot.definition.name, this.row);
    assert(Number.isSafeInteger(dueUs), 'a timer is due at a whole microsecond');
    if (!this.isMuted) this.timers.push({ actor: this.slot.place, dueUs, tag, key });
  }

  /** A timer that nobody may hear now comes again later. */
  defer(timer: TimerSet, dueUs: number): void {
    if (!this.isMuted) this.timers.push({ ...timer, dueUs });
  }

  outstanding(kind: EffectKind): number {
    return this.#outstanding.of(this.slot.place, kind);
  }
}
