import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { archive, NAME, openDesk } from '../unit/venue/rest/desk-venue.ts';
import { closeAfterEach } from '../unit/venue/rest/rest-harness.ts';

// Real payloads lie outside the repository.
const FIXTURES = join(process.env['STRATA_DATA'] ?? '../shared/data', 'fixtures');

type Row = Readonly<Record<string, unknown>>;
type Found = { readonly kind: string; readonly from: string; readonly row: Row };

/** The rows of one payload that are of a kind we also serve. */
function rowsIn(payload: unknown, from: string): readonly Found[] {
  if (Array.isArray(payload)) return payload.flatMap((one) => rowsIn(one, from));
  if (!isRow(payload)) return [];
  const found: Found[] = [];
  for (const [key, value] of Object.entries(payload)) {
    const kind = MARKET_KINDS[key];
    if (kind === undefined) continue;
    for (const row of marketRows(value)) found.push({ kind, from, row });
  }
  for (const [kind, marks] of OBJECT_KINDS) {
    if (marks.every((mark) => mark in payload)) found.push({ kind, from, row: payload });
  }
  return found;
}

const MARKET_KINDS: Readonly<Record<string, string>> = {
  bars: 'bar',
  trades: 'trade',
  quotes: 'quote',
  news: 'news',
  most_actives: 'active',
  gainers: 'mover',
  losers: 'mover',
};

/** Kinds of objects and keys that tell them from others. */
const OBJECT_KINDS: readonly (readonly [kind: string, marks: readonly string[]])[] = [
  ['snapshot', ['latestTrade', 'prevDailyBar']],
  ['account', ['account_number', 'buying_power', 'equity']],
  ['configurations', ['no_shorting', 'trade_confirm_email']],
  ['asset', ['class', 'exchange', 'tradable', 'easy_to_borrow']],
  ['order', ['client_order_id', 'time_in_force', 'filled_qty', 'asset_id']],
  ['position', ['avg_entry_price', 'unrealized_pl', 'asset_class']],
  ['clock', ['is_open', 'next_open']],
  ['activity', ['activity_type', 'leaves_qty', 'order_id']],
  ['calendar day', ['date', 'open', 'close', 'session_open']],
];

/** Rows by symbol or in a list; options and crypto have rows of their own shape. */
function marketRows(value: unknown): readonly Row[] {
  if (Array.isArray(value)) return value.filter(isRow);
  if (!isRow(value)) return [];
  return Object.entries(value)
    .filter(([name]) => /^[A-Z.]{1,5}$/.test(name))
    .flatMap(([, rows]) => (Array.isArray(rows) ? rows : [rows]))
    .filter(isRow);
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fixtures(): readonly Found[] {
  return lines().flatMap(({ payload, from }) => rowsIn(payload, from));
}

function lines(): readonly { readonly payload: unknown; readonly from: string }[] {
  const files = ['alpaca_go', 'alpaca_js_mocks', 'alpaca_py_rest', 'alpaca_trade_api_python'];
  return files.flatMap((file) =>
    readFileSync(join(FIXTURES, `${file}.jsonl`), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const { payload, line: at, name } = JSON.parse(line);
        return { payload, from: `${file}:${at ?? name}` };
      }),
  );
}

/** Keys of the fixtures that we do not send, and why. */
const GONE: Readonly<Record<string, ReadonlySet<string>>> = {
  // The mocks of the JavaScript SDK 3 wrap rows.
  bar: new Set(['symbol', 'data']),
  trade: new Set(['symbol', 'data']),
  quote: new Set(['symbol', 'data']),
  // Day-trading rules ended on 2026-07-06 (venues.md 0.11); the rest is of the Broker API alone.
  account: new Set([
    'daytrading_buying_power',
    'pattern_day_trader',
    'daytrade_count',
    'cash_withdrawable',
    'cash_transferable',
    'previous_close',
    'last_long_market_value',
    'last_short_market_value',
    'last_cash',
    'last_initial_margin',
    'last_regt_buying_power',
    'last_daytrading_buying_power',
    'last_buying_power',
    'last_daytrade_count',
    'clearing_broker',
  ]),
  configurations: new Set(['dtbp_check', 'pdt_check']),
  asset: new Set(['last_close_pct_change', 'last_price']),
  activity: new Set(['account_id']),
  position: new Set(['usd']),
  order: new Set(['commission']),
};

/** Where fixtures write numbers, or texts, and SDK 4.0.2 declares the other. */
const OTHER_TYPE: ReadonlySet<string> = new Set([
  'order filled_avg_price',
  'account options_approved_level',
  'account options_trading_level',
]);

/** `number`, `string`, `list`; an absent value says nothing of its type. */
function typeOf(value: unknown): string {
  if (value === null || value === undefined) return 'absent';
  return Array.isArray(value) ? 'list' : typeof value;
}

const OURS: Readonly<Record<string, string>> = {
  bar: `/v2/stocks/${NAME}/bars?timeframe=1Min`,
  trade: `/v2/stocks/${NAME}/trades`,
  quote: `/v2/stocks/${NAME}/quotes`,
  snapshot: `/v2/stocks/${NAME}/snapshot`,
  news: '/v1beta1/news',
  active: '/v1beta1/screener/stocks/most-actives',
  mover: '/v1beta1/screener/stocks/movers',
  account: '/v2/account',
  configurations: '/v2/account/configurations',
  asset: `/v2/assets/${NAME}`,
  order: '/v2/orders?status=all',
  position: '/v2/positions',
  activity: '/v2/account/activities/FILL',
  clock: '/v2/clock',
  'calendar day': '/v2/calendar?start=2024-06-03&end=2024-06-07',
};

describe('the bodies of the REST host', () => {
  closeAfterEach();
  beforeEach((context) => {
    if (!existsSync(FIXTURES)) context.skip(`no fixtures in ${FIXTURES}: set STRATA_DATA`);
  });

  it.each(Object.entries(OURS))('have the keys that %s has', async (kind, path) => {
    const { ask, trading, pass } = await openDesk();
    await trading.orders.market({ symbol: NAME, qty: 10, side: 'buy', timeInForce: 'day' });
    pass();
    const body: unknown = JSON.parse(await (await ask(path)).text());
    const ours = rowsIn(body, 'ours');
    const mine = ours.find((found) => found.kind === kind)?.row ?? singleRow(body);
    const theirs = fixtures().filter((found) => found.kind === kind);

    expect(theirs.length, `fixtures of ${kind}`).toBeGreaterThan(0);
    for (const { row, from } of theirs) {
      for (const [key, value] of Object.entries(row)) {
        // A trade is seldom corrected: rows of every kind of it are proved elsewhere.
        if (GONE[kind]?.has(key) === true || (kind === 'trade' && key === 'u')) continue;
        expect(Object.keys(mine), `${from} ${key}`).toContain(key);
        const types = [typeOf(value), typeOf(mine[key])];
        if (types.includes('absent') || OTHER_TYPE.has(`${kind} ${key}`)) continue;
        // Mocks write amounts of orders as numbers now and then.
        if (kind !== 'order') expect(types[1], `${from} ${key}`).toBe(types[0]);
      }
    }
  });

  it('have the groups and rows of corporate actions', async () => {
    const { ask } = await openDesk();
    const path = '/v1/corporate-actions?start=2024-01-01&end=2024-12-31';
    const { corporate_actions: ours } = JSON.parse(await (await ask(path)).text());
    const groups = archive.actions.map(({ group }) => group);
    // Fixtures are older than these, which the SDK's model marks as optional.
    const later = new Set(['due_bill_redemption_date', 'due_bill_on_date', 'due_bill_off_date']);
    const theirs = lines().flatMap(({ payload }) =>
      isRow(payload) && isRow(payload['corporate_actions'])
        ? Object.entries(payload['corporate_actions'])
        : [],
    );

    expect(theirs.length).toBeGreaterThan(0);
    for (const [group, rows] of theirs) {
      if (!groups.some((known) => known === group) || !Array.isArray(rows)) continue;
      for (const key of Object.keys(Object(rows[0]))) {
        if (!later.has(key)) expect(Object.keys(ours[group][0]), group).toContain(key);
      }
    }
  });
});

/** An asset, an account and so on stand alone. */
function singleRow(body: unknown): Row {
  const row: unknown = Array.isArray(body) ? body[0] : body;
  return isRow(row) ? row : {};
}
