import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { WebSocket } from 'ws';
import type { Requested } from '../../src/ports/effect.ts';
import type { Figures } from '../harness/suite.ts';
import { Samples } from '../harness/percentiles.ts';
import type { BenchLive } from './live-session.ts';
import { SentOrders } from './sent-orders.ts';

/** What makes the orders that are timed: a frame of the market, or a model's scores. */
export type Path = 'rule' | 'model';

const SAMPLES_MAX = 100_000;
const TURNS_KEPT = 10_000;

/** A turn that decided something. */
interface Turn {
  /** Its message came from the socket; NaN where none did. */
  readonly receivedMs: number;
  readonly beginMs: number;
  readonly encodedMs: number;
}

/**
 * The ends of each way, with a clock beside; nothing else is replaced. The ways of one path are
 * never mixed with those of the other.
 */
export class LiveClocks {
  /** From the message of the socket to the sequencer: decoding, and what waited before it. */
  readonly received = new Samples(SAMPLES_MAX);
  /** From the question to the service to its scores before the kernel. */
  readonly inference = new Samples(SAMPLES_MAX);
  readonly decision = new Samples(SAMPLES_MAX);
  readonly durable = new Samples(SAMPLES_MAX);
  readonly wire = new Samples(SAMPLES_MAX);
  /** From the message of the socket to the last byte of the order's request. */
  readonly sent = new Samples(SAMPLES_MAX);
  /** From the message of the socket to the venue's answer before the kernel. */
  readonly answer = new Samples(SAMPLES_MAX);
  readonly floor = new Samples(SAMPLES_MAX);
  readonly bareRequest = new Samples(SAMPLES_MAX);
  /** Turns that made an order: some make several, and each is later than the one before. */
  readonly orderTurns = new Set<number>();
  readonly #path: Path;
  readonly #sentOrders = new SentOrders((id) => this.#left(id));
  /** When the messages came whose frames wait for their turn. */
  readonly #waiting: number[] = [];
  #messageMs = Number.NaN;
  #receivedMs = Number.NaN;
  /** Where the turn that runs began; NaN outside of one of the path. */
  #beginMs = Number.NaN;
  #sequenceOf: () => number = () => 0;
  /** By the number of its input. What makes no order is forgotten when the next ones come. */
  readonly #turns = new Map<number, Turn>();
  readonly #unanswered = new Map<string, Turn>();
  readonly #unsent = new Map<string, number>();
  readonly #asked = new Map<string, number>();

  constructor(path: Path) {
    this.#path = path;
  }

  /** A moment of a turn. */
  readonly fault = (point: string): void => {
    // The turn's record is the last one, and its input the one before.
    if (point === 'turnAppended') this.#encoded(this.#sequenceOf() - 1);
  };

  /** Answers how to take them away. */
  stand(live: BenchLive): () => void {
    this.#sequenceOf = () => live.session.sequencer.sequence;
    this.#standAtTurns(live);
    this.#standAtServices(live);
    const emit = Reflect.get(WebSocket.prototype, 'emit');
    const noted = (name: unknown): void => {
      if (name === 'message') this.#messageMs = performance.now();
    };
    Reflect.set(WebSocket.prototype, 'emit', function (this: WebSocket, ...args: unknown[]) {
      noted(args[0]);
      return Reflect.apply(emit, this, args);
    });
    const { created, bodySent } = this.#sentOrders;
    subscribe('undici:request:create', created);
    subscribe('undici:request:bodySent', bodySent);
    return () => {
      Reflect.set(WebSocket.prototype, 'emit', emit);
      unsubscribe('undici:request:create', created);
      unsubscribe('undici:request:bodySent', bodySent);
    };
  }

  figures(): Figures {
    const { received, inference, decision, durable, wire, sent, answer, floor, bareRequest } = this;
    const named =
      this.#path === 'rule'
        ? { received, decision, durable, wire, sent, answer }
        : { inference, decision, durable, wire };
    const all = Object.entries({ ...named, floor, bareRequest });
    return Object.assign({}, ...all.map(([name, samples]) => samples.figures(name)));
  }

  #standAtTurns({ session }: BenchLive): void {
    const { sequencer, driver } = session;
    const take = driver.take.bind(driver);
    driver.take = (batch) => {
      for (let frame = 0; frame < batch.frames; frame += 1) this.#waiting.push(this.#messageMs);
      return take(batch);
    };
    const acceptMarket = sequencer.acceptMarket.bind(sequencer);
    sequencer.acceptMarket = (batch, from, gate) => {
      this.#receivedMs = this.#waiting[0] ?? Number.NaN;
      if (this.#path === 'rule') this.#begin();
      const taken = acceptMarket(batch, from, gate);
      this.#waiting.splice(0, taken);
      this.#end();
      return taken;
    };
    const accept = sequencer.accept.bind(sequencer);
    sequencer.accept = (input, atUs) => {
      const isScores = input.kind === 'answered' && input.scores !== undefined;
      if (isScores && this.#path === 'model') {
        this.#begin();
        const key = `${input.effectInput}:${input.effectIndex}`;
        this.inference.add(this.#beginMs - (this.#asked.get(key) ?? Number.NaN));
        this.#asked.delete(key);
      }
      accept(input, atUs);
      this.#end();
    };
  }

  #standAtServices({ session, tree: { router } }: BenchLive): void {
    const dispatch = router.dispatch.bind(router);
    router.dispatch = (requested) => {
      const { effect, input, index } = requested;
      if (effect.kind === 'submitOrder') this.#handed(requested, effect.clientOrderId);
      if (effect.kind === 'infer') this.#asked.set(`${input}:${index}`, performance.now());
      dispatch(requested);
    };
    const enter = session.enter.bind(session);
    session.enter = (input) => {
      if (input.kind === 'answered') this.#answered(`${input.effectInput}:${input.effectIndex}`);
      return enter(input);
    };
  }

  #begin(): void {
    const beforeMs = performance.now();
    this.#beginMs = performance.now();
    this.floor.add(this.#beginMs - beforeMs);
  }

  #end(): void {
    this.#beginMs = Number.NaN;
    this.#receivedMs = Number.NaN;
  }

  #encoded(input: number): void {
    if (Number.isNaN(this.#beginMs)) return;
    const turn = { receivedMs: this.#receivedMs, beginMs: this.#beginMs };
    this.#turns.set(input, { ...turn, encodedMs: performance.now() });
    const [oldest] = this.#turns.keys();
    if (this.#turns.size > TURNS_KEPT && oldest !== undefined) this.#turns.delete(oldest);
  }

  #handed(requested: Requested, clientOrderId: string): void {
    const turn = this.#turns.get(requested.input);
    if (turn === undefined) return; // A timer's, or of the other path.
    const { receivedMs, beginMs, encodedMs } = turn;
    this.orderTurns.add(requested.input);
    this.decision.add(encodedMs - beginMs);
    this.durable.add(performance.now() - beginMs);
    this.#unanswered.set(`${requested.input}:${requested.index}`, turn);
    if (Number.isNaN(receivedMs)) return;
    this.received.add(beginMs - receivedMs);
    this.#unsent.set(clientOrderId, receivedMs);
  }

  #left(clientOrderId: string): void {
    const receivedMs = this.#unsent.get(clientOrderId);
    this.#unsent.delete(clientOrderId);
    if (receivedMs !== undefined) this.sent.add(performance.now() - receivedMs);
  }

  #answered(key: string): void {
    const turn = this.#unanswered.get(key);
    this.#unanswered.delete(key);
    if (turn === undefined) return;
    const nowMs = performance.now();
    this.wire.add(nowMs - turn.beginMs);
    if (!Number.isNaN(turn.receivedMs)) this.answer.add(nowMs - turn.receivedMs);
  }
}
