import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EXECUTION } from '../../../src/actors/kernel/actor-table.ts';
import { shares } from '../../../src/core/money.ts';
import { MS, SECOND } from '../../../src/core/time.ts';
import type { OrderReport, VenueStatus } from '../../../src/domain/orders/report.ts';
import type { Standing } from '../../../src/domain/orders/standing.ts';
import type { EffectKind } from '../../../src/ports/effect.ts';
import type { KernelHarness } from '../../kernel-harness.ts';
import { OrderLife } from './order-life.ts';
import {
  ACCOUNT,
  executionOf,
  halted,
  intentOf,
  last,
  NOT_FOUND,
  orderId,
  orderPath,
  place,
  refused,
  reportOf,
  standingIn,
  TIMES,
  update,
} from './orders-fixture.ts';
import { type Edge, EDGES } from './words.ts';

const RUNS = process.env['STRATA_LONG'] === '1' ? 100_000 : 400;

/** Longer than it takes to give an order up, or to cancel what rests. */
const HEALING_US = 150 * SECOND;

/** One step of a life: what it does, with numbers that choose what it does it to. */
type Step = (life: OrderLife, pick: number, amount: number) => void;

const STEPS: Readonly<Record<string, Step>> = {
  approve: (life, pick, amount) =>
    life.approve((sequence) =>
      intentOf(sequence, {
        quantity: shares(100),
        purpose: pick % 3 === 0 ? 'exit' : 'entry',
        type: amount % 2 === 0 ? 'limit' : 'market',
      }),
    ),
  taken: (life, pick) =>
    onPending(life, 'submitOrder', pick, (effect) => {
      return effect.kind === 'submitOrder' ? life.submit(effect) : undefined;
    }),
  answerLost: (life, pick) =>
    onPending(life, 'submitOrder', pick, (effect) => {
      if (effect.kind === 'submitOrder') life.submit(effect);
      return { outcome: 'unknown', code: 'RESET' };
    }),
  requestLost: (life, pick, amount) =>
    onPending(life, 'submitOrder', pick, () => ({
      outcome: amount % 2 === 0 ? 'failed' : 'unknown',
    })),
  requestLate: (life, pick) =>
    onPending(life, 'submitOrder', pick, (effect) =>
      effect.kind === 'submitOrder' ? life.leave(effect) : undefined,
    ),
  sentTwice: (life, pick) =>
    onPending(life, 'submitOrder', pick, (effect) => {
      if (effect.kind === 'submitOrder') life.submit(effect);
      return refused('DUPLICATE_CLIENT_ORDER_ID');
    }),
  refusal: (life, pick) => onPending(life, 'submitOrder', pick, () => refused('SUB_PENNY')),
  arrive: (life, pick) => {
    const [intent] = life.late.splice(pick % Math.max(1, life.late.length), 1);
    if (intent !== undefined) life.venue.take(intent);
  },
  fill: (life, pick, amount) => onOrder(life, pick, (id) => life.venue.fill(id, 1 + amount)),
  expire: (life, pick) => onOrder(life, pick, (id) => life.venue.end(id, 'expired')),
  reject: (life, pick) => onOrder(life, pick, (id) => life.venue.end(id, 'rejected')),
  cancelByHand: (life, pick) => onOrder(life, pick, (id) => life.venue.end(id, 'canceled')),
  replaceByHand: (life, pick) => onOrder(life, pick, (id) => life.venue.replace(id)),
  deliver: (life, pick) => life.deliver(pick, false),
  repeat: (life, pick) => life.deliver(pick, true),
  lose: (life, pick) => life.lose(pick),
  cancelAll: (life, pick) => life.cancelAll(pick % 2 === 0),
  cancelDone: (life, pick, amount) =>
    onPending(life, 'cancelOrder', pick, (effect) =>
      effect.kind === 'cancelOrder'
        ? life.cancel(effect.clientOrderId, amount % 2 === 0)
        : undefined,
    ),
  cancelLost: (life, pick, amount) =>
    onPending(life, 'cancelOrder', pick, (effect) => {
      if (amount % 2 === 0 && effect.kind === 'cancelOrder') life.cancel(effect.clientOrderId);
      return { outcome: 'unknown' };
    }),
  enquired: (life, pick) =>
    onPending(life, 'enquireOrder', pick, (effect) =>
      effect.kind === 'enquireOrder' ? life.enquire(effect.clientOrderId) : undefined,
    ),
  enquiryLost: (life, pick) =>
    onPending(life, 'enquireOrder', pick, () => ({ outcome: 'expired' })),
  wait: (life, _pick, amount) => life.advance(amount * 400 * MS),
  halt: (life) => life.record(halted()),
  resume: (life) => life.record({ kind: 'tradingResumed', account: ACCOUNT, by: 'me', reason: '' }),
  restart: (life) => life.restart(),
};

/** What happens more often than faults, or lives would be short. */
const OFTEN = [
  'approve',
  'taken',
  'fill',
  'deliver',
  'enquired',
  'wait',
  'cancelAll',
  'cancelLost',
];

function onPending(
  life: OrderLife,
  kind: EffectKind,
  pick: number,
  words: (
    effect: ReturnType<typeof last>['effect'],
  ) => Parameters<OrderLife['answer']>[1] | undefined,
): void {
  const pending = life.harness.pending(kind);
  const requested = pending[pick % Math.max(1, pending.length)];
  if (requested === undefined) return;
  const said = words(requested.effect);
  if (said !== undefined) life.answer(requested, said);
}

function onOrder(life: OrderLife, pick: number, act: (id: ReturnType<typeof orderId>) => void) {
  const ids = [...life.venue.orders.keys()];
  const id = ids[pick % Math.max(1, ids.length)];
  if (id !== undefined) act(id);
}

class StepCommand implements fc.Command<object, OrderLife> {
  readonly #name: string;
  readonly #pick: number;
  readonly #amount: number;

  constructor(name: string, pick: number, amount: number) {
    this.#name = name;
    this.#pick = pick;
    this.#amount = amount;
  }

  check(): boolean {
    return true;
  }

  run(_model: object, life: OrderLife): void {
    STEPS[this.#name]?.(life, this.#pick, this.#amount);
    expect(life.faults).toEqual([]);
  }

  toString(): string {
    return `${this.#name}(${this.#pick}, ${this.#amount})`;
  }
}

describe('B14: the life of orders among faults', () => {
  it(
    `keeps the invariants in ${RUNS} lives, and heals to the true books`,
    { timeout: 3_600_000 },
    () => {
      const edges = new Set<Edge>();
      const number = fc.nat({ max: 99 });
      const steps = [...Object.keys(STEPS), ...OFTEN, ...OFTEN, ...OFTEN].map((name) =>
        fc.tuple(number, number).map(([pick, amount]) => new StepCommand(name, pick, amount)),
      );
      fc.assert(
        fc.property(fc.commands(steps, { maxCommands: 60, size: 'max' }), (commands) => {
          const life = new OrderLife();
          life.approve((sequence) => intentOf(sequence));
          fc.modelRun(() => ({ model: {}, real: life }), commands);
          life.heal(HEALING_US);
          life.compare();
          expect(life.faults).toEqual([]);
          for (const edge of life.edges) edges.add(edge);
        }),
        { numRuns: RUNS },
      );
      expect(edges.size).toBeGreaterThan(10);
    },
  );
});

/** Brings an order to a standing by the shortest way there is. */
const REACH: Readonly<Record<Standing, (harness: KernelHarness) => void>> = {
  intended: () => undefined,
  unknown: (harness) => harness.answer(last(harness, 'submitOrder'), { outcome: 'unknown' }),
  working: (harness) => tell(harness, 'new', 'new'),
  partiallyFilled: (harness) => fillTo(harness, 40),
  cancelPending: (harness) => tell(harness, 'pendingCancel', 'pendingCancel'),
  replacePending: (harness) => tell(harness, 'pendingReplace', 'pendingReplace'),
  filled: (harness) => fillTo(harness, 100),
  canceled: (harness) => tell(harness, 'canceled', 'canceled'),
  expired: (harness) => tell(harness, 'expired', 'expired'),
  rejected: (harness) => tell(harness, 'rejected', 'rejected'),
  replaced: (harness) => tell(harness, 'replaced', 'replaced'),
  notPlaced: (harness) => {
    if (standingIn(harness, ORDER) === 'intended') REACH.unknown(harness);
    harness.answer(last(harness, 'enquireOrder'), NOT_FOUND);
    harness.advance(TIMES.settlingUs);
    harness.answer(last(harness, 'enquireOrder'), NOT_FOUND);
  },
};

const ORDER = orderId('order-0');

function booked(harness: KernelHarness): number {
  return harness.factsOf('filled').reduce((sum, { execution }) => sum + execution.quantity, 0);
}

function tell(harness: KernelHarness, event: OrderReport['event'], status: VenueStatus): void {
  const filledQuantity = shares(booked(harness));
  const successor = event === 'replaced' ? { successor: orderId('by-hand') } : {};
  update(harness, reportOf(intentOf(0), { event, status, filledQuantity, ...successor }));
}

function fillTo(harness: KernelHarness, filled: number): void {
  const isLast = filled === 100;
  update(
    harness,
    reportOf(intentOf(0), {
      event: isLast ? 'fill' : 'partialFill',
      status: isLast ? 'filled' : 'partiallyFilled',
      filledQuantity: shares(filled),
      executions: [executionOf(`to-${filled}`, filled - booked(harness))],
    }),
  );
}

describe('B14: the graph of standings', () => {
  it.each(EDGES)('%s is taken', (edge) => {
    const harness = orderPath();
    place(harness);
    const [from, to] = edge.split('>');

    for (const standing of [from, to]) reachOf(standing)(harness);

    const stood = harness.factsOf('stood').filter((fact) => fact.clientOrderId === ORDER);
    const standings = ['intended', ...stood.map(({ standing }) => standing)];
    expect(standings.slice(-2)).toEqual([from, to]);
  });

  it('comes back the same from a snapshot taken at any standing', () => {
    for (const reach of Object.values(REACH)) {
      const harness = orderPath();
      place(harness);
      reach(harness);

      expect(harness.reloadedSnapshot()).toEqual(harness.snapshot());
      expect(harness.restarted().snapshot()).toEqual(harness.snapshot());
      expect(harness.condensed(EXECUTION).length).toBeGreaterThan(0);
      expect(harness.pending('alert')).toEqual([]);
    }
  });
});

function reachOf(standing: string | undefined): (harness: KernelHarness) => void {
  const found = Object.entries(REACH).find(([name]) => name === standing);
  if (found === undefined) throw new Error(`${standing} is no standing`);
  return found[1];
}
