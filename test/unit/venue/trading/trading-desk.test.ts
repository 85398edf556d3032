import { describe, expect, it } from 'vitest';
import { DeskWorld, object, text } from './desk-world.ts';

describe('a market order', () => {
  it('is answered early, then acknowledged, then filled at the far side', () => {
    const world = new DeskWorld();
    world.quote(99, 100);
    const { status, body } = world.submit({ client_order_id: 'one' });

    expect([status, object(body)['status'], object(body)['client_order_id']]).toEqual([
      200,
      'pending_new',
      'one',
    ]);
    world.pass();
    expect(world.said()).toEqual(['pending_new', 'new', 'fill']);
    expect(world.updates.at(-1)).toMatchObject({ price: '100', qty: '10', position_qty: '10' });
    expect(world.statusOf(text(body, 'id'))).toBe('filled');
    expect(world.account()).toMatchObject({ cash: '99000', equity: '99995', multiplier: '4' });
  });
});
