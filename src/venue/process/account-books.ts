import { isMap } from '../sockets/codec.ts';
import type { TradingDesk } from '../trading/trading-desk.ts';

const PAGE = 500;
/** More orders than any test places, so that a fault of paging ends. */
const PAGES_MAX = 1_000;

/** The whole account, as the API tells it page by page. */
export function accountBooks(desk: TradingDesk, nowUs: number) {
  const account = desk.account(nowUs).body;
  return {
    cash: isMap(account) ? String(account['cash']) : '',
    equity: isMap(account) ? String(account['equity']) : '',
    positions: desk.positions().body,
    orders: allPages((last) =>
      rowsOf(
        desk.orders({
          status: 'all',
          direction: 'asc',
          limit: String(PAGE),
          ...(last === undefined ? {} : { after_order_id: last }),
        }).body,
      ),
    ),
    fills: allPages((last) =>
      rowsOf(
        desk.activities({
          activity_types: 'FILL',
          direction: 'asc',
          page_size: '100',
          ...(last === undefined ? {} : { page_token: last }),
        }).body,
      ),
    ),
  };
}

type Row = Readonly<Record<string, unknown>>;

function allPages(read: (last: string | undefined) => readonly Row[]): readonly Row[] {
  const rows: Row[] = [];
  let last: string | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const next = read(last);
    if (next.length === 0) return rows;
    rows.push(...next);
    last = String(next.at(-1)?.['id']);
  }
  return rows;
}

function rowsOf(body: unknown): readonly Row[] {
  return Array.isArray(body) ? body.filter((row) => isMap(row)) : [];
}
