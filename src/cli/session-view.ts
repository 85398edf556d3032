import type { ClientOrderId, SymbolId } from '../core/ids.ts';
import type { Side } from '../domain/market/side.ts';
import type { SymbolListing } from '../domain/market/symbols.ts';
import type { DataFault } from '../domain/market/data-fault.ts';
import { Ledger, type Position } from '../domain/portfolio/ledger.ts';
import type { Signal } from '../domain/signals/signal.ts';
import type { Fact, FactOf } from '../ports/fact.ts';
import type { Input } from '../ports/input.ts';
import type { TurnRecord } from '../ports/turn-record.ts';
import { BrokerView } from './broker-view.ts';
import { Curve } from './curve.ts';
import { HealthView } from './health-view.ts';
import { ModelRecords } from './model-records.ts';
import { OrderHistories } from './order-histories.ts';
import { Recent } from './recent.ts';
import { TradeBook } from './trade-book.ts';

export interface LayerMove {
  readonly atUs: number;
  readonly layer: number;
  readonly symbol: SymbolId;
  readonly isMember: boolean;
  readonly reason: string;
  readonly score: number;
}

export interface RefusalView extends Omit<FactOf<'refused'>, 'kind'> {
  readonly atUs: number;
}

export interface FillView {
  readonly atUs: number;
  readonly clientOrderId: ClientOrderId;
  readonly strategy: string;
  readonly symbol: SymbolId;
  readonly side: Side;
  readonly quantity: number;
  readonly price: number;
  /** What this fill booked by closing, in ten-thousandths. */
  readonly gain: number;
}

/** What happened under a strategy's name. */
export interface StrategyView {
  signals: number;
  refused: number;
  orders: number;
  fills: number;
  /** Positions closed: flat, long, flat is one. */
  trades: number;
  wins: number;
  /** Ten-thousandths. */
  realized: number;
}

/** What a session view keeps at most of each: the journal has the rest. */
export const VIEW_LIMITS = {
  movesMax: 2_000,
  signalsMax: 1_000,
  refusalsMax: 1_000,
  fillsMax: 2_000,
  layersMax: 4,
} as const;

/**
 * A session as people ask about it, folded from what it recorded: nothing here decides anything,
 * memory is bounded, and dropping it costs only the time to read the journal again. It hears inputs
 * and turns while a session runs, or from `readSession` afterwards.
 */
export class SessionView {
  readonly symbols = new Map<SymbolId, SymbolListing>();
  readonly layers: readonly Set<SymbolId>[] = Array.from(
    { length: VIEW_LIMITS.layersMax },
    () => new Set<SymbolId>(),
  );
  readonly moves = new Recent<LayerMove>(VIEW_LIMITS.movesMax);
  readonly signals = new Recent<Signal>(VIEW_LIMITS.signalsMax);
  readonly refusals = new Recent<RefusalView>(VIEW_LIMITS.refusalsMax);
  readonly fills = new Recent<FillView>(VIEW_LIMITS.fillsMax);
  readonly refusalsByCode = new Map<string, number>();
  readonly strategies = new Map<string, StrategyView>();
  readonly orders = new OrderHistories();
  readonly ledger = new Ledger();
  readonly trades = new TradeBook();
  readonly health = new HealthView();
  readonly broker = new BrokerView();
  readonly models = new ModelRecords();
  /** Equity and drawdown from the highest equity so far, both in ten-thousandths. */
  readonly equityCurve = new Curve();
  /** Members of each layer. */
  readonly funnelCurve = new Curve();
  readonly counters = {
    /** Set by who runs the session: the turns do not say how many events they took. */
    events: 0,
    frames: 0,
    /** Those that recorded something. */
    turns: 0,
    inputs: 0,
    effects: 0,
    news: 0,
  };
  /** Set by who runs the session: what was wrong in its data. */
  faults: { readonly count: number; readonly first: readonly DataFault[] } = {
    count: 0,
    first: [],
  };
  startingEquity = 0;
  equityPeak = 0;
  drawdownMax = 0;
  drawdownRatioMax = 0;
  phase: 'closed' | 'pre' | 'core' | 'post' = 'closed';
  /** Of the session, as `20131007`; 0 before the calendar spoke. */
  date = 0;
  /** Of the first trading session; 0 before it. */
  openedUs = 0;
  /** Of the first input and of the last; 0 before. */
  startedUs = 0;
  nowUs = 0;
  readonly #names: string[] = [];
  #isFunnelStale = false;
  #isEquityStale = false;

  input(input: Input, nowUs: number): void {
    this.#setNow(nowUs);
    this.counters.inputs += 1;
    switch (input.kind) {
      case 'opened':
        return this.health.opened(input, nowUs);
      case 'symbolNamed': {
        const { kind: _, ...listing } = input;
        this.symbols.set(listing.symbol, listing);
        this.#names[listing.symbol] = listing.name;
        return;
      }
      case 'sessionChanged':
        this.phase = input.phase;
        this.date = input.date;
        if (input.phase === 'core' && this.openedUs === 0) this.openedUs = input.openUs;
        return;
      case 'serviceChanged':
        if (input.service === 'broker' && input.state !== 'up') this.broker.lost();
        return this.health.serviceChanged(input, nowUs);
      case 'answered':
        return this.orders.answered(input, nowUs);
      case 'newsArrived':
        this.counters.news += 1;
        return;
      case 'commanded':
      case 'policyChanged':
      case 'orderUpdated':
      case 'timePassed':
      case 'rowWarmed':
        return; // What followed from them is told by facts.
    }
  }

  /** `sequence` is that of the turn's input: the effects of the turn carry it as their id. */
  turn(sequence: number, nowUs: number, record: TurnRecord): void {
    this.#setNow(nowUs);
    const isQuiet = record.items.length + record.timers.length + record.crashes.length === 0;
    if (isQuiet) return; // Most turns of a live market: nothing is recorded of them either.
    this.counters.turns += 1;
    let index = 0;
    for (const item of record.items) {
      if (item.type === 'fact') {
        this.#apply(item.fact);
        continue;
      }
      this.counters.effects += 1;
      if (item.type === 'effect') {
        this.orders.requested(item.effect, sequence, index, item.requestedUs);
        if (item.effect.kind === 'alert') this.health.alerted(item.effect, nowUs);
      }
      index += 1;
    }
    if (this.#isEquityStale) this.#sampleEquity();
    if (this.#isFunnelStale) this.#sampleFunnel();
  }

  /** As the feed writes it; `#12` for one that was never named. */
  nameOf(symbol: number): string {
    return this.#names[symbol] ?? `#${symbol}`;
  }

  /** What was won or lost since the account was opened, positions at their marks. */
  get profit(): number {
    return this.ledger.equity - this.startingEquity;
  }

  /** What is held, in the order it was first bought. */
  heldPositions(): readonly (readonly [SymbolId, Position])[] {
    return [...this.ledger.positions].filter(([, { quantity }]) => quantity !== 0);
  }

  #setNow(nowUs: number): void {
    if (this.startedUs === 0) this.startedUs = nowUs;
    this.nowUs = nowUs;
  }

  #apply(fact: Fact): void {
    this.#applyBooks(fact);
    this.#applyDecision(fact);
    this.#applyHealth(fact);
    this.broker.apply(fact, this.nowUs);
  }

  #applyBooks(fact: Fact): void {
    const { ledger } = this;
    switch (fact.kind) {
      case 'accountOpened':
        ledger.openAccount(fact.cash);
        return this.#begin();
      case 'accountCarried':
        ledger.carryAccount(fact.cash, fact.realized);
        return this.#begin();
      case 'positionCarried': {
        const { symbol, quantity, cost, realized, mark } = fact;
        ledger.carryPosition(symbol, { quantity, cost, realized, mark });
        return this.#begin();
      }
      case 'positionAdopted':
        return this.#adopt(() => ledger.adopt(fact.symbol, fact));
      case 'cashAdjusted':
        return this.#adopt(() => ledger.adjustCash(fact.amount));
      case 'filled':
        return this.#fill(fact);
      case 'marked':
        ledger.mark(fact.symbol, fact.price);
        this.#isEquityStale = true;
    }
  }

  /** What a session begins with, a predecessor's positions included. */
  #begin(): void {
    if (this.fills.total === 0) this.startingEquity = this.ledger.equity;
    this.#isEquityStale = true;
  }

  /** What came or went by no trade of ours is neither won nor lost. */
  #adopt(take: () => void): void {
    const { equity } = this.ledger;
    take();
    const change = this.ledger.equity - equity;
    this.startingEquity += change;
    if (this.equityPeak > 0) this.equityPeak += change;
    this.#isEquityStale = true;
  }

  #applyDecision(fact: Fact): void {
    const { orders, nowUs } = this;
    switch (fact.kind) {
      case 'layerMoved':
        return this.#move(fact);
      case 'signalled':
        this.signals.add(fact);
        this.#strategy(fact.strategy).signals += 1;
        return;
      case 'refused':
        return this.#refuse(fact);
      case 'intended':
        this.#strategy(fact.strategy).orders += 1;
        return orders.intended(fact, nowUs);
      case 'stood':
        return orders.stood(fact, nowUs);
      case 'cancelAsked':
        return orders.cancelAsked(fact);
      case 'enquired':
        return orders.enquired(fact.clientOrderId);
      case 'modelsJudged':
        return this.models.judged(fact);
      case 'modelsAnswered':
        return this.models.answered(fact);
      case 'orderCarried':
        return orders.carried(fact, nowUs);
    }
  }

  #applyHealth(fact: Fact): void {
    const { health, nowUs } = this;
    switch (fact.kind) {
      case 'crashed':
        return health.crashed(fact, nowUs);
      case 'quarantined':
        return health.quarantined(fact);
      case 'lifted':
        return health.lifted(fact);
      case 'tradingHalted':
        return health.halted(fact, nowUs);
      case 'tradingResumed':
        return health.resumed(fact, nowUs);
      case 'strayReported':
        health.strays += 1;
        return;
      case 'symbolBanned': {
        const name = this.nameOf(fact.symbol);
        toggle(health.banned, fact.symbol, fact.isBanned);
        return health.restricted(`${name} ${fact.isBanned ? 'banned' : 'unbanned'}`, fact, nowUs);
      }
      case 'handsOff': {
        const name = this.nameOf(fact.symbol);
        toggle(health.handsOff, fact.symbol, fact.isOff);
        return health.restricted(`hands ${fact.isOff ? 'off' : 'on'} ${name}`, fact, nowUs);
      }
    }
  }

  #move({ layer, symbol, isMember, reason, score, atUs }: FactOf<'layerMoved'>): void {
    const members = this.layers[layer];
    if (members === undefined) return;
    toggle(members, symbol, isMember);
    // A symbol that is listed is no news; the moves between the layers are.
    if (layer > 0) this.moves.add({ atUs, layer, symbol, isMember, reason, score });
    this.#isFunnelStale = true;
  }

  #refuse({ signalId, symbol, code, value, limit }: FactOf<'refused'>): void {
    this.refusals.add({ signalId, symbol, code, value, limit, atUs: this.nowUs });
    this.refusalsByCode.set(code, (this.refusalsByCode.get(code) ?? 0) + 1);
    const signal = this.signals.last(SIGNALS_SEARCHED).findLast((one) => one.signalId === signalId);
    if (signal !== undefined) this.#strategy(signal.strategy).refused += 1;
  }

  #fill(fact: FactOf<'filled'>): void {
    const { symbol, side, clientOrderId, execution } = fact;
    const before = this.ledger.position(symbol);
    this.ledger.fill(fact);
    const after = this.ledger.position(symbol);
    this.orders.filled(fact, this.nowUs);
    const ordered = this.orders.get(clientOrderId)?.intent.strategy ?? '?';
    // What is won belongs to whoever opened the position, whoever closes it.
    const strategy: string = this.trades.open.get(symbol)?.strategy ?? ordered;
    const closed = this.trades.filled({
      symbol,
      strategy: ordered,
      before,
      after,
      atUs: this.nowUs,
    });
    const gain = after.realized - before.realized;
    const owner = this.#strategy(strategy);
    owner.fills += 1;
    owner.realized += gain;
    if (closed !== undefined) {
      owner.trades += 1;
      owner.wins += closed.profit > 0 ? 1 : 0;
    }
    const { quantity, price } = execution;
    const fill = { clientOrderId, strategy, symbol, side, quantity, price, gain };
    this.fills.add({ ...fill, atUs: this.nowUs });
    this.#isEquityStale = true;
  }

  #sampleEquity(): void {
    this.#isEquityStale = false;
    const { equity } = this.ledger;
    this.equityPeak = Math.max(this.equityPeak, equity);
    const drawdown = this.equityPeak - equity;
    this.drawdownMax = Math.max(this.drawdownMax, drawdown);
    if (this.equityPeak > 0) {
      this.drawdownRatioMax = Math.max(this.drawdownRatioMax, drawdown / this.equityPeak);
    }
    this.equityCurve.add(this.nowUs, [equity, drawdown]);
  }

  #sampleFunnel(): void {
    this.#isFunnelStale = false;
    this.funnelCurve.add(
      this.nowUs,
      this.layers.map(({ size }) => size),
    );
  }

  #strategy(code: string): StrategyView {
    let strategy = this.strategies.get(code);
    if (strategy === undefined) {
      strategy = { signals: 0, refused: 0, orders: 0, fills: 0, trades: 0, wins: 0, realized: 0 };
      this.strategies.set(code, strategy);
    }
    return strategy;
  }
}

/** A refusal follows its signal at once; farther back there is none. */
const SIGNALS_SEARCHED = 64;

function toggle<T>(members: Set<T>, member: T, isMember: boolean): void {
  if (isMember) members.add(member);
  else members.delete(member);
}
