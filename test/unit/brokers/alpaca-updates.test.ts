import { describe, expect, it } from 'vitest';
import type { OrderReport } from '../../../src/domain/orders/report.ts';
import { enquire, limit } from '../../order-effects.ts';
import { AlpacaScene } from './alpaca-scene.ts';
import { fillActivity, wireOrder } from './scripted-venue.ts';

const ORDERS = '/v2/orders';
const FILLS = '/v2/account/activities/FILL';

describe('an update', () => {
  it.each([true, false])('is told as a report, in frames that are binary: %s', async (isBinary) => {
    const scene = await AlpacaScene.up();
    scene.venue.isBinary = isBinary;

    scene.venue.update('new', wireOrder('n1'));
    scene.venue.update('partial_fill', partly('n1', 40), fill(40));
    scene.venue.update('fill', partly('n1', 100, 'filled'), fill(60, '231.42'));
    await scene.until(() => scene.reports.length === 3, 'three reports');

    expect(scene.reports.map(({ event, filledQuantity }) => [event, filledQuantity])).toEqual([
      ['new', 0],
      ['partialFill', 40],
      ['fill', 100],
    ]);
    expect(scene.reports.flatMap(({ executions }) => executions)).toEqual([
      { executionId: 'v-n1/40', quantity: 40, price: 2_314_100, venueUs: FILLED_US },
      { executionId: 'v-n1/100', quantity: 60, price: 2_314_200, venueUs: FILLED_US },
    ]);
    expect(scene.venue.asked).toEqual([]);
  });

  it.each([
    ['pending_new', 'pendingNew'],
    ['accepted', 'accepted'],
    ['done_for_day', 'doneForDay'],
    ['canceled', 'canceled'],
    ['expired', 'expired'],
    ['rejected', 'rejected'],
    ['held', 'held'],
    ['pending_cancel', 'pendingCancel'],
    ['pending_replace', 'pendingReplace'],
    ['order_cancel_rejected', 'cancelRejected'],
    ['order_replace_rejected', 'replaceRejected'],
    ['restated', 'restated'],
  ])('%s is %s', async (word, event) => {
    const scene = await AlpacaScene.up();

    scene.venue.update(word, wireOrder('w1'), { new_key: { deep: [1] } });
    await scene.until(() => scene.reports.length === 1, 'a report');

    expect(scene.reports[0]).toMatchObject({ event, venueUs: FILLED_US, executions: [] });
  });

  it('of a kind that nobody knows is told, so that the order is asked about', async () => {
    const scene = await AlpacaScene.up();

    scene.venue.update('trade_bust', wireOrder('k1'));
    scene.venue.update('new', wireOrder('k2', { status: 'calculated' }));
    await scene.until(() => scene.reports.length === 2, 'two reports');

    expect(scene.reports).toMatchObject([
      { clientOrderId: 'k1', event: 'unrecognised', reason: 'event trade_bust' },
      { clientOrderId: 'k2', status: 'unrecognised', reason: 'status calculated' },
    ]);
  });

  it('that is no update is counted, and the stream goes on', async () => {
    const scene = await AlpacaScene.up();

    scene.venue.send('\u0001');
    scene.venue.send('{"stream":"trade_upd');
    scene.venue.send({ stream: 'trade_updates', data: { event: 'new', order: { id: 'x' } } });
    scene.venue.send({ stream: 'trade_updates', data: { event: 'new' } });
    scene.venue.send({ stream: 'weather', data: {} });
    scene.venue.update('new', wireOrder('g1'));
    await scene.until(() => scene.reports.length === 1, 'the report');

    expect(scene.logged.filter((event) => event === 'brokerUnreadable')).toHaveLength(2);
    expect(scene.health).toEqual([]);
  });

  it('of a symbol without an id is said once and dropped', async () => {
    const scene = await AlpacaScene.up();

    scene.venue.update('new', wireOrder('s1', { symbol: 'BTC/USD' }));
    scene.venue.update('fill', wireOrder('s1', { symbol: 'BTC/USD', filled_qty: '0.5' }), fill(1));
    scene.venue.update('new', wireOrder('s2'));
    await scene.until(() => scene.reports.length === 1, 'the report');

    expect(scene.logged).toEqual(['brokerUnlisted']);
  });

  it('C3 of an order that is not ours is told, in whole shares', async () => {
    const scene = await AlpacaScene.up();
    const order = { id: 'v-web', client_order_id: 'a b', qty: '2.5', limit_price: null };

    scene.venue.update('new', wireOrder('web', order));
    scene.venue.update(
      'partial_fill',
      wireOrder('web', { ...order, filled_qty: '0.6' }),
      fill(0.6),
    );
    scene.venue.update('fill', wireOrder('web', { ...order, filled_qty: '2.5' }), fill(1.9));
    await scene.until(() => scene.reports.length === 3, 'three reports');

    // An id that no wire of ours could carry gives way to the venue's.
    expect(scene.reports).toMatchObject([
      { clientOrderId: 'v-web', quantity: 2, filledQuantity: 0, executions: [] },
      { filledQuantity: 0, executions: [] },
      { filledQuantity: 2, executions: [{ executionId: 'v-web/2.5', quantity: 2 }] },
    ]);
    expect(scene.reports[2]?.reason).toBe('external: 2.5 of 2.5 shares, told in whole ones');
  });

  it('names the successor of what was replaced, asking for it where it must', async () => {
    const scene = await AlpacaScene.up();
    scene.venue.on('GET', `${ORDERS}/v-r2`, { body: wireOrder('r2') });
    const replaced = (by: string) => ({ status: 'replaced', replaced_by: by });

    scene.venue.update('replaced', wireOrder('r1', replaced('v-r2')));
    await scene.until(() => scene.reports.length === 1, 'the first');
    scene.venue.update('new', wireOrder('r4'));
    scene.venue.update('replaced', wireOrder('r3', replaced('v-r4')));
    await scene.until(() => scene.reports.length === 3, 'the second');

    expect(scene.reports.map(({ successor }) => successor)).toEqual(['r2', undefined, 'r4']);
    expect(scene.venue.asked).toHaveLength(1);
  });

  it("of a bracket's leg names the parent, which alone carries our id", async () => {
    const scene = await AlpacaScene.up();
    const leg = wireOrder('7c0e', { side: 'sell', status: 'held', order_class: 'bracket' });
    const parent = wireOrder('b1', { order_class: 'bracket', legs: [leg] });
    scene.venue.on('POST', ORDERS, { body: parent });
    await scene.perform(limit('b1', 2_314_000));

    scene.venue.update('new', { ...leg, status: 'new' });
    await scene.until(() => scene.reports.length === 1, 'the leg');

    expect(scene.reports[0]).toMatchObject({ clientOrderId: '7c0e', reason: 'leg of b1' });
  });
});

describe('fills', () => {
  it('B13 are one execution whether an update or the activities told it', async () => {
    const scene = await AlpacaScene.up();
    scene.venue.on('GET', `${ORDERS}:by_client_order_id`, { body: partly('f1', 100, 'filled') });
    scene.venue.on('GET', FILLS, {
      body: [fillActivity('f1', 40, 40), fillActivity('f1', 60, 100)],
    });

    scene.venue.update('partial_fill', partly('f1', 40), fill(40));
    await scene.until(() => scene.reports.length === 1, 'the update');
    const { order } = await scene.perform(enquire('f1'));

    const [told] = scene.reports[0]?.executions ?? [];
    expect(order?.executions[0]?.executionId).toBe(told?.executionId);
    expect(order?.executions.map(({ quantity }) => quantity)).toEqual([40, 60]);
  });

  it('B13 that updates told without a gap are not asked for again', async () => {
    const scene = await AlpacaScene.up();
    scene.venue.on('GET', `${ORDERS}:by_client_order_id`, { body: partly('f2', 100, 'filled') });

    scene.venue.update('fill', partly('f2', 100, 'filled'), fill(100));
    await scene.until(() => scene.reports.length === 1, 'the update');
    const { order } = await scene.perform(enquire('f2'));

    expect(order?.executions).toEqual(scene.reports[0]?.executions);
    expect(scene.venue.askedFor('GET', FILLS)).toEqual([]);
  });

  it('that were told before a word nobody knows are asked for again', async () => {
    const scene = await AlpacaScene.up();
    scene.venue.on('GET', `${ORDERS}:by_client_order_id`, { body: partly('f4', 100, 'filled') });
    const corrected = fillActivity('f4', 100, 100, { price: '231.45' });
    scene.venue.on('GET', FILLS, { body: [corrected] });

    scene.venue.update('fill', partly('f4', 100, 'filled'), fill(100));
    scene.venue.update('trade_correct', partly('f4', 100, 'filled'), fill(100, '231.45'));
    await scene.until(() => scene.reports.length === 2, 'both');
    const { order } = await scene.perform(enquire('f4'));

    expect(order?.executions).toMatchObject([{ executionId: 'v-f4/100', price: 2_314_500 }]);
  });

  it('B13 whose sum does not fit are asked for, not booked', async () => {
    const scene = await AlpacaScene.up();
    scene.venue.on('GET', `${ORDERS}/v-f3`, { body: partly('f3', 100, 'filled') });
    scene.venue.on('GET', FILLS, {
      body: [fillActivity('f3', 40, 40), fillActivity('f3', 60, 100)],
    });

    // The first 40 were lost.
    scene.venue.update('fill', partly('f3', 100, 'filled'), fill(60));
    await scene.until(() => scene.reports.length === 2, 'the update and the answer');

    expect(scene.reports).toMatchObject([
      { event: 'fill', filledQuantity: 100, executions: [] },
      { event: 'snapshot', executions: [{ executionId: 'v-f3/40' }, { executionId: 'v-f3/100' }] },
    ]);
  });

  it('B13 come out the same in all orders of arrival, repeats and all', async () => {
    const scene = await AlpacaScene.up();
    scene.venue.on('GET', `${ORDERS}/`, ({ path }) => ({
      body: partly(path.slice(`${ORDERS}/v-`.length), 100, 'filled'),
    }));
    scene.venue.on('GET', FILLS, () => ({
      body: [...ids].flatMap((id) =>
        [40, 30, 30].map((quantity, at) => fillActivity(id, quantity, [40, 70, 100][at] ?? 0)),
      ),
    }));
    const ids = new Set<string>();
    for (const [at, order] of permutations([0, 1, 2, 3, 4]).entries()) {
      const id = `p${at}`;
      ids.clear();
      ids.add(id);
      const before = scene.reports.length;
      const life = [
        () => scene.venue.update('new', wireOrder(id)),
        () => scene.venue.update('partial_fill', partly(id, 40), fill(40)),
        () => scene.venue.update('partial_fill', partly(id, 70), fill(30)),
        () => scene.venue.update('fill', partly(id, 100, 'filled'), fill(30)),
        () => scene.venue.update('partial_fill', partly(id, 40), fill(40)),
      ];
      for (const step of order) life[step]?.();
      await scene.until(() => scene.reports.length >= before + 5, `five reports of ${id}`);
      await scene.until(() => booked(scene.reportsOf(id)) === 100, `all fills of ${id}`);

      const executions = scene.reportsOf(id).flatMap((report) => report.executions);
      const kinds = new Set(
        executions.map(({ executionId, quantity }) => `${executionId}:${quantity}`),
      );
      expect(kinds).toEqual(new Set([`v-${id}/40:40`, `v-${id}/70:30`, `v-${id}/100:30`]));
    }
  });
});

const FILLED_US = 1_795_100_645_409_817;

function partly(id: string, filled: number, status = 'partially_filled'): Record<string, unknown> {
  return wireOrder(id, { filled_qty: String(filled), status });
}

function fill(quantity: number, price = '231.41'): object {
  return { qty: String(quantity), price };
}

/** What a ledger that books each id once would hold. */
function booked(reports: readonly OrderReport[]): number {
  const byId = new Map<string, number>();
  for (const { executions } of reports) {
    for (const { executionId, quantity } of executions) byId.set(executionId, quantity);
  }
  return [...byId.values()].reduce((sum, quantity) => sum + quantity, 0);
}

function permutations(items: readonly number[]): readonly (readonly number[])[] {
  if (items.length === 0) return [[]];
  return items.flatMap((item) =>
    permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]),
  );
}
