import { type AccountId, type SymbolId, textId } from '../src/core/ids.ts';
import { money } from '../src/core/money.ts';
import { HOUR, MS, SECOND } from '../src/core/time.ts';
import {
  createSimulatedBroker,
  type SimulatedBroker,
  type SimulatedBrokerOptions,
} from '../src/brokers/simulated/simulated-broker.ts';
import {
  EventBatch,
  QUOTE,
  QUOTE_ASK,
  QUOTE_BID,
  STATUS,
  STATUS_HALTED,
  STATUS_TRADING,
} from '../src/domain/market/event-batch.ts';
import { listedSessions } from '../src/domain/matching/trading-session.ts';
import type { OrderReport } from '../src/domain/orders/report.ts';
import type { Effect } from '../src/ports/effect.ts';
import type { Answer } from '../src/ports/input.ts';
import { VirtualAgenda } from './virtual-agenda.ts';

export const OPEN_US = 1_000 * HOUR;
export const CLOSE_US = OPEN_US + 6.5 * HOUR;
export const NEXT_OPEN_US = OPEN_US + 24 * HOUR;
const STEP_US = 10 * MS;

/** A simulated broker, its agenda, and a market made of single events. Two sessions are listed. */
export class SimulatedWorld {
  readonly broker: SimulatedBroker;
  readonly agenda = new VirtualAgenda(OPEN_US + SECOND);
  #requests = 0;

  constructor(options: Partial<SimulatedBrokerOptions> = {}) {
    this.broker = createSimulatedBroker({
      mode: 'paper',
      feedLatencyUs: 2 * MS,
      orderLatencyUs: 20 * MS,
      answerLatencyUs: 15 * MS,
      barSpreadBps: 0,
      partialFillChance: 0,
      seed: 1,
      startingCash: money(1_000_000_000),
      account: textId<AccountId>('contract'),
      sessions: listedSessions([
        { openUs: OPEN_US, closeUs: CLOSE_US },
        { openUs: NEXT_OPEN_US, closeUs: NEXT_OPEN_US + 6.5 * HOUR },
      ]),
      ...options,
    });
  }

  /** One frame with one event, a step after the present. */
  event(fill: (batch: EventBatch, nowUs: number) => void): void {
    this.agenda.runTo(this.agenda.nowUs + STEP_US);
    const { nowUs } = this.agenda;
    const batch = new EventBatch(8, 8);
    fill(batch, nowUs);
    batch.endFrame(nowUs);
    this.broker.frame(batch, 0, batch.count, nowUs, this.agenda);
  }

  quote(symbol: SymbolId, bid: number, ask: number, size = 1_000): void {
    this.event((batch, nowUs) => {
      const at = batch.add(QUOTE, symbol, nowUs, QUOTE_BID | QUOTE_ASK, 0);
      batch.a[at] = bid;
      batch.b[at] = size;
      batch.c[at] = ask;
      batch.d[at] = size;
    });
  }

  halt(symbol: SymbolId): void {
    this.event((batch, nowUs) => batch.add(STATUS, symbol, nowUs, STATUS_HALTED, 0));
  }

  resume(symbol: SymbolId): void {
    this.event((batch, nowUs) => batch.add(STATUS, symbol, nowUs, STATUS_TRADING, 0));
  }

  closeSession(): void {
    this.agenda.runTo(CLOSE_US + 60 * SECOND);
  }

  openSession(): void {
    this.agenda.runTo(NEXT_OPEN_US + SECOND);
  }

  request(effect: Effect): number {
    this.#requests += 1;
    const { nowUs } = this.agenda;
    const requested = { input: 1, index: this.#requests, requestedUs: nowUs, effect };
    this.broker.request(requested, this.agenda);
    return this.#requests;
  }

  settle(): void {
    this.agenda.runTo(this.agenda.nowUs + SECOND);
  }

  answersTo(request: number): readonly Answer[] {
    const answers: Answer[] = [];
    for (const { input } of this.agenda.heard) {
      if (input.kind === 'answered' && input.effectIndex === request) answers.push(input);
    }
    return answers;
  }

  updates(): readonly OrderReport[] {
    const reports: OrderReport[] = [];
    for (const { input } of this.agenda.heard) {
      if (input.kind === 'orderUpdated') reports.push(input.report);
    }
    return reports;
  }

  allOrders(): readonly OrderReport[] {
    return this.broker.allOrders();
  }

  cash(): number {
    return this.broker.cash();
  }

  positionOf(symbol: SymbolId): number {
    return this.broker.positions().find((held) => held.symbol === symbol)?.quantity ?? 0;
  }
}
