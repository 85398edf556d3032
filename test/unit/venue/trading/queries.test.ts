import { describe, expect, it } from 'vitest';
import { formatTime, MS, SECOND } from '../../../../src/core/time.ts';
import { at, DeskWorld, list, object, refusal, text } from './desk-world.ts';

const LIMIT = { type: 'limit', limit_price: '98' } as const;

/** Five limit orders a second apart, the second canceled; `o1` to `o5`. */
function five(): DeskWorld {
  const world = new DeskWorld();
  world.quote(99, 100);
  world.quote(99, 100, 1);
  for (let nth = 1; nth <= 5; nth += 1) {
    const symbol = nth === 3 ? 'BBB' : 'AAA';
    const id = world.done({ ...LIMIT, symbol, client_order_id: `o${nth}` });
    if (nth === 2) world.desk.cancel(id, world.nowUs);
  }
  world.pass();
  return world;
}

function names(world: DeskWorld, query: Readonly<Record<string, string>>): readonly string[] {
  return list(world.desk.orders(query).body).map((order) => text(order, 'client_order_id'));
}

describe('the list of orders', () => {
  it.each([
    [{}, 'o5 o4 o3 o1'],
    [{ status: 'closed' }, 'o2'],
    [{ status: 'all' }, 'o5 o4 o3 o2 o1'],
    [{ status: 'all', direction: 'asc', limit: '2' }, 'o1 o2'],
    [{ symbols: 'BBB,NONE' }, 'o3'],
    [{ symbols: 'NONE' }, ''],
    [{ side: 'sell' }, ''],
    [{ asset_class: 'crypto' }, ''],
  ])('with %j is %s', (query, expected) => {
    expect(names(five(), query).join(' ')).toBe(expected);
  });

  it('is paged by the time of an order, which stands on neither page', () => {
    const world = five();
    const third = object(world.desk.orderByClientId('o3').body);
    const us = String(third['submitted_at']);

    expect(names(world, { status: 'all', after: us })).toEqual(['o5', 'o4']);
    expect(names(world, { status: 'all', until: us })).toEqual(['o2', 'o1']);
    expect(names(world, { status: 'all', after: '2026-11-19' })).toHaveLength(5);
    expect(names(world, { status: 'all', until: '2026-11-19' })).toHaveLength(0);
  });

  it('is paged by the id of an order', () => {
    const world = five();
    const id = text(world.desk.orderByClientId('o3').body, 'id');

    expect(names(world, { status: 'all', after_order_id: id })).toEqual(['o5', 'o4']);
    expect(names(world, { status: 'all', before_order_id: id })).toEqual(['o2', 'o1']);
    expect(refusal(world.desk.orders({ after_order_id: 'x' }))).toContain('404 40410000');
  });

  it.each([
    [{ status: 'some' }, 'status'],
    [{ limit: '501' }, 'limit'],
    [{ limit: '0' }, 'limit'],
    [{ direction: 'up' }, 'direction'],
    [{ after: 'then' }, 'after'],
    [{ until: 'soon' }, 'until'],
  ])('refuses %j', (query, key) => {
    expect(refusal(five().desk.orders(query))).toContain(`422 40010001 invalid ${key}`);
  });

  it('stops at 50 where no limit is given', () => {
    const world = new DeskWorld();
    world.quote(99, 100);
    for (let nth = 0; nth < 60; nth += 1) world.place({ ...LIMIT, qty: '1' });

    expect(names(world, {})).toHaveLength(50);
    expect(names(world, { limit: '500' })).toHaveLength(60);
  });

  it('puts legs under their parent where that is asked for and listed', () => {
    const world = new DeskWorld();
    world.quote(99, 100);
    const id = world.done({ order_class: 'oto', stop_loss: { stop_price: '95' } });
    const all = list(world.desk.orders({ status: 'all', nested: 'true' }).body);

    expect(all.map((order) => text(order, 'id'))).toEqual([id]);
    expect(list(object(all[0])['legs'])).toHaveLength(1);
    expect(list(world.desk.orders({ status: 'all' }).body)).toHaveLength(2);
    // The parent is filled, so the open leg stands alone.
    expect(list(world.desk.orders({ nested: 'true' }).body)).toHaveLength(1);
  });

  it('knows an order by either of its ids, or says that it does not', () => {
    const world = five();
    const { body } = world.desk.orderByClientId('o1');

    expect(world.desk.order(text(body, 'id')).body).toEqual(body);
    expect(refusal(world.desk.order('x'))).toBe('404 40410000 order not found for x');
    expect(refusal(world.desk.orderByClientId('x'))).toBe('404 40410000 order not found for x');
  });
});

describe('activities', () => {
  function traded(): DeskWorld {
    const world = new DeskWorld();
    world.quote(99, 100);
    for (let nth = 0; nth < 5; nth += 1) world.done({ qty: String(nth + 1) });
    return world;
  }

  function quantities(world: DeskWorld, query: Readonly<Record<string, string>>) {
    return list(world.desk.activities(query).body)
      .map((row) => text(row, 'qty'))
      .join('');
  }

  it('are executions, newest first, with ids that sort', () => {
    const world = traded();
    const rows = list(world.desk.activities().body).map(object);
    const [newest] = rows;

    expect(quantities(world, {})).toBe('54321');
    expect(newest).toMatchObject({
      activity_type: 'FILL',
      type: 'fill',
      price: '100',
      qty: '5',
      cum_qty: '5',
      leaves_qty: '0',
      side: 'buy',
      symbol: 'AAA',
      order_status: 'filled',
    });
    expect(String(newest?.['id'])).toMatch(/^20261119\d{9}::[0-9a-f-]{36}$/);
    const ids = rows.map((row) => String(row['id']));
    expect(ids.toSorted().toReversed()).toEqual(ids);
    const executionIds = world.updates.map((update) => update['execution_id']);
    expect(executionIds).not.toContain(String(newest?.['id']).slice(19));
  });

  it.each(['asc', 'desc'])('are paged by the last row of a page, %s', (direction) => {
    const world = traded();
    let [seen, token] = ['', ''];
    for (;;) {
      const query = { direction, page_size: '2', page_token: token };
      const rows = list(world.desk.activities(query).body);
      seen += rows.map((row) => text(row, 'qty')).join('');
      if (rows.length < 2) break;
      token = text(rows.at(-1), 'id');
    }

    expect(seen).toBe(direction === 'asc' ? '12345' : '54321');
  });

  it.each([
    [{ activity_types: 'DIV' }, ''],
    [{ activity_types: 'DIV,FILL' }, '54321'],
    [{ category: 'non_trade_activity' }, ''],
    [{ date: '2026-11-19' }, '54321'],
    [{ date: '2026-11-18' }, ''],
    [{ after: '2026-11-20' }, ''],
    [{ until: '2026-11-20' }, '54321'],
  ])('with %j are "%s"', (query, expected) => {
    expect(quantities(traded(), query)).toBe(expected);
  });

  it.each([
    [{ page_size: '101' }, 'page_size'],
    [{ page_token: 'x' }, 'page_token'],
    [{ direction: 'x' }, 'direction'],
    [{ date: 'x' }, 'date'],
    [{ after: 'x' }, 'after'],
  ])('refuse %j', (query, key) => {
    expect(refusal(traded().desk.activities(query))).toContain(`invalid ${key}`);
  });
});

describe('assets', () => {
  const { assets } = new DeskWorld().desk;

  it('are what can be traded, without the index', () => {
    const rows = list(assets.list({}).body);

    expect(rows.map((row) => text(row, 'symbol'))).toEqual(['AAA', 'BBB', 'HTB', 'NTB', 'OLD']);
    expect(object(rows[0])).toMatchObject({
      class: 'us_equity',
      exchange: 'NASDAQ',
      status: 'active',
      tradable: true,
      fractionable: false,
      shortable: true,
      easy_to_borrow: true,
      attributes: [],
    });
  });

  it.each([
    [{ status: 'inactive' }, 1],
    [{ status: 'active' }, 4],
    [{ exchange: 'NYSE' }, 0],
    [{ asset_class: 'crypto' }, 0],
    [{ attributes: 'has_options' }, 0],
  ])('with %j are %d', (query, count) => {
    expect(list(assets.list(query).body)).toHaveLength(count);
  });

  it('are known by symbol and by id', () => {
    const { body } = assets.one('HTB');

    expect(object(body)).toMatchObject({ easy_to_borrow: false, borrow_status: 'hard_to_borrow' });
    expect(assets.one(text(body, 'id')).body).toEqual(body);
    expect(refusal(assets.one('IDX'))).toBe('404 40410000 asset not found for IDX');
  });
});

describe('times on the wire', () => {
  it('vary in offset and places, and those that are paged by are exact', () => {
    const world = new DeskWorld({ times: 'varied' });
    world.quote(99, 100);
    const texts = new Set<string>();
    for (let nth = 0; nth < 10; nth += 1) {
      world.pass(SECOND + MS + 1);
      const sentUs = world.nowUs;
      const order = world.order(world.done({}));
      for (const key of ['created_at', 'submitted_at', 'updated_at', 'filled_at']) {
        texts.add(String(order[key]).slice(19).replaceAll(/\d/g, '0'));
      }
      const sent = Date.parse(String(order['submitted_at']));
      expect(sent).toBe(Date.parse(formatTime(sentUs)));
    }

    expect(texts.size).toBeGreaterThanOrEqual(5);
    expect(at(10)).toBeLessThan(world.nowUs);
  });
});
