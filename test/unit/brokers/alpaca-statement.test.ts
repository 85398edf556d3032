import { describe, expect, it } from 'vitest';
import { type AccountId, symbolId, textId } from '../../../src/core/ids.ts';
import type { Effect } from '../../../src/ports/effect.ts';
import { AlpacaScene, NOW_US } from './alpaca-scene.ts';
import { ACCOUNT, fillActivity, wireOrder } from './scripted-venue.ts';

const ORDERS = '/v2/orders';
const FILLS = '/v2/account/activities/FILL';

describe('a statement', () => {
  it("C3 tells cash, positions and orders, ours and everybody's", async () => {
    const scene = await AlpacaScene.up();
    scene.venue.on('GET', '/v2/positions', {
      body: [
        position('AAPL', '140', '32334'),
        position('MSFT', '-20', '-8123.45678', { side: 'short' }),
        position('BTCUSD', '0.5', '40000'),
      ],
    });
    const filled = wireOrder('ours', { status: 'filled', filled_qty: '100' });
    scene.venue.on('GET', ORDERS, ({ query }) => ({
      body: query.get('status') === 'open' ? [wireOrder('web-9')] : [filled],
    }));
    scene.venue.on('GET', FILLS, { body: [fillActivity('ours', 100, 100)] });

    const answer = await scene.perform(reconcile());

    expect(answer.outcome).toBe('done');
    expect(answer.statement).toMatchObject({
      account: 'contract',
      cash: 742_101_100,
      equity: 1_003_128_700,
      positions: [
        { symbol: symbolId(0), quantity: 140, cost: 323_340_000 },
        { symbol: symbolId(1), quantity: -20, cost: -81_234_567 },
      ],
      unlisted: ['BTCUSD'],
      venueUs: NOW_US,
    });
    expect(answer.statement?.orders).toMatchObject([
      { clientOrderId: 'web-9', status: 'new', event: 'snapshot' },
      { clientOrderId: 'ours', status: 'filled', executions: [{ executionId: 'v-ours/100' }] },
    ]);
  });

  it('C3 tells a fraction of a share, and orders of what has no id, by name', async () => {
    const scene = await AlpacaScene.up();
    scene.venue.on('GET', '/v2/positions', { body: [position('AAPL', '10.25', '2314')] });
    scene.venue.on('GET', ORDERS, {
      body: [
        wireOrder('o1', { symbol: 'ETH/USD', qty: '0.1' }),
        wireOrder('o2', { symbol: null, side: null, order_class: 'mleg' }),
      ],
    });

    const { statement } = await scene.perform(reconcile());

    expect(statement?.positions).toMatchObject([{ quantity: 10 }]);
    expect(statement?.unlisted).toEqual(['AAPL (10.25)', 'ETH/USD', '(several legs)']);
    expect(statement?.orders).toEqual([]);
  });

  it.each([
    ['the account', '/v2/account', { status: 500, text: '' }],
    ["the account's cash", '/v2/account', { body: { ...ACCOUNT, cash: 'much' } }],
    ['the positions', '/v2/positions', { status: 503, text: 'busy' }],
    ["the positions' form", '/v2/positions', { body: { positions: [] } }],
    ['one position', '/v2/positions', { body: [{ symbol: 'AAPL', qty: 'some' }] }],
    ['what one cost', '/v2/positions', { body: [position('AAPL', '1', 'a lot')] }],
    ['the orders', ORDERS, { status: 500, text: '' }],
    ['one order', ORDERS, { body: [{ id: 'x' }] }],
    ['the executions', FILLS, { status: 502, text: '<html>' }],
    ['the connection', '/v2/positions', { instead: 'reset' }],
  ] as const)('C4 is none when %s cannot be read', async (_, path, scripted) => {
    const scene = await AlpacaScene.up();
    scene.venue.on('GET', path, scripted);

    const answer = await scene.perform(reconcile());

    expect(answer).toMatchObject({ outcome: 'failed', code: 'STATEMENT_INCOMPLETE' });
    expect(answer.statement).toBeUndefined();
  });

  it('is taken anew when cash moves while it is read', async () => {
    const scene = await AlpacaScene.up();
    const cash = ['100', '90', '90', '90'];
    scene.venue.on('GET', '/v2/account', ({ path }) =>
      path.includes('FILL') ? { body: [] } : { body: { ...ACCOUNT, cash: cash.shift() ?? '90' } },
    );

    const { statement } = await scene.perform(reconcile());

    expect(statement?.cash).toBe(900_000);
    expect(cash).toEqual([]);
  });

  it('is taken anew when a fill is heard while it is read', async () => {
    const scene = await AlpacaScene.up();
    let reads = 0;
    scene.venue.on('GET', '/v2/positions', () => {
      reads += 1;
      if (reads > 1) return { body: [position('AAPL', '100', '23141')] };
      const more = { qty: '100', price: '231.41', position_qty: '100' };
      scene.venue.update('fill', wireOrder('f1', { filled_qty: '100' }), more);
      return { body: [], after: scene.until(() => scene.reports.length > 0, 'the fill') };
    });
    // Its cash as it was: the fill is not in it yet, or was paid for by another one.
    scene.venue.on('GET', `${ORDERS}/v-f1`, { body: wireOrder('f1', { filled_qty: '100' }) });

    const { statement } = await scene.perform(reconcile());

    expect(reads).toBe(2);
    expect(statement?.positions).toMatchObject([{ quantity: 100 }]);
  });

  it('is none when the account never stands still', async () => {
    const scene = await AlpacaScene.up();
    let cents = 0;
    scene.venue.on('GET', '/v2/account', ({ path }) => {
      if (path.includes('FILL')) return { body: [] };
      cents += 1;
      return { body: { ...ACCOUNT, cash: `100.${String(cents).padStart(2, '0')}` } };
    });

    expect(await scene.perform(reconcile())).toMatchObject({
      outcome: 'failed',
      message: 'the account changes while it is read',
    });
    expect(cents).toBe(6);
  });

  it('C2 is the same when it is taken twice', async () => {
    const scene = await AlpacaScene.up();
    const filled = wireOrder('ours', { status: 'filled', filled_qty: '100' });
    scene.venue.on('GET', ORDERS, { body: [filled] });
    scene.venue.on('GET', FILLS, {
      body: [fillActivity('ours', 40, 40), fillActivity('ours', 60, 100)],
    });

    const first = await scene.perform(reconcile());
    const second = await scene.perform(reconcile());

    expect(second.statement).toEqual(first.statement);
    expect(first.statement?.orders[0]?.executions).toHaveLength(2);
  });
});

function reconcile(): Effect {
  const account = textId<AccountId>('contract');
  return { kind: 'reconcile', account, sinceUs: NOW_US - 60_000_000, attempt: 1 };
}

function position(symbol: string, qty: string, cost: string, more: object = {}): object {
  return { symbol, qty, qty_available: qty, cost_basis: cost, side: 'long', ...more };
}
