import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  parseAmount,
  parseFillPrice,
  parseQuantity,
  priceText,
  sharesOf,
} from '../../../src/brokers/alpaca/amounts.ts';
import { Holdings } from '../../../src/brokers/alpaca/holdings.ts';
import { executionOf, KnownOrders } from '../../../src/brokers/alpaca/known-orders.ts';
import { readOrder } from '../../../src/brokers/alpaca/wire-order.ts';
import { textId, type VenueOrderId } from '../../../src/core/ids.ts';
import { price, SHARES_MAX } from '../../../src/core/money.ts';

describe('amounts', () => {
  it('come back from the wire as they went', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9_000_000_000 }), (ticks) => {
        const text = priceText(price(ticks));
        expect(parseFillPrice(text)).toBe(ticks);
        // The venue writes `231.4` for `231.40`.
        expect(parseFillPrice(text.replace(/\.?0+$/, ''))).toBe(ticks);
      }),
    );
  });

  it.each([
    ['231.41005', 2_314_101],
    ['231.410049', 2_314_100],
    ['0.00005', 1],
    ['0.00004', undefined],
    ['abc', undefined],
    ['-1', undefined],
    ['', undefined],
  ])('a price of %s is %s', (text, ticks) => {
    expect(parseFillPrice(text)).toBe(ticks);
  });

  it.each([
    ['74210.11', 742_101_100],
    ['-8123.456789', -81_234_567],
    ['40000', 400_000_000],
    ['much', undefined],
  ])('an amount of %s is %s', (text, ticks) => {
    expect(parseAmount(text)).toBe(ticks);
  });

  it.each([
    ['40', 40, '40', false],
    ['40.0', 40, '40', false],
    ['040', 40, '40', false],
    ['-20', -20, '-20', false],
    ['0', 0, '0', false],
    ['-0', 0, '0', false],
    ['-0.0', 0, '0', false],
    ['0.5', 0, '0.5', true],
    ['-0.500', 0, '-0.5', true],
    ['2.123456789', 2, '2.123456789', true],
    ['100.10', 100, '100.1', true],
  ])('a quantity of %s is %i whole shares, written %s', (text, whole, canonical, isFractional) => {
    expect(parseQuantity(text)).toEqual({ whole, text: canonical, isFractional });
  });

  it.each(['', 'x', '1e5', '1.', '.5', '--1', 'NaN'])('"%s" is no quantity', (text) => {
    expect(parseQuantity(text)).toBeUndefined();
  });

  it('a quantity that no order of ours has is told as the most that one can', () => {
    expect(sharesOf(quantity('3000000000'))).toBe(SHARES_MAX);
    expect(sharesOf(quantity('-1'))).toBe(0);
  });
});

describe('fills', () => {
  it('in fractions make whole shares whose sum is the whole of their sum', () => {
    const parts = fc.array(fc.integer({ min: 1, max: 3_000_000_000 }), {
      minLength: 1,
      maxLength: 30,
    });

    fc.assert(
      fc.property(parts, (nanos) => {
        let sum = 0n;
        let told = 0;
        for (const part of nanos) {
          sum += BigInt(part);
          const fill = {
            cumulative: quantity(decimal(sum)),
            quantity: quantity(decimal(BigInt(part))),
            price: price(1),
            venueUs: 0,
          };
          told += executionOf(textId<VenueOrderId>('v'), fill)?.quantity ?? 0;
        }
        expect(told).toBe(Number(sum / 1_000_000_000n));
      }),
      // Three shares less a milliardth are not three: in doubles with a tolerance they were.
      { examples: [[[3, 19, 2_999_999_969, 8, 2_102_951_146]]] },
    );
  });
});

describe('KnownOrders', () => {
  it('takes back neither an end nor a fill', () => {
    const known = new KnownOrders();
    for (const [status, filled] of [
      ['partially_filled', '40'],
      ['new', '0'],
      ['canceled', '40'],
      ['pending_cancel', '40'],
    ]) {
      const order = read('a', { status, filled_qty: filled });
      known.see(order);
    }

    expect(known.get(textId<VenueOrderId>('a'))).toMatchObject({
      status: 'canceled',
      filled: { whole: 40 },
    });
    expect(known.open()).toEqual([]);
  });

  it('forgets the oldest that have ended, and none that is open', () => {
    const known = new KnownOrders(3);
    known.see(read('open', {}));
    for (const id of ['a', 'b', 'c', 'd']) known.see(read(id, { status: 'filled' }));

    const kept = ['open', 'a', 'b', 'c', 'd'].filter(
      (id) => known.get(textId<VenueOrderId>(id)) !== undefined,
    );
    expect(kept).toEqual(['open', 'c', 'd']);
  });

  it('takes a day order that is done for the day as ended, a gtc order not', () => {
    const known = new KnownOrders();
    known.see(read('day', { status: 'done_for_day', time_in_force: 'day' }));
    known.see(read('gtc', { status: 'done_for_day', time_in_force: 'gtc' }));

    expect(known.open().map(({ venueOrderId }) => venueOrderId)).toEqual(['gtc']);
  });
});

describe('Holdings', () => {
  it('takes for an exit what closes no more than is held and not promised', () => {
    const known = new KnownOrders();
    const holdings = new Holdings(known);
    const sale = (count: number, replaces?: VenueOrderId) =>
      holdings.isReducing({
        symbolName: 'A',
        side: 'sell',
        quantity: count,
        ...(replaces === undefined ? {} : { replaces }),
      });
    expect(sale(1)).toBe(false);
    holdings.set('A', quantity('10'));
    expect([sale(10), sale(11)]).toEqual([true, false]);

    known.see(read('s', { side: 'sell', qty: '6', filled_qty: '2' }));
    expect([sale(6), sale(7)]).toEqual([true, false]);
    expect(sale(10, textId<VenueOrderId>('s'))).toBe(true);
    known.see(read('s', { side: 'sell', qty: '6', filled_qty: '2', status: 'canceled' }));
    expect(sale(10)).toBe(true);

    const purchase = { symbolName: 'A', side: 'buy', quantity: 4 } as const;
    expect(holdings.isReducing(purchase)).toBe(false);
    holdings.set('A', quantity('-4'));
    expect(holdings.isReducing(purchase)).toBe(true);
    holdings.replaceAll([]);
    expect(holdings.isReducing(purchase)).toBe(false);
  });
});

describe('readOrder', () => {
  it('reads any JSON without a crash', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.dictionary(fc.constantFrom(...KEYS), fc.jsonValue()),
        (any, o) => {
          expect(() => [readOrder(any), readOrder(o)]).not.toThrow();
        },
      ),
    );
  });
});

const KEYS = ['id', 'symbol', 'side', 'qty', 'filled_qty', 'status', 'legs', 'client_order_id'];

function read(id: string, more: object) {
  const order = readOrder({
    id,
    client_order_id: id,
    symbol: 'A',
    side: 'buy',
    qty: '100',
    ...more,
  });
  return order ?? expect.fail('an order');
}

function quantity(text: string) {
  return parseQuantity(text) ?? expect.fail(`${text} is a quantity`);
}

function decimal(nanos: bigint): string {
  const digits = String(nanos).padStart(10, '0');
  return `${digits.slice(0, -9)}.${digits.slice(-9)}`;
}
