import { PRICE_SCALE } from '../../core/money.ts';
import { emptyBarRow } from '../archive/bar-row.ts';
import type { MarketArchive } from '../archive/market-archive.ts';
import { wireTime } from '../sockets/wire-event.ts';
import { type Answer, notServed, ok } from './answer.ts';
import { QueryReader } from './query-reader.ts';
import type { RestRequest, Route } from './route.ts';

/** The busiest symbols and those that moved most since the last close (venues.md 5). */
export function screenerRoutes(archive: MarketArchive): readonly Route[] {
  const path = '/v1beta1/screener';
  return [
    {
      method: 'GET',
      path: `${path}/stocks/most-actives`,
      side: 'data',
      handle: (request) => mostActive(archive, request),
    },
    {
      method: 'GET',
      path: `${path}/{}/movers`,
      side: 'data',
      handle: (request, [market]) => {
        if (market !== 'stocks') return notServed(`the screener of ${market}`);
        return movers(archive, request);
      },
    },
  ];
}

function mostActive(archive: MarketArchive, { query, nowUs }: RestRequest): Answer {
  const reader = new QueryReader(query);
  const by = reader.choice('by', ['volume', 'trades'], 'volume');
  const top = reader.integer('top', 100, 10);
  if (reader.fault !== undefined) return reader.fault;
  const row = emptyBarRow();
  const active = archive.symbols.flatMap(({ name }, symbol) =>
    archive.bars.dayBar(symbol, row)
      ? [{ symbol: name, volume: row.volume, trade_count: row.trades }]
      : [],
  );
  const size = (one: (typeof active)[number]): number =>
    by === 'volume' ? one.volume : one.trade_count;
  return ok({
    most_actives: active.toSorted((left, right) => size(right) - size(left)).slice(0, top),
    last_updated: wireTime(nowUs).toJSON(),
  });
}

function movers(archive: MarketArchive, { query, nowUs }: RestRequest): Answer {
  const reader = new QueryReader(query);
  const top = reader.integer('top', 50, 10);
  if (reader.fault !== undefined) return reader.fault;
  const row = emptyBarRow();
  const moved = archive.symbols.flatMap(({ name }, symbol) => {
    const before = archive.days.lastClose(symbol);
    if (before === undefined || !archive.bars.dayBar(symbol, row)) return [];
    return [{ symbol: name, change: row.close - before, price: row.close, before }];
  });
  const share = ({ change, before }: (typeof moved)[number]): number => change / before;
  const ordered = moved.toSorted((left, right) => share(right) - share(left));
  const rows = ordered.map((one) => ({
    symbol: one.symbol,
    percent_change: Math.round(share(one) * 10_000) / 100,
    change: one.change / PRICE_SCALE,
    price: one.price / PRICE_SCALE,
  }));
  return ok({
    gainers: rows.filter(({ change }) => change > 0).slice(0, top),
    losers: rows
      .filter(({ change }) => change < 0)
      .toReversed()
      .slice(0, top),
    market_type: 'stocks',
    last_updated: wireTime(nowUs).toJSON(),
  });
}
