import { EXECUTION } from '../../../src/actors/kernel/actor-table.ts';
import type { ClientOrderId } from '../../../src/core/ids.ts';
import { SECOND } from '../../../src/core/time.ts';
import type { OrderIntent } from '../../../src/domain/orders/intent.ts';
import { isSettled, mayBecome } from '../../../src/domain/orders/machine.ts';
import type { OrderReport } from '../../../src/domain/orders/report.ts';
import type { Standing } from '../../../src/domain/orders/standing.ts';
import type { Effect, Requested } from '../../../src/ports/effect.ts';
import type { Fact } from '../../../src/ports/fact.ts';
import type { AnswerWords, KernelHarness } from '../../kernel-harness.ts';
import { FakeVenue, filledOf } from './fake-venue.ts';
import { approval, done, NOT_FOUND, orderPath, refused, TIMES, update } from './orders-fixture.ts';
import type { Edge } from './words.ts';

/** What our facts say of an order, kept by somebody who has never seen the order path. */
interface Told {
  readonly intent: OrderIntent;
  standing: Standing;
  filled: number;
  releases: number;
  submissions: number;
  unknownUs: number;
  /** What the venue counted as filled in anything we have heard. */
  counted: number;
}

/** The order path, the venue, and everything between them that can go wrong. */
export class OrderLife {
  readonly venue = new FakeVenue();
  harness: KernelHarness = orderPath();
  readonly told = new Map<ClientOrderId, Told>();
  readonly edges = new Set<Edge>();
  readonly faults: string[] = [];
  /** Requests that are on their way although nobody waits for them any more. */
  readonly late: OrderIntent[] = [];
  readonly #heard: OrderReport[] = [];
  readonly #executions = new Set<string>();
  #isHalted = false;
  #approved = 0;

  approve(terms: (sequence: number) => OrderIntent): void {
    const intent = terms(this.#approved);
    this.#approved += 1;
    this.harness.tell(EXECUTION, approval(intent));
    this.audit();
  }

  /** One answer of the venue, or the lack of one. */
  answer(requested: Requested, words: AnswerWords): void {
    this.#count(words.order);
    this.harness.answer(requested, words);
    this.audit();
  }

  /** Delivers what waits on the stream at a place; or repeats what was delivered. */
  deliver(at: number, isRepeated: boolean): void {
    const { stream } = this.venue;
    if (isRepeated) {
      const repeated = this.#heard[at % Math.max(1, this.#heard.length)];
      if (repeated !== undefined) this.#update(repeated);
      return;
    }
    const [report] = stream.splice(at % Math.max(1, stream.length), 1);
    if (report === undefined) return;
    this.#heard.push(report);
    this.#update(report);
  }

  lose(at: number): void {
    const { stream } = this.venue;
    stream.splice(at % Math.max(1, stream.length), 1);
  }

  cancelAll(entriesOnly: boolean): void {
    this.harness.tell(EXECUTION, { kind: 'cancelAllWanted', entriesOnly, reason: 'TEST' });
    this.audit();
  }

  record(fact: Fact): void {
    this.harness.record(fact);
    this.#isHalted = fact.kind === 'tradingHalted';
    this.audit();
  }

  advance(us: number): void {
    this.harness.advance(us);
    this.audit();
  }

  /** The process dies and starts anew; of what was under way nobody knows what became. */
  restart(): void {
    const condensed = JSON.stringify(this.harness.condensed(EXECUTION));
    this.harness = this.harness.restarted();
    if (JSON.stringify(this.harness.condensed(EXECUTION)) !== condensed) {
      this.faults.push('I10: recovery made another state');
    }
    for (const requested of this.harness.pending('submitOrder')) {
      const { effect } = requested;
      if (effect.kind === 'submitOrder') this.#leave(effect);
      this.answer(requested, { outcome: 'unknown', code: 'CRASHED' });
    }
  }

  /** Submits as the venue would see it, or not. */
  submit(effect: Extract<Effect, { kind: 'submitOrder' }>): AnswerWords {
    const told = this.told.get(effect.clientOrderId);
    if (told === undefined) throw new Error('an order was sent that was never recorded');
    if (!this.venue.take(told.intent)) return refused('DUPLICATE_CLIENT_ORDER_ID');
    return done(this.venue.snapshot(effect.clientOrderId));
  }

  /** The request is on its way, and its answer will never come. */
  #leave({ clientOrderId }: Extract<Effect, { kind: 'submitOrder' }>): void {
    const told = this.told.get(clientOrderId);
    if (told !== undefined) this.late.push(told.intent);
  }

  leave(effect: Extract<Effect, { kind: 'submitOrder' }>): AnswerWords {
    this.#leave(effect);
    return { outcome: 'unknown', code: 'DEADLINE' };
  }

  enquire(clientOrderId: ClientOrderId): AnswerWords {
    const snapshot = this.venue.snapshot(clientOrderId);
    return snapshot === undefined ? NOT_FOUND : done(snapshot);
  }

  /** The venue may say that it is at it, or nothing (venues.md 4.4). */
  cancel(clientOrderId: ClientOrderId, isSilent = true): AnswerWords {
    const snapshot = this.venue.snapshot(clientOrderId);
    if (snapshot === undefined) return NOT_FOUND;
    if (!this.venue.isOpen(clientOrderId)) return refused('ORDER_NOT_CANCELABLE');
    this.venue.end(clientOrderId, 'canceled');
    if (isSilent) return done();
    return done({ ...snapshot, event: 'pendingCancel', status: 'pendingCancel', executions: [] });
  }

  /** The faults are over: everything is answered truly and the stream has no gaps. */
  heal(forUs: number): void {
    this.late.length = 0;
    this.venue.stream.length = 0;
    for (const id of this.venue.orders.keys()) {
      const snapshot = this.venue.snapshot(id);
      // The list of orders, as after any gap of the stream: it holds sums and no executions.
      if (snapshot !== undefined && this.told.has(id))
        this.#update({ ...snapshot, executions: [] });
    }
    for (let passed = 0; passed < forUs; passed += SECOND) {
      while (this.venue.stream.length > 0) this.deliver(0, false);
      for (const requested of this.harness.pending())
        this.answer(requested, this.#truly(requested));
      this.advance(SECOND);
    }
  }

  #truly({ effect }: Requested): AnswerWords {
    switch (effect.kind) {
      case 'submitOrder':
        return this.submit(effect);
      case 'cancelOrder':
        return this.cancel(effect.clientOrderId);
      case 'enquireOrder':
        return this.enquire(effect.clientOrderId);
      default:
        return { outcome: 'done' };
    }
  }

  /** Are our books the venue's? Only where everything is over can they be asked to be equal. */
  compare(): void {
    for (const id of this.venue.orders.keys()) {
      if (!this.told.has(id)) this.faults.push(`I3: ${id} is at the venue and not in our books`);
    }
    for (const [id, told] of this.told) {
      const truth = this.venue.orders.get(id);
      const filled = truth === undefined ? 0 : filledOf(truth);
      if (told.filled !== filled) this.faults.push(`I3: ${id} ${told.filled}, truly ${filled}`);
      const isOpen = this.venue.isOpen(id);
      if (isSettled(told.standing) === isOpen) {
        this.faults.push(`liveness: ${id} ${told.standing}, truly ${truth?.status}`);
      }
      if (isOpen && (told.intent.type === 'limit' || told.intent.purpose === 'entry')) {
        this.faults.push(`${id} rests although its time is over`);
      }
      const isGivenBack = told.releases === 1 || (isOpen && told.releases === 0);
      if (!isGivenBack) this.faults.push(`${id} was released ${told.releases} times`);
    }
  }

  #count(report: OrderReport | undefined): void {
    const told = report === undefined ? undefined : this.told.get(report.clientOrderId);
    if (told === undefined || report === undefined) return;
    told.counted = Math.max(told.counted, report.filledQuantity);
  }

  #update(report: OrderReport): void {
    this.#count(report);
    update(this.harness, report);
    this.audit();
  }

  /** I1, I4, I5, I6: after every single step, by the facts and effects alone. */
  audit(): void {
    for (const fact of this.harness.takeFacts()) this.#hear(fact);
    for (const { effect } of this.harness.takeEffects()) {
      if (effect.kind !== 'submitOrder') continue;
      const told = this.told.get(effect.clientOrderId);
      if (told === undefined) {
        this.faults.push(`I2: ${effect.clientOrderId} was sent before it was recorded`);
        continue;
      }
      told.submissions += 1;
      if (told.submissions > 1) this.faults.push(`I1: ${effect.clientOrderId} was sent twice`);
      if (this.#isHalted && told.intent.purpose === 'entry') {
        this.faults.push(`I6: ${effect.clientOrderId} was sent while halted`);
      }
    }
  }

  #hear(fact: Fact): void {
    if (fact.kind === 'intended') {
      const { kind: _, ...intent } = fact;
      const fresh = { filled: 0, releases: 0, submissions: 0, unknownUs: 0, counted: 0 };
      this.told.set(intent.clientOrderId, { intent, standing: 'intended', ...fresh });
    }
    if (fact.kind !== 'stood' && fact.kind !== 'filled' && fact.kind !== 'released') return;
    const told = this.told.get(fact.clientOrderId);
    if (told === undefined) {
      this.faults.push(`${fact.kind} of ${fact.clientOrderId}, which was never intended`);
    } else if (fact.kind === 'stood') this.#stood(told, fact);
    else if (fact.kind === 'released') this.#released(told);
    else this.#filled(told, fact);
  }

  #stood(told: Told, { standing, atUs }: Extract<Fact, { kind: 'stood' }>): void {
    const edge: Edge = `${told.standing}>${standing}`;
    if (!mayBecome(told.standing, standing)) this.faults.push(`I4: ${edge}`);
    this.edges.add(edge);
    told.standing = standing;
    if (standing === 'unknown') told.unknownUs = atUs;
    if (standing === 'notPlaced' && atUs < told.unknownUs + TIMES.settlingUs) {
      this.faults.push(`B12: ${told.intent.clientOrderId} was given up too early`);
    }
  }

  #released(told: Told): void {
    told.releases += 1;
    const { clientOrderId } = told.intent;
    if (!isSettled(told.standing)) this.faults.push(`${clientOrderId} was released while open`);
    if (told.filled < told.counted) {
      this.faults.push(`${clientOrderId} was released before all of it was booked`);
    }
  }

  #filled(told: Told, { execution, clientOrderId }: Extract<Fact, { kind: 'filled' }>): void {
    const { executionId, quantity } = execution;
    if (this.#executions.has(executionId)) this.faults.push(`I5: ${executionId} was booked twice`);
    this.#executions.add(executionId);
    const truth = this.venue.orders.get(clientOrderId)?.executions ?? [];
    if (!truth.some((one) => one.executionId === executionId)) {
      this.faults.push(`${executionId} of ${clientOrderId} never happened`);
    }
    told.filled += quantity;
    if (told.filled > told.intent.quantity) this.faults.push(`I4: ${clientOrderId} is overfilled`);
  }
}
