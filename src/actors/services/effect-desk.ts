import type { Clock, Timer } from '../../ports/clock.ts';
import { EFFECT_TRAITS, type Requested } from '../../ports/effect.ts';
import type { EffectAnswer } from '../../ports/service.ts';
import { lost, mayWait, unsent } from './effect-rules.ts';
import type { LaneEntry, OrderLanes } from './order-lanes.ts';
import type { ServiceActor } from './service-actor.ts';
import { describeError, ServiceFault } from './service-fault.ts';
import type { Desk, Instance, Watch } from './service-life.ts';

/** An effect without its final answer. */
export interface OpenEffect extends LaneEntry {
  readonly requested: Requested;
  readonly deadlineMs: number;
  deadline: Timer | undefined;
  /** It may have left. */
  isSent: boolean;
}

export interface EffectDeskOptions {
  readonly service: ServiceActor;
  readonly clock: Clock;
  readonly lanes: OrderLanes<OpenEffect>;
  /** Gives the one answer; false if it has one. */
  answer(entry: OpenEffect, answer: EffectAnswer): boolean;
  /** Its deadline is over. */
  expire(entry: OpenEffect): void;
}

interface Running {
  readonly entry: OpenEffect;
  readonly instance: Instance;
  watch: Watch | undefined;
}

/** The effects of one service: those that wait for it, and those that it works on. */
export class EffectDesk implements Desk {
  readonly service: ServiceActor;
  /** The most at a time, under way and waiting. */
  takenMost = 0;
  readonly #options: EffectDeskOptions;
  /** In the order in which they came. */
  readonly #waiting = new Set<OpenEffect>();
  readonly #running = new Set<Running>();

  constructor(options: EffectDeskOptions) {
    this.#options = options;
    this.service = options.service;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  get inFlight(): number {
    return this.#running.size;
  }

  /** How many it may have. */
  get takenMax(): number {
    return 2 * this.service.definition.policy.inFlightMax;
  }

  /**
   * Why an effect is refused before it can leave; undefined where it is taken. As many again as
   * may be in flight have room to wait, but nothing that makes exposure takes it.
   */
  refusal({ effect: { kind } }: Requested): 'SERVICE_DOWN' | 'SERVICE_BUSY' | undefined {
    const { inFlightMax } = this.service.definition.policy;
    const { isUsable } = this.service;
    if (!isUsable && !mayWait(kind)) return 'SERVICE_DOWN';
    const takenMax = mayWait(kind) ? this.takenMax : inFlightMax;
    if (this.#running.size + this.#waiting.size < takenMax) return undefined;
    return isUsable ? 'SERVICE_BUSY' : 'SERVICE_DOWN';
  }

  /** Its provider answers without waiting for anything: nothing of it is ever under way. */
  get answersAtOnce(): boolean {
    return this.service.instance?.provider?.answer !== undefined;
  }

  /** The answer at once. One that throws is a crash, as a rejection is. */
  answer(requested: Requested): EffectAnswer {
    const { kind } = requested.effect;
    const { instance } = this.service;
    const provider = instance?.provider;
    if (instance === undefined || provider?.answer === undefined) {
      return unsent(kind, 'SERVICE_DOWN', 'never sent');
    }
    try {
      return provider.answer(requested);
    } catch (error) {
      this.service.fail(instance, error);
      return lost(kind, 'SERVICE_CRASHED', describeError(error));
    }
  }

  take(entry: OpenEffect): void {
    this.#waiting.add(entry);
    this.takenMost = Math.max(this.takenMost, this.#running.size + this.#waiting.size);
    this.service.wake();
  }

  /** It has its answer, so it never leaves. */
  drop(entry: OpenEffect): void {
    this.#waiting.delete(entry);
  }

  drain(): void {
    const { lanes, clock, expire } = this.#options;
    const { inFlightMax } = this.service.definition.policy;
    for (const entry of this.#waiting) {
      if (!this.service.isUsable || this.#running.size >= inFlightMax) return;
      if (!lanes.isNext(entry)) continue;
      // A late timer must not make it leave late.
      if (clock.wallMs() >= entry.deadlineMs) expire(entry);
      else this.#send(entry);
    }
  }

  lost(code: string, reason: string): void {
    const { answer } = this.#options;
    const running = [...this.#running];
    this.#running.clear(); // What still comes of it is a dead letter.
    for (const { entry, watch } of running) {
      watch?.end();
      answer(entry, lost(entry.requested.effect.kind, code, reason));
    }
    const isOver = code === 'SERVICE_STOPPED';
    for (const entry of this.#waiting) {
      const { kind } = entry.requested.effect;
      if (isOver || !mayWait(kind)) answer(entry, unsent(kind, 'SERVICE_DOWN', reason));
    }
  }

  #send(entry: OpenEffect): void {
    const { service } = this;
    const { instance } = service;
    if (instance === undefined) return;
    this.#waiting.delete(entry);
    entry.isSent = true;
    const running: Running = { entry, instance, watch: undefined };
    this.#running.add(running);
    const { requested } = entry;
    const { hungMs } = service.definition.policy;
    // Whoever asked is answered at the deadline; who is then still silent for long hangs.
    const hangsMs = EFFECT_TRAITS[requested.effect.kind].deadlineUs / 1_000 + hungMs;
    const what = `perform ${requested.effect.kind} ${requested.input}:${requested.index}`;
    running.watch = service.watch(what, hangsMs, () =>
      service.fail(instance, new ServiceFault('SERVICE_HUNG', `${what} never settled`)),
    );
    service.perform(requested).then(
      (answer) => this.#settled(running, answer, undefined),
      (error: unknown) => this.#settled(running, undefined, error),
    );
  }

  #settled(running: Running, result: EffectAnswer | undefined, error: unknown): void {
    const { entry, instance, watch } = running;
    const { service } = this;
    watch?.end();
    if (!this.#running.delete(running)) {
      service.deadLetters += 1;
      return;
    }
    const { kind } = entry.requested.effect;
    const answer = result ?? lost(kind, 'SERVICE_CRASHED', describeError(error));
    if (!this.#options.answer(entry, answer)) service.deadLetters += 1;
    if (result === undefined) service.fail(instance, error);
    else if (this.#waiting.size > 0) service.wake();
  }
}
