import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMoney } from '../../src/core/money.ts';
import { HOUR, MINUTE, MS, SECOND } from '../../src/core/time.ts';
import {
  STATUS_HALTED,
  STATUS_SHORT_RESTRICTED,
  STATUS_TRADING,
} from '../../src/domain/market/event-batch.ts';
import type { Json } from '../../src/venue/trading/wire.ts';
import { at, type Body, DeskWorld, list, object, text } from '../unit/venue/trading/desk-world.ts';

const RUNS = process.env['STRATA_LONG'] === '1' ? 1_500 : 150;
const CASH = 100_000;
const SYMBOLS = ['AAA', 'BBB'] as const;

type Step =
  | { readonly kind: 'submit'; readonly body: Body }
  | { readonly kind: 'cancel'; readonly pick: number }
  | { readonly kind: 'replace'; readonly pick: number; readonly body: Body }
  | { readonly kind: 'close'; readonly symbol: string }
  | { readonly kind: 'closeAll'; readonly cancels: boolean }
  | { readonly kind: 'bust' | 'correct'; readonly pick: number }
  | { readonly kind: 'quote'; readonly symbol: number; readonly bid: number; readonly size: number }
  | { readonly kind: 'trade'; readonly symbol: number; readonly unit: number }
  | { readonly kind: 'status'; readonly symbol: number; readonly code: number }
  | { readonly kind: 'pass'; readonly us: number };

const unit = fc.integer({ min: 90, max: 110 });
const text_ = (values: readonly string[]) => fc.constantFrom(...values);
const quantity = fc.integer({ min: 1, max: 900 }).map(String);
const common = {
  symbol: text_(SYMBOLS),
  side: text_(['buy', 'sell']),
  qty: quantity,
  time_in_force: text_(['day', 'day', 'gtc', 'ioc', 'fok', 'opg', 'cls']),
};
const lasting = { ...common, time_in_force: text_(['day', 'gtc']) };
const dollars = unit.map(String);
const body: fc.Arbitrary<Body> = fc.oneof(
  fc.record({ ...common, type: fc.constant('market') }),
  fc.record({ ...common, type: fc.constant('limit'), limit_price: dollars }),
  fc.record({
    ...lasting,
    type: fc.constant('limit'),
    limit_price: dollars,
    extended_hours: fc.constant(true),
  }),
  fc.record({ ...lasting, type: fc.constant('stop'), stop_price: dollars }),
  fc.record({
    ...lasting,
    type: fc.constant('stop_limit'),
    stop_price: dollars,
    limit_price: dollars,
  }),
  fc.record({ ...lasting, type: fc.constant('trailing_stop'), trail_price: text_(['1', '3']) }),
  fc.record({ ...lasting, type: fc.constant('trailing_stop'), trail_percent: text_(['1', '2.5']) }),
  fc.record({
    ...lasting,
    type: text_(['market', 'limit']),
    order_class: text_(['bracket', 'oco', 'oto']),
    limit_price: dollars,
    take_profit: fc.record({ limit_price: unit.map((at_) => String(at_ + 4)) }),
    stop_loss: fc.record({ stop_price: unit.map((at_) => String(at_ - 4)) }),
  }),
);

/** A market order has no limit, and an OTO one exit: the generator above is too generous. */
function proper(raw: Body): Body {
  const { limit_price: limit, stop_loss: loss, ...rest } = raw;
  if (raw['order_class'] === undefined) return raw;
  const priced = raw['type'] === 'limit' ? { ...rest, limit_price: limit } : rest;
  return raw['order_class'] === 'oto' ? priced : { ...priced, stop_loss: loss };
}

const pick = fc.nat({ max: 30 });
const symbol = fc.integer({ min: 0, max: 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: body.map((raw): Step => ({ kind: 'submit', body: proper(raw) })),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('cancel'), pick }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('replace'),
      pick,
      body: fc.oneof(
        fc.record({ qty: quantity }),
        fc.record({ limit_price: dollars }),
        fc.record({ stop_price: dollars }),
        fc.record({ trail: text_(['1', '2']) }),
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('close'), symbol: text_(SYMBOLS) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('closeAll'), cancels: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('bust', 'correct'), pick }) },
  {
    weight: 9,
    arbitrary: fc.record({
      kind: fc.constant('quote'),
      symbol,
      bid: unit,
      size: fc.integer({ min: 1, max: 400 }),
    }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('trade'), symbol, unit }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('status'),
      symbol,
      code: fc.constantFrom(STATUS_HALTED, STATUS_TRADING, STATUS_SHORT_RESTRICTED),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('pass'),
      us: fc.constantFrom(MS, 4 * MS, SECOND, 5 * MINUTE, 2 * HOUR, 7 * HOUR, 18 * HOUR),
    }),
  },
);
const world = fc.record({
  mode: fc.constantFrom('paper', 'realistic'),
  partialFillChance: fc.constantFrom(0, 0.1, 0.8),
  otherExitUs: fc.constantFrom(0, 3 * MS),
  multiplier: fc.constantFrom(2, 4),
  replacedQuantity: fc.constantFrom('total', 'remaining'),
  isExtendedGtcAllowed: fc.boolean(),
  isClientIdReusable: fc.boolean(),
});
const steps = fc.array(step, { minLength: 1, maxLength: 80, size: 'max' });

type Rules = ConstructorParameters<typeof DeskWorld>[0];

describe('any history of orders and markets at the desk', () => {
  it('keeps cash and positions at fills, filled quantities at executions, and ends once', () => {
    fc.assert(
      fc.property(world, steps, (rules, sequence) => {
        const run = new Run({ rules });
        for (const one of sequence) run.take(one);
        run.end();
      }),
      { numRuns: RUNS },
    );
  });

  it('says the same words when it happens again', () => {
    fc.assert(
      fc.property(world, steps, (rules, sequence) => {
        const [one, two] = [new Run({ rules }), new Run({ rules })];
        for (const each of sequence) {
          one.take(each);
          two.take(each);
        }
        expect(two.world.updates).toEqual(one.world.updates);
      }),
      { numRuns: RUNS / 10 },
    );
  });
});

const ENDINGS: ReadonlySet<string> = new Set([
  'fill',
  'canceled',
  'expired',
  'replaced',
  'rejected',
]);
const END_STATES: ReadonlySet<string> = new Set([
  'filled',
  'canceled',
  'expired',
  'replaced',
  'rejected',
]);

/** Plays a history and judges it by what was told, never by what the desk keeps. */
class Run {
  readonly world: DeskWorld;

  constructor(options: Rules) {
    this.world = new DeskWorld(options, at(9));
    this.world.quote(99, 100, 0);
    this.world.quote(99, 100, 1);
    this.world.to(at(10));
  }

  take(one: Step): void {
    const { world: desk } = this;
    switch (one.kind) {
      case 'submit':
        desk.submit(one.body);
        break;
      case 'cancel':
        desk.desk.cancel(this.#orderId(one.pick), desk.nowUs);
        break;
      case 'replace':
        desk.desk.replace(this.#orderId(one.pick), one.body, desk.nowUs);
        break;
      case 'close':
        desk.desk.closePosition(one.symbol, {}, desk.nowUs);
        break;
      case 'closeAll':
        desk.desk.closeAllPositions({ cancel_orders: String(one.cancels) }, desk.nowUs);
        break;
      case 'bust':
        desk.desk.bust(this.#fillId(one.pick), desk.nowUs);
        break;
      case 'correct':
        desk.desk.correct(this.#fillId(one.pick), 1_001_234, desk.nowUs);
        break;
      case 'quote':
        desk.quote(one.bid, one.bid + 1, one.symbol, one.size);
        break;
      case 'trade':
        desk.trade(one.unit, one.symbol);
        break;
      case 'status':
        desk.status(one.code, one.symbol);
        break;
      case 'pass':
        desk.pass(one.us);
    }
    this.#judgeReservations();
  }

  end(): void {
    this.world.pass();
    this.#judgeOrders();
    this.#judgeBooks();
  }

  #orderId(nth: number): string {
    const orders = list(this.#orders());
    const order = orders[nth % Math.max(1, orders.length)];
    return order === undefined ? 'none' : text(order, 'id');
  }

  #orders() {
    return this.world.desk.orders({ status: 'all', limit: '500' }).body;
  }

  #fillId(nth: number): string {
    const fills = this.world.updates.filter((update) => String(update['event']).endsWith('fill'));
    return String(fills[nth % Math.max(1, fills.length)]?.['execution_id'] ?? 'none');
  }

  /** Nothing that is held back, and nothing that may be spent, is below nothing. */
  #judgeReservations(): void {
    const account = this.world.account();
    for (const key of ['buying_power', 'regt_buying_power', 'non_marginable_buying_power']) {
      expect(parseMoney(String(account[key])) ?? -1).toBeGreaterThanOrEqual(0);
    }
    for (const row of list(this.world.desk.positions().body)) {
      const [held, free] = [Number(text(row, 'qty')), Number(text(row, 'qty_available'))];
      expect(Math.abs(free)).toBeLessThanOrEqual(Math.abs(held));
      expect(held * free).toBeGreaterThanOrEqual(0);
    }
  }

  /** One order: exactly one end, nothing after it but word of requests and corrections. */
  #judgeOrders(): void {
    const { updates } = this.world;
    expect(new Set(updates.map((update) => update['execution_id'])).size).toBe(updates.length);
    for (const order of list(this.#orders())) {
      const id = text(order, 'id');
      const said = updates.filter((update) => text(update['order'], 'id') === id);
      const ends = said.filter((update) => ENDINGS.has(String(update['event'])));
      const isEnded = END_STATES.has(text(order, 'status'));
      expect(ends).toHaveLength(isEnded ? 1 : 0);
      const [end] = ends;
      if (end === undefined) continue;
      const after = said.slice(said.indexOf(end) + 1);
      for (const update of after) {
        expect(text(update['order'], 'status')).toBe(text(order, 'status'));
        expect(ENDINGS.has(String(update['event']))).toBe(false);
      }
    }
  }

  /** Cash is what executions left of it; what orders say is filled is what was executed. */
  #judgeBooks(): void {
    let cash = CASH * 10_000;
    const held = new Map<string, number>();
    const filled = new Map<string, number>();
    const executions = this.#executions();
    const costs = averageCosts(executions);
    for (const { order, quantity: count, price } of executions) {
      const sign = text(order, 'side') === 'buy' ? 1 : -1;
      cash -= sign * count * price;
      const name = text(order, 'symbol');
      held.set(name, (held.get(name) ?? 0) + sign * count);
      filled.set(text(order, 'id'), (filled.get(text(order, 'id')) ?? 0) + count);
    }
    expect(parseMoney(String(this.world.account()['cash']))).toBe(cash);
    for (const row of list(this.#orders())) {
      const count = filled.get(text(row, 'id')) ?? 0;
      expect(Number(text(row, 'filled_qty'))).toBe(count);
      expect(count).toBeLessThanOrEqual(Number(text(row, 'qty')));
    }
    const rows = list(this.world.desk.positions().body).map(object);
    for (const [name, count] of held) {
      const row = rows.find((one) => one['symbol'] === name);
      expect(Number(row?.['qty'] ?? 0)).toBe(count);
      const cost = parseMoney(String(row?.['cost_basis'] ?? '0')) ?? Number.NaN;
      // Each sale cuts its share of the cost to a whole ten-thousandth.
      expect(Math.abs(cost - (costs.get(name) ?? 0))).toBeLessThanOrEqual(executions.length);
    }
    expect(rows.length).toBe([...held.values()].filter((count) => count !== 0).length);
  }

  /** As told: fills, less what was busted, at the prices that were last said. */
  #executions(): readonly Execution[] {
    const rows: Execution[] = [];
    const places = new Map<string, number>();
    for (const update of this.world.updates) {
      const event = String(update['event']);
      const isChange = event === 'trade_bust' || event === 'trade_correct';
      if (!isChange && event !== 'fill' && event !== 'partial_fill') continue;
      const place = isChange ? places.get(String(update['previous_execution_id'])) : rows.length;
      expect(place).toBeDefined();
      places.set(String(update['execution_id']), place ?? 0);
      rows[place ?? 0] = {
        order: update['order'] ?? null,
        quantity: event === 'trade_bust' ? 0 : Number(update['qty']),
        price: parseMoney(String(update['price'])) ?? 0,
      };
    }
    return rows.filter(({ quantity: count }) => count > 0);
  }
}

interface Execution {
  readonly order: Json;
  readonly quantity: number;
  readonly price: number;
}

/** What is held cost on average what was paid for it: reckoned apart from the desk, in doubles. */
function averageCosts(executions: readonly Execution[]): ReadonlyMap<string, number> {
  const books = new Map<string, { held: number; cost: number }>();
  for (const { order, quantity: count, price } of executions) {
    const name = text(order, 'symbol');
    const { held, cost } = books.get(name) ?? { held: 0, cost: 0 };
    const change = text(order, 'side') === 'buy' ? count : -count;
    const closing = held * change < 0 ? Math.min(Math.abs(held), count) : 0;
    const kept = held === 0 ? 0 : cost * (1 - closing / Math.abs(held));
    const opened = Math.sign(change) * (count - closing) * price;
    books.set(name, { held: held + change, cost: kept + opened });
  }
  return new Map([...books].map(([name, { cost }]) => [name, cost]));
}
