import type { AlpacaApiResponse } from '@alpacahq/alpaca-trade-api';
import { withResponse } from '@alpacahq/alpaca-trade-api';
import { describe, expect, it } from 'vitest';
import { archive, NAME, openDesk } from './desk-venue.ts';
import { closeAfterEach } from './rest-harness.ts';

describe('the trading host under the official client', () => {
  closeAfterEach();

  it('answers the account and its configurations', async () => {
    const { trading } = await openDesk();
    const account = await trading.account.getAccount();
    expect(account).toMatchObject({ status: 'ACTIVE', currency: 'USD', cash: '100000' });

    const { accountConfigurations } = trading;
    const changed = await accountConfigurations.patchAccountConfig({
      accountConfigurations: { noShorting: true },
    });
    expect(changed.noShorting).toBe(true);
    expect((await accountConfigurations.getAccountConfig()).noShorting).toBe(true);
  });

  it('lists the assets and finds one by its symbol and its id', async () => {
    const { trading } = await openDesk();
    const assets = await trading.assets.getV2Assets({ assetClass: 'us_equity' });
    const first = assets.find(({ symbol }) => symbol === NAME);

    expect(assets.length).toBe(archive.symbols.length - 1); // Not the index.
    const byName = await trading.assets.getV2AssetsSymbolOrAssetId({ symbolOrAssetId: NAME });
    const id = String(first?.id);
    const byId = await trading.assets.getV2AssetsSymbolOrAssetId({ symbolOrAssetId: id });
    expect([byName.id, byId.symbol]).toEqual([id, NAME]);
  });

  it('takes an order, shows it by both ids and in lists, and fills it', async () => {
    const { trading, pass } = await openDesk();
    const order = await trading.orders.market({
      symbol: NAME,
      qty: 10,
      side: 'buy',
      timeInForce: 'day',
      clientOrderId: 'rest-1',
    });
    expect(order).toMatchObject({ clientOrderId: 'rest-1', qty: '10', filledQty: '0' });
    pass();
    const again = await trading.orders.getOrderByOrderID({ orderId: String(order.id) });
    const named = await trading.orders.getOrderByClientOrderId({ clientOrderId: 'rest-1' });
    const listed = await trading.orders.getAllOrders({ status: 'all', symbols: [NAME] });
    expect([again.status, named.id, listed[0]?.id]).toEqual(['filled', order.id, order.id]);
  });

  it('shows positions, their fills and the account’s history, and closes them', async () => {
    const { trading, pass } = await openDesk();
    await trading.orders.market({ symbol: NAME, qty: 10, side: 'buy', timeInForce: 'day' });
    pass();
    const position = await trading.positions.getOpenPosition({ symbolOrAssetId: NAME });
    expect(position).toMatchObject({ symbol: NAME, qty: '10', side: 'long' });
    expect(await trading.positions.getAllOpenPositions()).toHaveLength(1);

    const activities = await trading.accountActivities.getAccountActivitiesByActivityType({
      activityType: 'FILL',
    });
    expect(activities.length).toBeGreaterThan(0);
    const history = await trading.portfolioHistory.getAccountPortfolioHistory({
      timeframe: '1Min',
    });
    expect(Array.isArray(history.equity)).toBe(true);

    const closing = await trading.positions.deleteOpenPosition({ symbolOrAssetId: NAME });
    expect(closing).toMatchObject({ symbol: NAME, side: 'sell', qty: '10' });
    pass();
    const missing = trading.positions.getOpenPosition({ symbolOrAssetId: NAME });
    await expect(missing).rejects.toMatchObject({ name: 'NotFoundError', code: 40410000 });
  });

  it('answers 204 without a body to a cancel, and 207 with a list to a cancel of all', async () => {
    const { trading, ask, pass } = await openDesk();
    const terms = { symbol: NAME, qty: 5, side: 'buy', timeInForce: 'day' } as const;
    const first = await trading.orders.limit({ ...terms, limitPrice: 90 });
    await trading.orders.limit({ ...terms, limitPrice: 91 });
    pass();
    const cancelled: AlpacaApiResponse<void> = await withResponse(
      trading.orders.deleteOrderByOrderIDRaw({ orderId: String(first.id) }),
    );
    expect(cancelled.status).toBe(204);
    pass();
    const all = await trading.orders.deleteAllOrders();
    expect(all.map(({ status }) => status)).toEqual([200]);

    pass();
    const empty = await ask('/v2/orders', { method: 'DELETE' });
    expect([empty.status, await empty.json()]).toEqual([207, []]);
  });

  it('replaces an order by a new one', async () => {
    const { trading, pass } = await openDesk();
    const terms = { symbol: NAME, qty: 5, side: 'buy', timeInForce: 'day' } as const;
    const order = await trading.orders.limit({ ...terms, limitPrice: 90 });
    pass();
    const next = await trading.orders.patchOrderByOrderId({
      orderId: String(order.id),
      patchOrderRequest: { limitPrice: '92' },
    });

    expect(next).toMatchObject({ replaces: order.id, limitPrice: '92' });
    expect(next.id).not.toBe(order.id);
  });

  it('closes all positions with 207, an order for each', async () => {
    const { trading, pass } = await openDesk();
    await trading.orders.market({ symbol: NAME, qty: 10, side: 'buy', timeInForce: 'day' });
    pass();
    const closed = await trading.positions.deleteAllOpenPositions({ cancelOrders: true });

    expect(closed).toMatchObject([{ symbol: NAME, status: 200, body: { side: 'sell' } }]);
  });

  it('gives refusals as the client’s own errors, with code and request id', async () => {
    const { trading } = await openDesk();
    const terms = { symbol: NAME, qty: 100_000, side: 'buy', timeInForce: 'day' } as const;
    const rich = trading.orders.limit({ ...terms, limitPrice: 100 });
    await expect(rich).rejects.toMatchObject({
      name: 'PermissionError',
      code: 40310000,
      requestId: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    const finer = trading.orders.limit({ ...terms, qty: 1, limitPrice: '90.123' });
    await expect(finer).rejects.toMatchObject({ name: 'ValidationError', code: 42210000 });
    const unknown = trading.orders.getOrderByOrderID({ orderId: 'none' });
    await expect(unknown).rejects.toMatchObject({ name: 'NotFoundError', code: 40410000 });
  });
});
