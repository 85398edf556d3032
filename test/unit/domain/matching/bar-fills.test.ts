import { describe, expect, it } from 'vitest';
import { symbolId } from '../../../../src/core/ids.ts';
import { shares } from '../../../../src/core/money.ts';
import { HOUR, MINUTE, SECOND } from '../../../../src/core/time.ts';
import { BAR_FINAL, BAR_UPDATED } from '../../../../src/domain/market/event-batch.ts';
import { limit, submit } from '../../../order-effects.ts';
import { CLOSE_US, NEXT_OPEN_US, SimulatedWorld } from '../../../simulated-world.ts';
import { bar, fillsOf, resting } from './market-events.ts';

const DOLLAR = 10_000;

describe('fills at bars', () => {
  it('fills a market order at the open of the next bar plus half the spread', () => {
    const world = new SimulatedWorld({ barSpreadBps: 20 });
    bar(world, 100, 101, 99, 100);
    world.request(submit('a'));
    world.request(submit('b', { quantity: shares(5) }));
    bar(world, 102, 103, 101, 102);
    world.settle();
    world.request(submit('c', { side: 'sell', quantity: shares(5) }));
    bar(world, 100, 101, 99, 100);
    world.settle();

    expect(fillsOf(world, 'a')).toEqual([[10, 1_021_020]]);
    expect(fillsOf(world, 'b')).toEqual([[5, 1_021_020]]);
    expect(fillsOf(world, 'c')).toEqual([[5, 999_000]]);
  });

  it('does not fill at an open from before the order', () => {
    const world = new SimulatedWorld();
    bar(world, 100, 101, 99, 100);
    world.agenda.runTo(world.agenda.nowUs + 30 * SECOND);
    world.request(submit('a'));
    bar(world, 102, 103, 101, 102, world.agenda.nowUs - 30 * SECOND);
    world.settle();
    expect(fillsOf(world, 'a')).toEqual([]);

    bar(world, 104, 105, 103, 104);
    world.settle();
    expect(fillsOf(world, 'a')).toEqual([[10, 104 * DOLLAR]]);
  });

  it('fills a resting limit at the limit, even where a bar opens at a better price', () => {
    const world = new SimulatedWorld();
    bar(world, 100, 101, 99, 100);
    world.request(limit('a', 98 * DOLLAR));
    bar(world, 100, 101, 99, 100);
    world.settle();
    expect(fillsOf(world, 'a')).toEqual([]);

    bar(world, 95, 96, 94, 95);
    world.settle();
    expect(fillsOf(world, 'a')).toEqual([[10, 98 * DOLLAR]]);
  });

  it('fills a limit that the next open satisfies at that open', () => {
    const world = new SimulatedWorld();
    bar(world, 100, 101, 99, 100);
    world.request(limit('a', 105 * DOLLAR));
    bar(world, 101, 102, 100, 101);
    world.settle();

    expect(fillsOf(world, 'a')).toEqual([[10, 101 * DOLLAR]]);
  });

  it.each([
    ['paper', [[10, 98 * DOLLAR]]],
    ['realistic', []],
  ] as const)('%s mode: a bar that only touches the limit', (mode, expected) => {
    const world = new SimulatedWorld({ mode });
    bar(world, 100, 101, 99, 100);
    world.request(limit('a', 98 * DOLLAR));
    bar(world, 100, 101, 98, 100);
    world.settle();

    expect(fillsOf(world, 'a')).toEqual(expected);
  });

  it('fills no more than the volume in realistic mode', () => {
    const world = new SimulatedWorld({ mode: 'realistic' });
    bar(world, 100, 101, 99, 100);
    world.request(submit('a', { quantity: shares(80) }));
    world.request(submit('b', { quantity: shares(30) }));
    bar(world, 100, 101, 99, 100);
    world.settle();

    expect(fillsOf(world, 'a')).toEqual([[80, 100 * DOLLAR]]);
    expect(fillsOf(world, 'b')).toEqual([[20, 100 * DOLLAR]]);
  });

  it('gives an ioc the next bar and no other', () => {
    const world = new SimulatedWorld();
    bar(world, 100, 101, 99, 100);
    world.request(limit('a', 90 * DOLLAR, { timeInForce: 'ioc' }));
    world.settle();
    expect(world.updates().map(({ event }) => event)).toEqual(['new']);

    bar(world, 100, 101, 99, 100);
    world.settle();
    expect(world.updates().map(({ event }) => event)).toEqual(['new', 'canceled']);
  });

  it('gives an ioc that waits for a bar the first quote, if one comes', () => {
    const world = new SimulatedWorld();
    bar(world, 100, 101, 99, 100);
    world.request(limit('a', 90 * DOLLAR, { timeInForce: 'ioc' }));
    world.settle();
    world.quote(symbolId(0), 99 * DOLLAR, 100 * DOLLAR);
    world.settle();

    expect(world.updates().map(({ event }) => event)).toEqual(['new', 'canceled']);
  });

  it('ignores bars that are not final, corrected ones, and impossible ones', () => {
    const world = new SimulatedWorld();
    bar(world, 100, 101, 99, 100);
    world.request(submit('a'));
    bar(world, 100, 101, 99, 100, world.agenda.nowUs, 0);
    bar(world, 100, 101, 99, 100, world.agenda.nowUs, BAR_FINAL | BAR_UPDATED);
    bar(world, 100, 99, 101, 100);
    world.settle();

    expect(fillsOf(world, 'a')).toEqual([]);
  });

  it('does not use bars once a symbol is quoted', () => {
    const world = resting('paper');
    bar(world, 90, 91, 89, 90);
    world.settle();

    expect(fillsOf(world, 'a')).toEqual([]);
  });

  it('counts the bar that ends at the close, and only then lets day orders expire', () => {
    const world = new SimulatedWorld();
    bar(world, 100, 101, 99, 100);
    world.agenda.runTo(CLOSE_US - 2 * MINUTE);
    world.request(limit('a', 98 * DOLLAR));
    world.request(limit('b', 50 * DOLLAR));
    world.agenda.runTo(CLOSE_US - MINUTE);
    bar(world, 99, 99, 97, 97);
    world.agenda.runTo(CLOSE_US + MINUTE);

    const last = world.updates().map(({ clientOrderId, event }) => `${clientOrderId} ${event}`);
    expect(last).toEqual(['a new', 'b new', 'a fill', 'b expired']);
  });

  it('fills an order sent after the close at the open of the next session', () => {
    const world = new SimulatedWorld({ feedLatencyUs: 0 });
    bar(world, 100, 101, 99, 100);
    world.agenda.runTo(CLOSE_US + HOUR);
    world.request(submit('a'));
    bar(world, 97, 98, 96, 97); // After hours.
    world.agenda.runTo(NEXT_OPEN_US - MINUTE);
    bar(world, 98, 99, 97, 98); // Before hours.
    world.agenda.runTo(NEXT_OPEN_US);
    bar(world, 99, 100, 98, 99);
    world.settle();

    expect(fillsOf(world, 'a')).toEqual([[10, 99 * DOLLAR]]);
  });
});
