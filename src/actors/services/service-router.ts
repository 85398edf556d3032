import type { Clock, Timers } from '../../ports/clock.ts';
import { EFFECT_TRAITS, type EffectKind, type Requested } from '../../ports/effect.ts';
import type { Answer } from '../../ports/input.ts';
import type { EffectAnswer } from '../../ports/service.ts';
import type { EffectRouter } from '../runtime/sequencer.ts';
import { EffectDesk, type OpenEffect } from './effect-desk.ts';
import { late, ordersOf, unsent } from './effect-rules.ts';
import { OrderLanes } from './order-lanes.ts';
import type { ServiceActor } from './service-actor.ts';

export interface ServiceRouterOptions {
  /** The first that handles a kind has it. */
  readonly services: readonly ServiceActor[];
  readonly clock: Clock;
  readonly timers: Timers;
  /** Runs it in a later turn of the event loop: an answer never meets the turn that asked. */
  readonly defer: (run: () => void) => void;
  onAnswer(answer: Answer): void;
}

/** Gives every effect exactly one final answer, whatever becomes of the service that has it. */
export class ServiceRouter implements EffectRouter {
  /** Asked again while the first has no answer yet: one effect, one answer. */
  repeats = 0;
  readonly desks: readonly EffectDesk[];
  readonly #options: ServiceRouterOptions;
  /** Effects without their answer, and answers on their way: the most at a time. */
  openMost = 0;
  undeliveredMost = 0;
  /** Refused because too many were under way, by nobody's fault. */
  busy = 0;
  readonly #open = new Map<string, OpenEffect>();
  readonly #lanes = new OrderLanes<OpenEffect>();
  #due: Due[] = [];
  #isClosed = false;

  constructor(options: ServiceRouterOptions) {
    this.#options = options;
    this.desks = options.services.map(
      (service) =>
        new EffectDesk({
          service,
          clock: options.clock,
          lanes: this.#lanes,
          answer: (entry, answer) => this.#settle(entry, answer),
          expire: (entry) => this.#expire(entry),
        }),
    );
  }

  /** Effects that wait for their answer. */
  get open(): number {
    return this.#open.size;
  }

  /** Answers on their way to the kernel. */
  get undelivered(): number {
    return this.#due.length;
  }

  dispatch(requested: Requested): void {
    const { kind } = requested.effect;
    const desk = this.#deskOf(kind);
    if (desk === undefined) {
      // Nobody provides it here: said at once, so that every effect has its one answer.
      this.#say(requested, { outcome: 'failed', code: 'NO_SERVICE' });
    } else if (desk.answersAtOnce && !this.#isClosed) this.#dueBy(requested, desk);
    else if (this.#open.has(keyOf(requested))) this.repeats += 1;
    else this.#offer(requested, desk);
  }

  #offer(requested: Requested, desk: EffectDesk): void {
    const { kind } = requested.effect;
    const leftMs = this.#leftMs(requested);
    const refusal = this.#isClosed ? 'SERVICE_DOWN' : desk.refusal(requested);
    if (refusal === 'SERVICE_BUSY') this.busy += 1;
    if (leftMs <= 0) this.#say(requested, late(kind, false));
    else if (refusal !== undefined) this.#say(requested, unsent(kind, refusal, 'never sent'));
    else this.#take(requested, desk, leftMs);
  }

  withdraw(requested: Requested): void {
    const answer: EffectAnswer = { outcome: 'refused', code: 'WITHDRAWN' };
    const entry = this.#open.get(keyOf(requested));
    if (entry === undefined) {
      if (!this.#isOnItsWay(requested)) this.#say(requested, answer);
    } else if (!entry.isSent) this.#settle(entry, answer);
    // Else it is gone already, and what becomes of it is its answer.
  }

  /** From now on nothing is taken: what is open is answered as the services stop. */
  close(): void {
    this.#isClosed = true;
  }

  #isOnItsWay({ input, index }: Requested): boolean {
    return this.#due.some(
      ({ requested }) => requested.input === input && requested.index === index,
    );
  }

  #deskOf(kind: EffectKind): EffectDesk | undefined {
    return this.desks.find(({ service }) => service.definition.handles(kind));
  }

  /**
   * The deadline in wall time. What makes exposure has aged since it was decided, while it waited
   * for the disk; a cancel or a question is as good as when it was asked.
   */
  #leftMs({ requestedUs, effect: { kind } }: Requested): number {
    const { deadlineUs, makesExposure } = EFFECT_TRAITS[kind];
    const { clock } = this.#options;
    const ageUs = makesExposure ? Math.max(0, clock.nowUs() - requestedUs) / clock.speed : 0;
    return (deadlineUs - ageUs) / 1_000;
  }

  #take(requested: Requested, desk: EffectDesk, leftMs: number): void {
    const { clock, timers } = this.#options;
    const entry: OpenEffect = {
      requested,
      orders: ordersOf(requested.effect),
      makesExposure: EFFECT_TRAITS[requested.effect.kind].makesExposure,
      deadlineMs: clock.wallMs() + leftMs,
      deadline: undefined,
      isSent: false,
    };
    this.#open.set(keyOf(requested), entry);
    this.openMost = Math.max(this.openMost, this.#open.size);
    this.#lanes.add(entry);
    entry.deadline = timers.after(leftMs, () => this.#expire(entry));
    desk.take(entry);
  }

  #expire(entry: OpenEffect): void {
    this.#settle(entry, late(entry.requested.effect.kind, entry.isSent));
  }

  #settle(entry: OpenEffect, answer: EffectAnswer): boolean {
    const { requested } = entry;
    if (!this.#open.delete(keyOf(requested))) return false;
    entry.deadline?.cancel();
    this.#lanes.remove(entry);
    this.#deskOf(requested.effect.kind)?.drop(entry);
    // What waited behind it may go.
    for (const { waiting, service } of this.desks) if (waiting > 0) service.wake();
    this.#say(requested, answer);
    return true;
  }

  #say(requested: Requested, answer: EffectAnswer): void {
    this.#dueBy(requested, { answer: () => answer });
  }

  #dueBy(requested: Requested, by: Due['by']): void {
    this.#due.push({ requested, by });
    this.undeliveredMost = Math.max(this.undeliveredMost, this.#due.length);
    if (this.#due.length === 1) this.#options.defer(() => this.#deliver());
  }

  /** Each answer may be a turn that asks again: what is said meanwhile comes another time. */
  #deliver(): void {
    const due = this.#due;
    this.#due = [];
    for (const { requested, by } of due) {
      const { input, index } = requested;
      const answer = by.answer(requested);
      this.#options.onAnswer({
        kind: 'answered',
        effectInput: input,
        effectIndex: index,
        ...answer,
      });
    }
  }
}

/** An effect that has its answer, or a desk that gives it when it is delivered. */
interface Due {
  readonly requested: Requested;
  readonly by: { answer(requested: Requested): EffectAnswer };
}

function keyOf({ input, index }: Requested): string {
  return `${input}:${index}`;
}
