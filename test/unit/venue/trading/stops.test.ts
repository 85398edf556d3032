import { describe, expect, it } from 'vitest';
import { DeskWorld } from './desk-world.ts';

function holding(): DeskWorld {
  const world = new DeskWorld();
  world.quote(99, 100);
  world.trade(100);
  world.done({});
  return world;
}

describe('a stop', () => {
  it('to sell becomes a market order when a print reaches it', () => {
    const world = holding();
    const id = world.done({ side: 'sell', type: 'stop', stop_price: '95' });
    world.quote(94, 95);
    expect(world.statusOf(id)).toBe('new');
    world.trade(95);

    expect(world.order(id)).toMatchObject({ status: 'filled', filled_avg_price: '94' });
  });

  it.each([
    ['100', 105, '102.5', '103'],
    ['20', 21, '20.8', '21'],
  ])('to buy at %s is a limit order %d away at most', (stop, far, within, beyond) => {
    const world = new DeskWorld();
    world.quote(far - 2, far - 1);
    const id = world.done({ type: 'stop', stop_price: stop });
    world.quote(Number(beyond) - 0.5, Number(beyond));
    world.trade(Number(stop));
    expect(world.statusOf(id)).toBe('new');
    world.quote(Number(within) - 0.5, Number(within));

    expect(world.order(id)).toMatchObject({ status: 'filled', filled_avg_price: within });
  });

  it('with a limit works at its own limit', () => {
    const world = holding();
    const id = world.done({
      side: 'sell',
      type: 'stop_limit',
      stop_price: '95',
      limit_price: '94.5',
    });
    world.quote(94, 95);
    world.trade(94.9);
    expect(world.statusOf(id)).toBe('new');
    world.quote(94.5, 95);

    expect(world.order(id)).toMatchObject({ status: 'filled', filled_avg_price: '94.5' });
  });

  it('is not reached by prints before the open', () => {
    const world = holding();
    const id = world.done({ side: 'sell', type: 'stop', stop_price: '95', time_in_force: 'gtc' });
    world.pass(23 * 3_600_000_000);
    world.quote(89, 90);
    world.trade(90);

    expect(world.statusOf(id)).toBe('done_for_day');
  });
});

describe('a trailing stop', () => {
  it('to sell follows the highest print at its distance, and sells when it is met', () => {
    const world = holding();
    const id = world.done({ side: 'sell', type: 'trailing_stop', trail_price: '3' });
    expect(world.order(id)).toMatchObject({ hwm: '100', stop_price: '97', trail_price: '3' });
    world.trade(110);
    world.trade(108);
    expect(world.order(id)).toMatchObject({ hwm: '110', stop_price: '107', status: 'new' });
    world.quote(106, 107);
    world.trade(107);

    expect(world.order(id)).toMatchObject({ status: 'filled', filled_avg_price: '106' });
  });

  it('by percent keeps its share of the best price', () => {
    const world = holding();
    const id = world.done({ side: 'sell', type: 'trailing_stop', trail_percent: '2.5' });
    world.trade(120);

    expect(world.order(id)).toMatchObject({
      hwm: '120',
      stop_price: '117',
      trail_percent: '2.5',
      trail_price: null,
    });
  });

  it('to buy follows the lowest print', () => {
    const world = new DeskWorld();
    world.quote(99, 100);
    world.trade(100);
    const id = world.done({ type: 'trailing_stop', trail_price: '2' });
    world.trade(95);

    expect(world.order(id)).toMatchObject({ hwm: '95', stop_price: '97' });
    world.quote(96, 97);
    world.trade(97);
    expect(world.order(id)).toMatchObject({ status: 'filled', filled_avg_price: '97' });
  });

  it('keeps its best price when its trail is replaced', () => {
    const world = holding();
    const id = world.done({ side: 'sell', type: 'trailing_stop', trail_price: '3' });
    world.trade(110);
    const { body } = world.desk.replace(id, { trail: '5' }, world.nowUs);
    world.pass();
    const next = String(world.order(id)['replaced_by']);
    world.trade(109);

    expect(body).toMatchObject({ trail_price: '5' });
    expect(world.order(next)).toMatchObject({ hwm: '110', stop_price: '105' });
  });
});
