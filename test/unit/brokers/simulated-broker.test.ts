import { describe, expect, it } from 'vitest';
import { DecodeError } from '../../../src/core/bytes.ts';
import { symbolId, textId } from '../../../src/core/ids.ts';
import { money, shares } from '../../../src/core/money.ts';
import { MS, SECOND } from '../../../src/core/time.ts';
import { alwaysOpen } from '../../../src/domain/matching/trading-session.ts';
import { cancel, enquire, limit, replace, submit } from '../../order-effects.ts';
import { CLOSE_US, NEXT_OPEN_US, SimulatedWorld } from '../../simulated-world.ts';

const A = symbolId(0);
const B = symbolId(1);
const DOLLAR = 10_000;

describe('the simulated broker in virtual time', () => {
  it('answers after the way there and back, and reports a microsecond later', () => {
    const world = quoted();
    const sentUs = world.agenda.nowUs;
    world.request(submit('a'));
    world.settle();

    const heard = world.agenda.heard.map(({ atUs, input }) => [input.kind, atUs - sentUs]);
    expect(heard).toEqual([
      ['answered', 35 * MS],
      ['orderUpdated', 35 * MS + 1],
      ['orderUpdated', 35 * MS + 1],
    ]);
  });

  it('gives the venue every frame that it knew when the order came', () => {
    const world = new SimulatedWorld({ feedLatencyUs: 10 * MS });
    world.quote(A, 99 * DOLLAR, 100 * DOLLAR);
    world.request(submit('a'));
    // Received 20 and 30 ms after the request; at the venue before the order, which takes 20 ms.
    world.agenda.runTo(world.agenda.nowUs + 10 * MS);
    world.quote(A, 99 * DOLLAR, 101 * DOLLAR);
    world.quote(A, 99 * DOLLAR, 102 * DOLLAR);
    world.quote(A, 99 * DOLLAR, 103 * DOLLAR);
    world.settle();

    expect(world.updates().at(-1)?.executions[0]?.price).toBe(102 * DOLLAR);
  });

  it('reports the fill of a resting order after the way back, in the time of the venue', () => {
    const world = quoted();
    world.request(limit('a', 98 * DOLLAR));
    world.settle();
    world.quote(A, 97 * DOLLAR, 98 * DOLLAR);
    const frameUs = world.agenda.nowUs;
    world.settle();

    const last = world.agenda.heard.at(-1);
    expect(last?.atUs).toBe(frameUs - 2 * MS + 15 * MS + 1);
    expect(world.updates().at(-1)?.venueUs).toBe(frameUs - 2 * MS);
  });

  it('is refused when answers would be faster than the feed', () => {
    expect(() => new SimulatedWorld({ feedLatencyUs: 16 * MS })).toThrow(
      'the answer latency (15000 us) is at least the feed latency (16000 us)',
    );
  });

  it('handles the four effects of a broker and no other', () => {
    const { broker } = new SimulatedWorld();

    expect(broker.handles('submitOrder') && broker.handles('cancelOrder')).toBe(true);
    expect(broker.handles('replaceOrder') && broker.handles('enquireOrder')).toBe(true);
    expect(broker.handles('infer') || broker.handles('alert')).toBe(false);
  });

  it('refuses another account', () => {
    const world = quoted();
    const request = world.request(submit('a', { account: textId('other') }));
    world.settle();

    expect(world.answersTo(request)).toMatchObject([{ code: 'ACCOUNT_UNKNOWN' }]);
  });

  it('refuses symbols that are not listed, not tradable, or not sold by the share', () => {
    const world = new SimulatedWorld({
      symbols: (symbol) =>
        symbol > 1
          ? undefined
          : { name: 'X', assetClass: symbol === 0 ? 'crypto' : 'equity', isTradable: symbol === 0 },
    });
    const requests = [A, B, symbolId(2)].map((symbol) =>
      world.request(limit(`s${symbol}`, DOLLAR, { symbol })),
    );
    world.settle();

    expect(requests.map((request) => world.answersTo(request)[0]?.code)).toEqual([
      'ASSET_NOT_TRADABLE',
      'ASSET_NOT_TRADABLE',
      'ASSET_NOT_FOUND',
    ]);
  });

  it('refuses a market order for what has never had a price', () => {
    const world = new SimulatedWorld();
    const request = world.request(submit('a'));
    world.settle();

    expect(world.answersTo(request)[0]?.code).toBe('PRICE_UNKNOWN');
  });

  it('counts what the old order has filled against the total of its successor', () => {
    const world = new SimulatedWorld({ mode: 'realistic' });
    world.quote(A, 99 * DOLLAR, 100 * DOLLAR, 4);
    world.request(limit('a', 100 * DOLLAR));
    world.settle();
    world.request(replace('a', 'b', 12, 99 * DOLLAR));
    world.settle();

    expect(world.broker.openOrders()).toMatchObject([{ clientOrderId: 'b', quantity: 8 }]);
    const tooLittle = world.request(replace('b', 'c', 0, 99 * DOLLAR));
    world.settle();
    expect(world.answersTo(tooLittle)[0]?.code).toBe('ORDER_NOT_REPLACEABLE');
  });

  it('lets a successor use the money and the shares that the old order held', () => {
    const world = new SimulatedWorld({ startingCash: money(1_000 * DOLLAR) });
    world.quote(A, 99 * DOLLAR, 100 * DOLLAR);
    world.request(limit('a', 90 * DOLLAR));
    world.settle();
    const dearer = world.request(replace('a', 'b', 10, 100 * DOLLAR));
    world.settle();
    world.request(limit('c', 120 * DOLLAR, { side: 'sell' }));
    world.settle();
    const cheaper = world.request(replace('c', 'd', 10, 110 * DOLLAR));
    const tooMany = world.request(replace('d', 'e', 11, 110 * DOLLAR));
    world.settle();

    expect(world.answersTo(dearer)[0]?.outcome).toBe('done');
    expect(world.answersTo(cheaper)[0]?.outcome).toBe('done');
    expect(world.answersTo(tooMany)[0]?.code).toBe('INSUFFICIENT_QUANTITY');
    expect(world.broker.openOrders()).toMatchObject([{ clientOrderId: 'd', status: 'new' }]);
  });

  it('does not replace an order that waits for the session', () => {
    const world = quoted();
    world.closeSession();
    world.request(limit('a', 90 * DOLLAR));
    const request = world.request(replace('a', 'b', 10, 91 * DOLLAR));
    world.settle();

    expect(world.answersTo(request)[0]?.code).toBe('ORDER_NOT_REPLACEABLE');
  });

  it('tells of an expiry a second after the close, on the way back', () => {
    const world = quoted();
    world.request(limit('a', 50 * DOLLAR));
    world.closeSession();

    const last = world.agenda.heard.at(-1);
    expect(last?.atUs).toBe(CLOSE_US + SECOND + 15 * MS + 1);
    expect(world.updates().at(-1)).toMatchObject({ event: 'expired', venueUs: CLOSE_US + SECOND });
  });

  it('keeps an order that came just after the close for the next session', () => {
    const world = quoted();
    world.agenda.runTo(CLOSE_US);
    world.request(submit('a'));
    world.closeSession();
    expect(world.updates()).toEqual([]);

    world.openSession();
    expect(world.updates()).toMatchObject([{ event: 'new', venueUs: NEXT_OPEN_US }]);
  });

  it('does not find an order under a wrong venue id', () => {
    const world = quoted();
    world.request(limit('a', 50 * DOLLAR));
    world.settle();
    const effect = cancel('a');
    const wrong = world.request({ ...effect, venueOrderId: textId('sim-999999') });
    const right = world.request({ ...effect, venueOrderId: textId('sim-000001') });
    world.settle();

    expect(world.answersTo(wrong)[0]?.code).toBe('ORDER_NOT_FOUND');
    expect(world.answersTo(right)[0]?.outcome).toBe('done');
  });

  it('buys no more than cash pays for when the price ran away, and says why', () => {
    const world = new SimulatedWorld({ startingCash: money(1_000 * DOLLAR) });
    world.quote(A, 99 * DOLLAR, 100 * DOLLAR);
    world.halt(A);
    world.request(submit('a'));
    world.settle();
    world.resume(A);
    world.quote(A, 149 * DOLLAR, 150 * DOLLAR);
    world.settle();

    expect(world.updates().map(({ event }) => event)).toEqual(['new', 'partialFill', 'canceled']);
    expect(world.updates().at(-1)).toMatchObject({
      filledQuantity: 6,
      reason: 'insufficient buying power',
    });
    expect(world.cash()).toBe(100 * DOLLAR);
  });

  it('sells short, covers, and never flips, where margin is given', () => {
    const world = new SimulatedWorld({
      multiplier: 2,
      isShortingAllowed: true,
      startingCash: money(1_000 * DOLLAR),
    });
    world.quote(A, 99 * DOLLAR, 100 * DOLLAR);
    // 20 shares count as 20 x $103 = $2,060, and twice the equity is $2,000.
    const tooMuch = world.request(submit('a', { side: 'sell', quantity: shares(20) }));
    world.request(submit('b', { side: 'sell', quantity: shares(10) }));
    world.settle();
    const flip = world.request(submit('c', { quantity: shares(11) }));
    world.settle();

    expect(world.answersTo(tooMuch)[0]?.code).toBe('INSUFFICIENT_BUYING_POWER');
    expect(world.answersTo(flip)[0]?.code).toBe('INSUFFICIENT_QUANTITY');
    expect(world.broker.positions()).toMatchObject([{ quantity: -10, cost: -990 * DOLLAR }]);

    world.quote(A, 89 * DOLLAR, 90 * DOLLAR);
    world.request(submit('d', { quantity: shares(10) }));
    world.settle();
    expect(world.broker.positions()).toEqual([]);
    expect(world.cash()).toBe(1_090 * DOLLAR);
  });

  it('never expires an order in a market that is always open', () => {
    const world = new SimulatedWorld({ sessions: alwaysOpen });
    world.quote(A, 99 * DOLLAR, 100 * DOLLAR);
    world.request(limit('a', 50 * DOLLAR));
    world.closeSession();

    expect(world.updates().map(({ event }) => event)).toEqual(['new']);
  });
});

describe('a broker put back from its bytes', () => {
  it('goes on as if nothing had happened', () => {
    const world = busy();
    const other = busy();
    const bytes = world.broker.save();
    world.broker.restore(bytes);

    expect(world.broker.save()).toEqual(bytes);
    for (const each of [world, other]) goOn(each);
    expect(world.agenda.heard).toEqual(other.agenda.heard);
    expect(world.broker.save()).toEqual(other.broker.save());
    expect(world.updates().some(({ event }) => event === 'expired')).toBe(true);
  });

  it('keeps waiting for the next session with what came after the close', () => {
    const world = quoted();
    world.closeSession();
    world.request(submit('a'));
    world.settle();
    const bytes = world.broker.save();
    world.broker.restore(bytes);
    expect(world.broker.save()).toEqual(bytes);
    world.openSession();

    expect(world.updates().map(({ event }) => event)).toEqual(['new']);
  });

  it('still knows every order and execution', () => {
    const world = busy();
    const before = [world.broker.allOrders(), world.broker.positions(), world.cash()];
    const fresh = new SimulatedWorld({ mode: 'realistic', partialFillChance: 0.5 });
    fresh.broker.restore(world.broker.save());

    expect([fresh.broker.allOrders(), fresh.broker.positions(), fresh.cash()]).toEqual(before);
  });

  it('refuses damaged bytes and those of another account', () => {
    const bytes = busy().broker.save();
    const other = new SimulatedWorld({ account: textId('other') });

    expect(() => other.broker.restore(bytes)).toThrow(DecodeError);
    for (let length = 0; length < bytes.length; length += 7) {
      expect(() => busy().broker.restore(bytes.slice(0, length))).toThrow(DecodeError);
    }
  });
});

function quoted(): SimulatedWorld {
  const world = new SimulatedWorld();
  world.quote(A, 99 * DOLLAR, 100 * DOLLAR);
  return world;
}

/** Filled, partly filled, canceled and resting orders, a halt, and chance that has been drawn. */
function busy(): SimulatedWorld {
  const world = new SimulatedWorld({ mode: 'realistic', partialFillChance: 0.5 });
  world.quote(A, 99 * DOLLAR, 100 * DOLLAR, 7);
  world.quote(B, 9 * DOLLAR, 10 * DOLLAR);
  world.request(submit('a'));
  world.request(limit('b', 9 * DOLLAR, { symbol: B, quantity: shares(200) }));
  world.request(limit('c', 8 * DOLLAR, { symbol: B }));
  world.settle();
  world.request(cancel('c'));
  world.settle();
  world.halt(B);
  return world;
}

function goOn(world: SimulatedWorld): void {
  world.request(submit('a'));
  for (let round = 0; round < 5; round += 1) world.quote(A, 99 * DOLLAR, 100 * DOLLAR, 2);
  world.resume(B);
  world.quote(B, 8 * DOLLAR, 9 * DOLLAR, 150);
  world.request(enquire('b'));
  world.agenda.runTo(world.agenda.nowUs + SECOND);
  world.closeSession();
}
