import { describe, expect, it } from 'vitest';
import { type SymbolId, symbolId } from '../../src/core/ids.ts';
import { shares } from '../../src/core/money.ts';
import type { OrderReport } from '../../src/domain/orders/report.ts';
import type { Effect } from '../../src/ports/effect.ts';
import type { Answer } from '../../src/ports/input.ts';
import { cancel, enquire, limit, replace, submit } from '../order-effects.ts';

/** What a broker is shown and asked in the contract. Prices are ten-thousandths of a dollar. */
export interface BrokerWorld {
  /** The best bid and ask become these, with `size` shares on each side. */
  quote(symbol: SymbolId, bid: number, ask: number, size?: number): void;
  halt(symbol: SymbolId): void;
  resume(symbol: SymbolId): void;
  /** The regular session ends, or the next one begins. */
  closeSession(): void;
  openSession(): void;
  /** Sends an effect at the present; answers its number. Nothing else happens yet. */
  request(effect: Effect): number;
  /** Until everything on its way has arrived. */
  settle(): void | Promise<void>;
  answersTo(request: number): readonly Answer[];
  /** Everything said unasked until now, in order of arrival. */
  updates(): readonly OrderReport[];
  /** What the venue itself holds, whatever we heard. */
  allOrders(): readonly OrderReport[];
  cash(): number;
  positionOf(symbol: SymbolId): number;
}

export interface BrokerSetup {
  readonly startingCash: number;
  /** Fills come in parts, if the broker can be told so. */
  readonly isPartial: boolean;
}

const A = symbolId(0);
const B = symbolId(1);
const DOLLAR = 10_000;

/** What every broker must do. The account is `contract`; symbols 0 and 1 are listed equities. */
export function describeBroker(name: string, make: (setup: BrokerSetup) => BrokerWorld): void {
  describe(`${name} as a broker`, () => {
    it('answers a submit with the accepted order, then reports new and the fill', async () => {
      const world = await open(make);

      const answer = await ask(world, submit('m1'));

      expect(answer.outcome).toBe('done');
      expect(answer.order?.clientOrderId).toBe('m1');
      expect(answer.order?.filledQuantity).toBe(0);
      expect(eventsOf(world, 'm1')).toEqual(['new', 'fill']);
      const fill = world.updates().at(-1);
      expect(fill?.executions).toHaveLength(1);
      expect(fill?.executions[0]).toMatchObject({ quantity: 10, price: 100 * DOLLAR });
      expect(fill).toMatchObject({ status: 'filled', filledQuantity: 10, side: 'buy', symbol: A });
      expect(world.positionOf(A)).toBe(10);
      expect(world.cash()).toBe(99_000 * DOLLAR);
    });

    it('reports fills in parts with one execution each, ids all different', async () => {
      const world = await open(make, { ...RICH, isPartial: true });
      world.quote(A, 99 * DOLLAR, 100 * DOLLAR, 4);
      await ask(world, submit('p1'));
      for (let round = 0; round < 12; round += 1) {
        world.quote(A, 99 * DOLLAR, 100 * DOLLAR, 4);
        await world.settle();
      }

      const [first, ...fills] = world.updates().filter((report) => report.clientOrderId === 'p1');
      expect(first?.event).toBe('new');
      expect(fills.length).toBeGreaterThan(1);
      expect(fills.map((report) => report.event)).toEqual(
        fills.map((_, at) => (at === fills.length - 1 ? 'fill' : 'partialFill')),
      );
      const executions = fills.flatMap((report) => report.executions);
      expect(executions).toHaveLength(fills.length);
      expect(new Set(executions.map((execution) => execution.executionId)).size).toBe(fills.length);
      let filled = 0;
      for (const report of fills) {
        filled += report.executions[0]?.quantity ?? 0;
        expect(report.filledQuantity).toBe(filled);
      }
      expect(filled).toBe(10);
    });

    it('lets a limit rest until the market comes to it', async () => {
      const world = await open(make);
      await ask(world, limit('l1', 98 * DOLLAR));
      expect(eventsOf(world, 'l1')).toEqual(['new']);

      world.quote(A, 97 * DOLLAR, 98 * DOLLAR);
      await world.settle();

      expect(eventsOf(world, 'l1')).toEqual(['new', 'fill']);
      expect(world.updates().at(-1)?.executions[0]?.price).toBe(98 * DOLLAR);
    });

    it('cancels the rest of an ioc at once', async () => {
      const world = await open(make);

      const answer = await ask(world, limit('i1', 98 * DOLLAR, { timeInForce: 'ioc' }));

      expect(answer.outcome).toBe('done');
      expect(eventsOf(world, 'i1')).toEqual(['new', 'canceled']);
    });

    it('cancels an open order, and says done again when asked again', async () => {
      const world = await open(make);
      await ask(world, limit('c1', 50 * DOLLAR));

      expect((await ask(world, cancel('c1'))).outcome).toBe('done');
      expect((await ask(world, cancel('c1'))).outcome).toBe('done');

      expect(eventsOf(world, 'c1')).toEqual(['new', 'canceled']);
      world.quote(A, 40 * DOLLAR, 41 * DOLLAR);
      await world.settle();
      expect(world.positionOf(A)).toBe(0);
    });

    it('lets the fill win when the cancel comes too late', async () => {
      const world = await open(make);
      await ask(world, limit('r1', 98 * DOLLAR));

      const late = world.request(cancel('r1'));
      world.quote(A, 97 * DOLLAR, 98 * DOLLAR);
      await world.settle();

      expect(world.answersTo(late)).toMatchObject([
        { outcome: 'refused', code: 'ORDER_NOT_CANCELABLE' },
      ]);
      expect(eventsOf(world, 'r1')).toEqual(['new', 'fill']);
    });

    it('refuses to cancel what it never saw', async () => {
      const world = await open(make);

      expect(await ask(world, cancel('none'))).toMatchObject({
        outcome: 'refused',
        code: 'ORDER_NOT_FOUND',
      });
    });

    it('replaces an order by a successor with its own id', async () => {
      const world = await open(make);
      await ask(world, limit('s1', 90 * DOLLAR));

      const answer = await ask(world, replace('s1', 's2', 20, 91 * DOLLAR));

      expect(answer).toMatchObject({
        outcome: 'done',
        order: { clientOrderId: 's2', quantity: 20, limitPrice: 91 * DOLLAR },
      });
      expect(eventsOf(world, 's1')).toEqual(['new', 'replaced']);
      expect(eventsOf(world, 's2')).toEqual(['new']);
      expect(onVenue(world, 's1')).toMatchObject([{ status: 'replaced', successor: 's2' }]);
      world.quote(A, 89 * DOLLAR, 90 * DOLLAR);
      await world.settle();
      expect(world.positionOf(A)).toBe(20);
    });

    it('refuses to replace an order that was filled first', async () => {
      const world = await open(make);
      await ask(world, submit('s3'));

      const answer = await ask(world, replace('s3', 's4', 20, 91 * DOLLAR));

      expect(answer).toMatchObject({ outcome: 'refused', code: 'ORDER_NOT_REPLACEABLE' });
      expect(await ask(world, enquire('s4'))).toMatchObject({ code: 'ORDER_NOT_FOUND' });
    });

    it('makes one order of 2, 7 and 100 submits with one id', async () => {
      const world = await open(make, { ...RICH, startingCash: 1_000_000 * DOLLAR });
      for (const times of [2, 7, 100]) {
        const id = `b9-${times}`;
        const requests: number[] = [];
        for (let at = 0; at < times; at += 1) requests.push(world.request(submit(id)));
        await world.settle();
        const answers = requests.flatMap((request) => world.answersTo(request));

        expect(answers).toHaveLength(times);
        expect(answers.filter((answer) => answer.outcome === 'done')).toHaveLength(1);
        const refused = answers.filter((answer) => answer.outcome === 'refused');
        expect(refused).toHaveLength(times - 1);
        expect(new Set(refused.map((answer) => answer.code))).toEqual(
          new Set(['DUPLICATE_CLIENT_ORDER_ID']),
        );
        expect(onVenue(world, id)).toHaveLength(1);
        expect(eventsOf(world, id)).toEqual(['new', 'fill']);
      }
      expect(world.positionOf(A)).toBe(30);
    });

    it('never frees an id, not even after a cancel', async () => {
      const world = await open(make);
      await ask(world, limit('f1', 50 * DOLLAR));
      await ask(world, cancel('f1'));

      expect(await ask(world, submit('f1'))).toMatchObject({ code: 'DUPLICATE_CLIENT_ORDER_ID' });
    });

    it('answers an enquiry with the state and all executions', async () => {
      const world = await open(make);
      await ask(world, submit('e1'));

      const answer = await ask(world, enquire('e1'));

      expect(answer.outcome).toBe('done');
      expect(answer.order).toMatchObject({
        event: 'snapshot',
        status: 'filled',
        filledQuantity: 10,
      });
      expect(answer.order?.executions).toEqual(world.updates().at(-1)?.executions);
      expect((await ask(world, enquire('e1', 2))).order).toEqual(
        expect.objectContaining({ executions: answer.order?.executions }),
      );
    });

    it('answers an enquiry about nothing with not found', async () => {
      const world = await open(make);

      const answer = await ask(world, enquire('nobody'));

      expect(answer).toMatchObject({ outcome: 'refused', code: 'ORDER_NOT_FOUND' });
      expect(answer.order).toBeUndefined();
    });

    it('fills nothing while the symbol is halted', async () => {
      const world = await open(make);
      world.halt(A);
      const answer = await ask(world, submit('h1'));
      world.quote(A, 99 * DOLLAR, 100 * DOLLAR);
      await world.settle();

      expect(answer.outcome).toBe('done');
      expect(eventsOf(world, 'h1')).toEqual(['new']);

      world.resume(A);
      world.quote(A, 99 * DOLLAR, 101 * DOLLAR);
      await world.settle();
      expect(eventsOf(world, 'h1')).toEqual(['new', 'fill']);
      expect(world.updates().at(-1)?.executions[0]?.price).toBe(101 * DOLLAR);
    });

    it('keeps an order sent outside of the session until the session opens', async () => {
      const world = await open(make);
      world.closeSession();
      const answer = await ask(world, submit('o1'));
      world.quote(A, 99 * DOLLAR, 100 * DOLLAR);
      await world.settle();

      expect(answer).toMatchObject({ outcome: 'done', order: { status: 'accepted' } });
      expect(eventsOf(world, 'o1')).toEqual([]);

      world.openSession();
      world.quote(A, 99 * DOLLAR, 102 * DOLLAR);
      await world.settle();
      expect(eventsOf(world, 'o1')).toEqual(['new', 'fill']);
      expect(world.updates().at(-1)?.executions[0]?.price).toBe(102 * DOLLAR);
    });

    it('lets day orders expire at the close', async () => {
      const world = await open(make);
      await ask(world, limit('d1', 50 * DOLLAR));

      world.closeSession();
      await world.settle();

      expect(eventsOf(world, 'd1')).toEqual(['new', 'expired']);
      expect(await ask(world, cancel('d1'))).toMatchObject({ code: 'ORDER_NOT_CANCELABLE' });
    });

    it.each([
      ['no shares', submit('q1', { quantity: shares(0) }), 'QUANTITY_INVALID'],
      [
        'more than the money',
        submit('q2', { quantity: shares(1_001) }),
        'INSUFFICIENT_BUYING_POWER',
      ],
      ['a sale of nothing held', submit('q3', { side: 'sell' }), 'SHORTING_NOT_ALLOWED'],
      ['a limit between two cents', limit('q4', 99 * DOLLAR + 50), 'SUB_PENNY'],
      ['less than a dollar', limit('q5', 9_999, { quantity: shares(1) }), 'COST_BASIS_TOO_SMALL'],
    ])('refuses %s, and leaves no order behind', async (_, effect, code) => {
      const world = await open(make);

      expect(await ask(world, effect)).toMatchObject({ outcome: 'refused', code });
      expect(world.allOrders()).toEqual([]);
      expect(world.cash()).toBe(100_000 * DOLLAR);
    });

    it('reserves the money of open orders', async () => {
      const world = await open(make);
      await ask(world, limit('v1', 50 * DOLLAR, { quantity: shares(1_500) }));

      const terms = { symbol: B, quantity: shares(2_501) };
      expect(await ask(world, submit('v2', terms))).toMatchObject({
        code: 'INSUFFICIENT_BUYING_POWER',
      });
      await ask(world, cancel('v1'));
      expect((await ask(world, submit('v3', terms))).outcome).toBe('done');
    });

    it('sells only what is held and not promised', async () => {
      const world = await open(make);
      await ask(world, submit('w1'));
      await ask(world, limit('w2', 120 * DOLLAR, { side: 'sell', quantity: shares(6) }));

      const answer = await ask(world, submit('w3', { side: 'sell', quantity: shares(5) }));

      expect(answer).toMatchObject({ outcome: 'refused', code: 'INSUFFICIENT_QUANTITY' });
      await ask(world, submit('w4', { side: 'sell', quantity: shares(4) }));
      expect(world.positionOf(A)).toBe(6);
    });

    it('refuses an order that could trade with our own', async () => {
      const world = await open(make);
      await ask(world, submit('x1'));
      await ask(world, limit('x2', 120 * DOLLAR, { side: 'sell', quantity: shares(5) }));

      expect(await ask(world, submit('x3'))).toMatchObject({ code: 'WASH_TRADE' });
      expect(await ask(world, limit('x4', 120 * DOLLAR))).toMatchObject({ code: 'WASH_TRADE' });
      expect((await ask(world, limit('x5', 119 * DOLLAR))).outcome).toBe('done');
    });
  });
}

const RICH: BrokerSetup = { startingCash: 100_000 * DOLLAR, isPartial: false };

/** A world in which both symbols are quoted. */
async function open(
  make: (setup: BrokerSetup) => BrokerWorld,
  setup: BrokerSetup = RICH,
): Promise<BrokerWorld> {
  const world = make(setup);
  world.quote(A, 99 * DOLLAR, 100 * DOLLAR);
  world.quote(B, 9 * DOLLAR, 10 * DOLLAR);
  await world.settle();
  return world;
}

/** The one answer to one request. */
async function ask(world: BrokerWorld, effect: Effect): Promise<Answer> {
  const request = world.request(effect);
  await world.settle();
  const answers = world.answersTo(request);
  expect(answers).toHaveLength(1);
  return answers[0] ?? expect.fail('an answer');
}

function eventsOf(world: BrokerWorld, id: string): readonly string[] {
  const updates = world.updates().filter((report) => report.clientOrderId === id);
  return updates.map((report) => report.event);
}

function onVenue(world: BrokerWorld, id: string): readonly OrderReport[] {
  return world.allOrders().filter((report) => report.clientOrderId === id);
}
