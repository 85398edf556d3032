import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { symbolId } from '../../src/core/ids.ts';
import { money, shares } from '../../src/core/money.ts';
import { HOUR, MS } from '../../src/core/time.ts';
import type { OrderReport } from '../../src/domain/orders/report.ts';
import { cancel, enquire, limit, replace, submit } from '../order-effects.ts';
import { CLOSE_US, OPEN_US, SimulatedWorld } from '../simulated-world.ts';

/** $50, for orders of up to 60 shares at about $1: money runs out. */
const STARTING_CASH = 500_000;
const RUNS = process.env['STRATA_LONG'] === '1' ? 20_000 : 300;

type Step =
  | { readonly kind: 'submit' | 'cancel' | 'enquire'; readonly id: number; readonly terms: Terms }
  | { readonly kind: 'replace'; readonly id: number; readonly to: number; readonly terms: Terms }
  | { readonly kind: 'quote'; readonly symbol: number; readonly bid: number; readonly size: number }
  | { readonly kind: 'halt' | 'resume'; readonly symbol: number }
  | { readonly kind: 'wait'; readonly us: number };

interface Terms {
  readonly symbol: number;
  readonly side: 'buy' | 'sell';
  readonly quantity: number;
  readonly cents: number;
  readonly isMarket: boolean;
  readonly timeInForce: 'day' | 'ioc';
}

const symbol = fc.integer({ min: 0, max: 1 });
const id = fc.integer({ min: 0, max: 12 });
const terms: fc.Arbitrary<Terms> = fc.record({
  symbol,
  side: fc.constantFrom('buy', 'sell'),
  quantity: fc.integer({ min: 1, max: 60 }),
  cents: fc.integer({ min: 90, max: 110 }),
  isMarket: fc.boolean(),
  timeInForce: fc.constantFrom('day', 'day', 'day', 'ioc'),
});
const kindOfRequest = fc.constantFrom('submit', 'submit', 'submit', 'cancel', 'enquire');
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: kindOfRequest, id, terms }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('replace'), id, to: id, terms }) },
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('quote'),
        symbol,
        bid: fc.integer({ min: 92, max: 108 }),
        size: fc.integer({ min: 0, max: 40 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('halt', 'resume'), symbol }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('wait'),
        us: fc.constantFrom(MS, 40 * MS, 40 * MS, 40 * MS, HOUR, 9 * HOUR),
      }),
    },
  ),
  { minLength: 1, maxLength: 60 },
);
const world = fc.record({
  mode: fc.constantFrom('paper', 'realistic'),
  partialFillChance: fc.constantFrom(0, 0.1, 0.9),
  seed: fc.integer({ min: 0, max: 1_000 }),
});

describe('any sequence of orders and quotes', () => {
  it('keeps the books exact and every order within its terms', () => {
    fc.assert(
      fc.property(world, steps, (options, sequence) => {
        const run = new Run(options);
        for (const step of sequence) run.take(step);
        run.end();
      }),
      { numRuns: RUNS },
    );
  });

  it('says the same words at the same times when it happens again', () => {
    fc.assert(
      fc.property(world, steps, (options, sequence) => {
        const [one, two] = [new Run(options), new Run(options)];
        for (const step of sequence) one.take(step);
        for (const step of sequence) {
          two.take(step);
          two.world.broker.restore(two.world.broker.save());
        }
        expect(two.world.agenda.heard).toEqual(one.world.agenda.heard);
      }),
      { numRuns: RUNS / 10 },
    );
  });
});

/** Plays a sequence, and judges what is heard by itself. */
class Run {
  readonly world: SimulatedWorld;
  readonly #requests: number[] = [];
  readonly #halts: { symbol: number; fromUs: number; toUs: number }[] = [];

  constructor(options: Partial<ConstructorParameters<typeof SimulatedWorld>[0]>) {
    this.world = new SimulatedWorld({ ...options, startingCash: money(STARTING_CASH) });
  }

  take(step: Step): void {
    switch (step.kind) {
      case 'submit':
        this.#requests.push(this.world.request(order(step.id, step.terms)));
        break;
      case 'cancel':
        this.#requests.push(this.world.request(cancel(`o${step.id}`)));
        break;
      case 'enquire':
        this.#requests.push(this.world.request(enquire(`o${step.id}`)));
        break;
      case 'replace': {
        const { quantity, cents } = step.terms;
        const effect = replace(`o${step.id}`, `o${step.to}`, quantity, cents * 100);
        this.#requests.push(this.world.request(effect));
        break;
      }
      case 'quote': {
        const bid = step.bid * 100;
        this.world.quote(symbolId(step.symbol), bid, bid + 100, step.size);
        break;
      }
      case 'halt':
        this.world.halt(symbolId(step.symbol));
        this.#halts.push({ symbol: step.symbol, fromUs: this.#venueUs(), toUs: Infinity });
        break;
      case 'resume':
        this.world.resume(symbolId(step.symbol));
        for (const halt of this.#halts) {
          if (halt.symbol === step.symbol) halt.toUs = Math.min(halt.toUs, this.#venueUs());
        }
        break;
      case 'wait':
        this.world.agenda.runTo(this.world.agenda.nowUs + step.us);
    }
    expect(this.world.cash()).toBeGreaterThanOrEqual(0);
    for (const { quantity } of this.world.broker.positions()) expect(quantity).toBeGreaterThan(0);
  }

  end(): void {
    this.world.settle();
    for (const request of this.#requests) expect(this.world.answersTo(request)).toHaveLength(1);
    expect(this.world.agenda.heard.map(({ atUs }) => atUs)).toEqual(
      this.world.agenda.heard.map(({ atUs }) => atUs).toSorted((left, right) => left - right),
    );
    const orders = this.world.allOrders();
    for (const report of orders) this.#judge(report);
    this.#judgeBooks(orders);
  }

  /** One order: what was said of it in turn leads to what it is, and stays within its terms. */
  #judge(order: OrderReport): void {
    const said = this.world.updates().filter((word) => word.clientOrderId === order.clientOrderId);
    let filled = 0;
    let isFinal = false;
    for (const word of said) {
      expect(isFinal).toBe(false);
      const isFill = word.event === 'fill' || word.event === 'partialFill';
      expect(word.executions).toHaveLength(isFill ? 1 : 0);
      filled += word.executions[0]?.quantity ?? 0;
      expect(word.filledQuantity).toBe(filled);
      isFinal = ['fill', 'canceled', 'expired', 'replaced'].includes(word.event);
      expect(isFinal).toBe(word.status !== 'new' && word.status !== 'partiallyFilled');
    }
    expect(filled).toBe(order.filledQuantity);
    expect(filled).toBeLessThanOrEqual(order.quantity);
    expect(order.status === 'filled').toBe(filled === order.quantity);
    expect(said.at(-1)?.status ?? 'accepted').toBe(order.status);
    expect(said.flatMap((word) => word.executions)).toEqual(order.executions);
    for (const execution of order.executions) {
      const beyond = (order.limitPrice ?? execution.price) - execution.price;
      expect(order.side === 'buy' ? beyond : -beyond).toBeGreaterThanOrEqual(0);
      expect(execution.venueUs).toBeGreaterThanOrEqual(OPEN_US);
      expect(this.#wasTradable(order.symbol, execution.venueUs)).toBe(true);
    }
  }

  #wasTradable(of: number, us: number): boolean {
    const isAfterClose = us >= CLOSE_US && us < OPEN_US + 24 * HOUR;
    const halts = this.#halts.filter((halt) => halt.symbol === of);
    return !isAfterClose && halts.every(({ fromUs, toUs }) => us < fromUs || us >= toUs);
  }

  /** Cash is what executions left of it; cost and gain add up to the same; ids are unique. */
  #judgeBooks(orders: readonly OrderReport[]): void {
    let cash = STARTING_CASH;
    const held = new Map<number, number>();
    const ids = new Set<string>();
    let executions = 0;
    for (const { symbol: of, side, executions: fills } of orders) {
      for (const { executionId, quantity, price } of fills) {
        const sign = side === 'buy' ? 1 : -1;
        cash -= sign * quantity * price;
        held.set(of, (held.get(of) ?? 0) + sign * quantity);
        ids.add(executionId);
        executions += 1;
      }
    }
    const { broker } = this.world;
    expect(broker.cash()).toBe(cash);
    expect(ids.size).toBe(executions);
    for (const [of, quantity] of held) {
      expect(this.world.positionOf(symbolId(of))).toBe(quantity);
    }
    const flat = [...held.values()].every((quantity) => quantity === 0);
    expect(broker.positions()).toHaveLength(flat ? 0 : [...held.values()].filter(Boolean).length);
  }

  #venueUs(): number {
    return this.world.agenda.nowUs - 2 * MS;
  }
}

function order(number: number, { symbol: of, side, quantity, cents, isMarket, ...rest }: Terms) {
  const { timeInForce } = rest;
  const common = { symbol: symbolId(of), side, quantity: shares(quantity), timeInForce };
  return isMarket ? submit(`o${number}`, common) : limit(`o${number}`, cents * 100, common);
}
