import { ByteReader } from '../core/bytes.ts';
import type { ClientOrderId, SymbolId } from '../core/ids.ts';
import { BAR, CORRECTION, EventBatch, GAP } from '../domain/market/event-batch.ts';
import { readEvents } from '../domain/market/event-codec.ts';
import type { Effect } from '../ports/effect.ts';
import type { Fact } from '../ports/fact.ts';
import { type Answer, type Input, inputCodec } from '../ports/input.ts';
import type { JournalRecord } from '../ports/journal.ts';
import type { SessionReader } from '../ports/session-reader.ts';
import { readTurn, RECORD_INPUT, RECORD_MARKET, type TurnItem } from '../ports/turn-record.ts';
import { type Decision, DecisionCollector } from './decisions.ts';
import { MarketDigest, type MarketShared } from './parity-market.ts';
import { ParityState, type Place, type RiskFold, type StateView } from './parity-state.ts';

/** A question to the model about one symbol, and when and how it was answered. */
export interface Score {
  readonly requestedUs: number;
  /** Where the session was when the answer came. */
  readonly answeredAt: Place | undefined;
  readonly outcome: Answer['outcome'] | 'none';
  /** The symbol's bar had changed meanwhile: what is scored is not what the row holds. */
  readonly isStale: boolean;
}

/** What was asked of the broker about an order, and how it was answered. */
export interface OrderAnswer {
  readonly kind: Effect['kind'];
  readonly requestedUs: number;
  readonly answeredUs: number | undefined;
  readonly outcome: Answer['outcome'] | 'none';
  readonly code: string | undefined;
}

/** Where, on what occasion and on what grounds a decision was taken. */
export interface Grounds {
  readonly place: Place;
  /** `market`, `timePassed`, `answered infer`: what the turn was about. */
  readonly occasion: string;
  readonly strategy: string;
  /** The symbol's name; empty where it is about none. */
  readonly symbol: string;
  readonly view: StateView | undefined;
  readonly score: Score | undefined;
  /** Before the first edge of a trading session. */
  readonly isStart: boolean;
}

export interface Trace {
  readonly collected: DecisionCollector;
  readonly market: MarketDigest;
  readonly state: ParityState;
  readonly grounds: ReadonlyMap<Decision, Grounds>;
  /** By the symbol's name, in their order. */
  readonly scores: ReadonlyMap<string, readonly Score[]>;
  /** By the order's name. */
  readonly answers: ReadonlyMap<string, readonly OrderAnswer[]>;
}

/** Throws as `SessionReader.read` where the journal is damaged. */
export function traceSession(
  reader: SessionReader,
  sessionId: string,
  risk: RiskFold,
  shared: MarketShared = 'events',
): Trace {
  const tracer = new Tracer(risk, shared);
  reader.read(sessionId, (record) => tracer.take(record));
  return tracer.finish();
}

/** What a record may hold: the most that `runtime.turnEventsMax` and `turnFramesMax` allow. */
const RECORD_EVENTS_MAX = 65_536;

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

interface Question {
  readonly effect: Effect;
  readonly requestedUs: number;
  /** Bars seen of each symbol when it was asked. */
  readonly bars: readonly number[];
  readonly scores: readonly Mutable<Score>[];
  readonly answer: Mutable<OrderAnswer> | undefined;
}

class Tracer {
  readonly collected = new DecisionCollector();
  readonly market: MarketDigest;
  readonly state: ParityState;
  readonly grounds = new Map<Decision, Grounds>();
  readonly scores = new Map<string, Score[]>();
  readonly answers = new Map<string, OrderAnswer[]>();
  readonly #batch = new EventBatch(RECORD_EVENTS_MAX, RECORD_EVENTS_MAX);
  readonly #bars: number[] = [];
  readonly #questions = new Map<string, Question>();
  /** By the signal, what was known when risk let it pass. */
  readonly #approvals = new Map<string, StateView>();
  #begun = 0;
  #occasion = '';
  /** Of the answer at hand, by symbol. */
  #scored = new Map<SymbolId, Score>();
  #hasBegun = false;

  constructor(risk: RiskFold, shared: MarketShared) {
    this.market = new MarketDigest(shared);
    this.state = new ParityState(risk, (symbol) => this.collected.nameOf(symbol));
  }

  take({ kind, sequence, nowUs, payload }: JournalRecord): void {
    if (kind === RECORD_MARKET) this.#takeMarket(sequence, nowUs, payload);
    else if (kind === RECORD_INPUT) {
      this.#takeInput(sequence, nowUs, inputCodec.read(new ByteReader(payload)));
    } else this.#takeTurn(nowUs, readTurn(new ByteReader(payload)).items);
  }

  finish(): Trace {
    return this;
  }

  #takeMarket(sequence: number, nowUs: number, payload: Uint8Array): void {
    this.#begin(sequence, 'market');
    readEvents(new ByteReader(payload), this.#batch);
    this.market.frames(this.#batch, nowUs);
    for (let at = 0; at < this.#batch.count; at += 1) {
      const event = this.#batch.kind[at];
      if (event !== BAR && event !== GAP && event !== CORRECTION) continue;
      const symbol = this.#batch.symbol[at] ?? 0;
      this.#bars[symbol] = (this.#bars[symbol] ?? 0) + 1;
    }
  }

  #takeInput(sequence: number, nowUs: number, input: Input): void {
    this.#begin(sequence, input.kind);
    this.collected.input(input);
    this.market.input(input);
    this.state.hear(input, { events: this.market.events, nowUs });
    if (input.kind === 'answered') this.#takeAnswer(nowUs, input);
    if (input.kind === 'sessionChanged') this.#hasBegun = true;
  }

  #takeAnswer(nowUs: number, answer: Answer): void {
    const id = `${answer.effectInput}/${answer.effectIndex}`;
    const question = this.#questions.get(id);
    if (question === undefined) return;
    this.#questions.delete(id);
    const { effect, bars, scores } = question;
    const { outcome, code } = answer;
    this.#occasion = `answered ${effect.kind}`;
    Object.assign(question.answer ?? {}, { answeredUs: nowUs, outcome, code });
    if (effect.kind !== 'infer') return;
    effect.rows.forEach((symbol, place) => {
      const score = scores[place];
      if (score === undefined) return;
      const isStale = (this.#bars[symbol] ?? 0) !== bars[place];
      const answeredAt = { events: this.market.events, nowUs };
      Object.assign(score, { answeredAt, outcome, isStale });
      this.#scored.set(symbol, score);
    });
  }

  #takeTurn(nowUs: number, items: readonly TurnItem[]): void {
    let index = 0;
    const place = { events: this.market.events, nowUs };
    for (const item of items) {
      if (item.type === 'fact') {
        this.#takeFact(item.fact, place);
        continue;
      }
      if (item.type === 'effect') this.#ask(index, item.requestedUs, item.effect);
      index += 1;
    }
  }

  #takeFact(fact: Fact, place: Place): void {
    const { list } = this.collected;
    if (fact.kind === 'approved') {
      this.#approvals.set(fact.signalId, this.state.view(fact.symbol, ''));
    }
    const before = list.length;
    this.collected.fact(fact, place.nowUs);
    const decision = list[before];
    if (decision !== undefined) this.grounds.set(decision, this.#groundsOf(fact, place));
    if (fact.kind === 'intended') this.#approvals.delete(fact.signalId);
    this.state.apply(fact, place);
  }

  #groundsOf(fact: Fact, place: Place): Grounds {
    const symbol = 'symbol' in fact ? fact.symbol : undefined;
    const strategy = 'strategy' in fact ? fact.strategy : '';
    return {
      place,
      occasion: this.#occasion,
      strategy,
      symbol: symbol === undefined ? '' : this.collected.nameOf(symbol),
      view: symbol === undefined ? undefined : this.#viewOf(fact, symbol, strategy),
      score: symbol === undefined ? undefined : this.#scored.get(symbol),
      isStart: !this.#hasBegun,
    };
  }

  /** An approval rests on the books as they were without it: its reservation comes before. */
  #viewOf(fact: Fact, symbol: SymbolId, strategy: string): StateView | undefined {
    if (fact.kind === 'layerMoved') return undefined; // There are ten thousand, and no book counts.
    const approved = fact.kind === 'intended' ? this.#approvals.get(fact.signalId) : undefined;
    return approved ?? this.state.view(symbol, strategy);
  }

  #ask(index: number, requestedUs: number, effect: Effect): void {
    const rows = effect.kind === 'infer' ? effect.rows : [];
    const scores = rows.map((symbol) =>
      add(this.scores, this.collected.nameOf(symbol), unanswered(requestedUs)),
    );
    const question = {
      effect,
      requestedUs,
      bars: rows.map((symbol) => this.#bars[symbol] ?? 0),
      scores,
      answer:
        'clientOrderId' in effect
          ? this.#askBroker(effect.kind, effect.clientOrderId, requestedUs)
          : undefined,
    };
    this.#questions.set(`${this.#begun}/${index}`, question);
  }

  #askBroker(kind: Effect['kind'], order: ClientOrderId, requestedUs: number): OrderAnswer {
    return add(this.answers, this.collected.orderName(order), {
      kind,
      requestedUs,
      answeredUs: undefined,
      outcome: 'none',
      code: undefined,
    });
  }

  #begin(sequence: number, occasion: string): void {
    this.#begun = sequence;
    this.#occasion = occasion;
    if (this.#scored.size > 0) this.#scored = new Map();
  }
}

function add<T>(lists: Map<string, T[]>, key: string, item: T): T {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
  return item;
}

function unanswered(requestedUs: number): Score {
  return { requestedUs, answeredAt: undefined, outcome: 'none', isStale: false };
}
