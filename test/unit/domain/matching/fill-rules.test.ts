import { describe, expect, it } from 'vitest';
import { symbolId } from '../../../../src/core/ids.ts';
import { shares } from '../../../../src/core/money.ts';
import { HOUR } from '../../../../src/core/time.ts';
import {
  CHANNEL_QUOTES,
  GAP,
  QUOTE_ASK,
  QUOTE_BID,
  QUOTE_INELIGIBLE,
  STATUS,
  STATUS_SHORT_RESTRICTED,
  TRADE_REGULAR,
  TRADE_SUSPICIOUS,
  TRADE_VOLUME,
} from '../../../../src/domain/market/event-batch.ts';
import { limit, submit } from '../../../order-effects.ts';
import { SimulatedWorld } from '../../../simulated-world.ts';
import { fillsOf, print, quoteAt, resting } from './market-events.ts';

const A = symbolId(0);
const DOLLAR = 10_000;

describe('fills at quotes, paper', () => {
  it('takes the far side whatever was shown there', () => {
    const world = new SimulatedWorld();
    world.quote(A, 99 * DOLLAR, 100 * DOLLAR, 1);
    world.request(submit('a', { quantity: shares(500) }));
    world.settle();

    expect(fillsOf(world, 'a')).toEqual([[500, 100 * DOLLAR]]);
  });

  it('fills a limit at the quote, not at the limit', () => {
    const world = new SimulatedWorld();
    world.quote(A, 99 * DOLLAR, 100 * DOLLAR);
    world.request(limit('a', 105 * DOLLAR));
    world.settle();

    expect(fillsOf(world, 'a')).toEqual([[10, 100 * DOLLAR]]);
  });

  it('never fills a resting limit at a print', () => {
    const world = resting('paper');
    print(world, 90 * DOLLAR, 1_000);
    world.settle();

    expect(fillsOf(world, 'a')).toEqual([]);
  });

  it('rounds a quote between two ten-thousandths against us', () => {
    const world = new SimulatedWorld();
    world.quote(A, 99.99995 * DOLLAR, 100.00005 * DOLLAR);
    world.request(submit('a'));
    world.settle();
    world.request(submit('b', { side: 'sell' }));
    world.settle();

    expect(fillsOf(world, 'a')).toEqual([[10, 1_000_001]]);
    expect(fillsOf(world, 'b')).toEqual([[10, 999_999]]);
  });

  it.each([
    ['crossed', 101, 100, QUOTE_BID | QUOTE_ASK],
    ['without an ask', 99, 0, QUOTE_BID | QUOTE_ASK],
    ['not firm', 99, 100, QUOTE_BID | QUOTE_ASK | QUOTE_INELIGIBLE],
  ])('does not buy at a quote that is %s', (_, bid, ask, flags) => {
    const world = new SimulatedWorld();
    print(world, 100 * DOLLAR, 1); // So that there is something to value the order by.
    quoteAt(world, 0, bid * DOLLAR, ask * DOLLAR, flags);
    world.request(submit('a'));
    world.settle();

    expect(fillsOf(world, 'a')).toEqual([]);
    expect(world.broker.openOrders()).toHaveLength(1);
  });

  it('does not fill at a quote from before a gap', () => {
    const world = new SimulatedWorld();
    world.quote(A, 99 * DOLLAR, 100 * DOLLAR);
    world.event((batch, nowUs) => batch.add(GAP, -1, nowUs, CHANNEL_QUOTES, 0));
    world.request(submit('a'));
    world.settle();
    expect(fillsOf(world, 'a')).toEqual([]);

    world.quote(A, 99 * DOLLAR, 101 * DOLLAR);
    expect(fillsOf(world, 'a')).toEqual([]); // The word is on its way.
    world.settle();
    expect(fillsOf(world, 'a')).toEqual([[10, 101 * DOLLAR]]);
  });

  it('does not use the other side from before a gap when one side is quoted again', () => {
    const world = new SimulatedWorld();
    world.quote(A, 99 * DOLLAR, 100 * DOLLAR);
    world.event((batch, nowUs) => batch.add(GAP, A, nowUs, CHANNEL_QUOTES, 0));
    quoteAt(world, 0, 98 * DOLLAR, 0, QUOTE_BID);
    print(world, 100 * DOLLAR, 1);
    world.request(submit('a'));
    world.settle();

    expect(fillsOf(world, 'a')).toEqual([]);
  });

  it('builds the best of the quotes of single exchanges', () => {
    const world = new SimulatedWorld();
    quoteAt(world, 1, 98 * DOLLAR, 101 * DOLLAR);
    quoteAt(world, 2, 99 * DOLLAR, 102 * DOLLAR);
    world.request(submit('a'));
    world.settle();
    quoteAt(world, 1, 98 * DOLLAR, 101 * DOLLAR, QUOTE_BID | QUOTE_ASK | QUOTE_INELIGIBLE);
    world.request(submit('b'));
    world.settle();

    expect(fillsOf(world, 'a')).toEqual([[10, 101 * DOLLAR]]);
    expect(fillsOf(world, 'b')).toEqual([[10, 102 * DOLLAR]]);
  });

  it('still knows what single exchanges quoted when put back', () => {
    const world = new SimulatedWorld();
    quoteAt(world, 1, 98 * DOLLAR, 100 * DOLLAR);
    quoteAt(world, 2, 98 * DOLLAR, 101 * DOLLAR);
    world.broker.restore(world.broker.save());
    quoteAt(world, 2, 98 * DOLLAR, 102 * DOLLAR);
    world.request(submit('a'));
    world.settle();

    expect(fillsOf(world, 'a')).toEqual([[10, 100 * DOLLAR]]);
  });

  it('forgets what single exchanges quoted before a gap', () => {
    const world = new SimulatedWorld();
    quoteAt(world, 1, 98 * DOLLAR, 100 * DOLLAR);
    world.event((batch, nowUs) => batch.add(GAP, A, nowUs, CHANNEL_QUOTES, 0));
    quoteAt(world, 2, 98 * DOLLAR, 103 * DOLLAR);
    world.request(submit('a'));
    world.settle();

    expect(fillsOf(world, 'a')).toEqual([[10, 103 * DOLLAR]]);
  });

  it('does not hit the bid with a short sale under the restriction', () => {
    const world = new SimulatedWorld({ multiplier: 2, isShortingAllowed: true });
    world.quote(A, 99 * DOLLAR, 100 * DOLLAR);
    world.event((batch, nowUs) => batch.add(STATUS, A, nowUs, STATUS_SHORT_RESTRICTED, 0));
    world.request(submit('a', { side: 'sell' }));
    world.settle();

    expect(fillsOf(world, 'a')).toEqual([]);
    expect(world.broker.openOrders()).toHaveLength(1);
  });
});

describe('fills at quotes, realistic', () => {
  it('takes what is shown, and the rest at the next quote', () => {
    const world = new SimulatedWorld({ mode: 'realistic' });
    world.quote(A, 99 * DOLLAR, 100 * DOLLAR, 30);
    world.request(submit('a', { quantity: shares(50) }));
    world.settle();
    expect(fillsOf(world, 'a')).toEqual([[30, 100 * DOLLAR]]);

    world.quote(A, 100 * DOLLAR, 101 * DOLLAR, 30);
    world.settle();
    expect(fillsOf(world, 'a')).toEqual([
      [30, 100 * DOLLAR],
      [20, 101 * DOLLAR],
    ]);
  });

  it('gives one shown share to one order only', () => {
    const world = new SimulatedWorld({ mode: 'realistic' });
    world.quote(A, 99 * DOLLAR, 100 * DOLLAR, 15);
    world.request(submit('a'));
    world.request(submit('b'));
    world.settle();

    expect(fillsOf(world, 'a')).toEqual([[10, 100 * DOLLAR]]);
    expect(fillsOf(world, 'b')).toEqual([[5, 100 * DOLLAR]]);
  });

  it('keeps what was taken of the best when another exchange quotes', () => {
    const world = new SimulatedWorld({ mode: 'realistic' });
    quoteAt(world, 1, 98 * DOLLAR, 100 * DOLLAR, QUOTE_BID | QUOTE_ASK, 15);
    world.request(submit('a', { quantity: shares(20) }));
    world.settle();
    quoteAt(world, 2, 98 * DOLLAR, 102 * DOLLAR, QUOTE_BID | QUOTE_ASK, 15);
    world.settle();

    expect(fillsOf(world, 'a')).toEqual([[15, 100 * DOLLAR]]);
  });

  it('cancels the rest of an ioc after one look', () => {
    const world = new SimulatedWorld({ mode: 'realistic' });
    world.quote(A, 99 * DOLLAR, 100 * DOLLAR, 4);
    world.request(submit('a', { timeInForce: 'ioc' }));
    world.settle();

    expect(world.updates().map(({ event }) => event)).toEqual(['new', 'partialFill', 'canceled']);
    expect(world.updates().at(-1)).toMatchObject({ filledQuantity: 4, executions: [] });
  });

  it('fills a resting limit at its limit when the quote comes to it', () => {
    const world = resting('realistic');
    world.quote(A, 97 * DOLLAR, 97.5 * DOLLAR);
    world.settle();

    expect(fillsOf(world, 'a')).toEqual([[10, 98 * DOLLAR]]);
  });

  it('fills a resting limit when others trade through it, up to their size', () => {
    const world = resting('realistic');
    print(world, 98 * DOLLAR, 100);
    world.settle();
    expect(fillsOf(world, 'a')).toEqual([]); // At the limit: somebody may have been ahead.

    print(world, 97.99 * DOLLAR, 4);
    world.settle();
    expect(fillsOf(world, 'a')).toEqual([[4, 98 * DOLLAR]]);
  });

  it.each([
    ['doubted by the feed', TRADE_REGULAR | TRADE_SUSPICIOUS, 0],
    ['not a last sale', TRADE_VOLUME, 0],
    ['older than the order', TRADE_REGULAR, HOUR],
  ])('does not fill at a print that is %s', (_, flags, ageUs) => {
    const world = resting('realistic');
    print(world, 90 * DOLLAR, 100, flags, ageUs);
    world.settle();

    expect(fillsOf(world, 'a')).toEqual([]);
  });
});
