import type { DateNumber } from '../../core/time.ts';
import {
  CALENDAR_FIRST,
  newYorkDate,
  sessionOf,
  type TradingDay,
  tradingDay,
} from '../../domain/market/calendar.ts';
import { type Answer, badParameter, ok } from './answer.ts';
import {
  clockText,
  dateAway,
  dateText,
  newYorkTime,
  nextEdges,
  phaseAt,
  settlementDate,
  tradingDays,
} from './market-hours.ts';
import { QueryReader } from './query-reader.ts';
import type { RestRequest, Route } from './route.ts';

/** The clock and the calendar, old and new. `toldUs` is the time that the venue tells. */
export function calendarRoutes(toldUs: () => number): readonly Route[] {
  return [
    get('/v2/clock', () => ok(clock(toldUs()))),
    get('/v2/calendar', (request) => calendar(request)),
    get('/v3/clock', (request) => clocks(request, toldUs())),
    get('/v3/calendar/{}', (request, [market = '']) => marketCalendar(request, market)),
  ];
}

function get(path: string, handle: Route['handle']): Route {
  return { method: 'GET', path, side: 'trading', handle };
}

function clock(us: number) {
  const { openUs, closeUs } = nextEdges(us);
  return {
    timestamp: newYorkTime(us),
    is_open: sessionOf(us) === 'core',
    next_open: newYorkTime(openUs),
    next_close: newYorkTime(closeUs),
  };
}

/** Dates are a New York day as text, in two time formats (venues.md 4.2). */
function calendar({ query }: RestRequest): Answer {
  const reader = new QueryReader(query);
  const from = clamp(reader.date('start') ?? CALENDAR_FIRST);
  const to = clamp(reader.date('end') ?? SERVED_LAST);
  const byTrade = reader.choice('date_type', ['TRADING', 'SETTLEMENT'], 'TRADING') === 'TRADING';
  if (reader.fault !== undefined) return reader.fault;
  // What settles in a span was traded up to some days before it.
  const days = tradingDays(byTrade ? from : clamp(dateAway(from, -14)), to).filter(({ date }) => {
    const settled = settlementDate(date);
    return byTrade || (settled >= from && settled <= to);
  });
  return ok(days.map((day) => calendarDay(day)));
}

const SERVED_LAST: DateNumber = 20291231;

function clamp(date: DateNumber): DateNumber {
  return Math.max(CALENDAR_FIRST, Math.min(SERVED_LAST, date));
}

function calendarDay(day: TradingDay) {
  return {
    date: dateText(day.date),
    open: clockText(day.openUs),
    close: clockText(day.closeUs),
    session_open: clockText(day.preUs).replace(':', ''),
    session_close: clockText(day.postUs).replace(':', ''),
    settlement_date: dateText(settlementDate(day.date)),
  };
}

type Market = { readonly acronym: string; readonly name: string; readonly mic: string };

const MARKETS: readonly Market[] = [
  { acronym: 'NYSE', name: 'New York Stock Exchange', mic: 'XNYS' },
  { acronym: 'NASDAQ', name: 'Nasdaq Stock Market', mic: 'XNAS' },
];

function findMarket(text: string): Market | undefined {
  return MARKETS.find(({ acronym, mic }) => acronym === text || mic === text);
}

function marketRow({ acronym, name, mic }: Market) {
  return { acronym, name, mic, timezone: NEW_YORK };
}

const NEW_YORK = 'America/New_York';

function clocks({ query }: RestRequest, toldUs: number): Answer {
  const reader = new QueryReader(query);
  const names = reader.list('markets');
  const us = reader.time('time', 'begin') ?? toldUs;
  const markets = names.length === 0 ? MARKETS : names.flatMap((name) => findMarket(name) ?? []);
  if (names.length > markets.length) reader.refuse(`invalid markets: ${names.join(',')}`);
  if (reader.fault !== undefined) return reader.fault;
  return ok({ clocks: markets.map((market) => marketClock(market, us)) });
}

function marketClock(market: Market, us: number) {
  const { openUs, closeUs } = nextEdges(us);
  const { phase, untilUs } = phaseAt(us);
  return {
    market: marketRow(market),
    timestamp: newYorkTime(us),
    is_market_day: tradingDay(newYorkDate(us)) !== undefined,
    next_market_open: newYorkTime(openUs),
    next_market_close: newYorkTime(closeUs),
    phase,
    phase_until: newYorkTime(untilUs),
  };
}

function marketCalendar({ query }: RestRequest, name: string): Answer {
  const market = findMarket(name);
  if (market === undefined) return badParameter(`invalid market: ${name}`);
  const reader = new QueryReader(query);
  const from = clamp(reader.date('start') ?? CALENDAR_FIRST);
  const to = clamp(reader.date('end') ?? SERVED_LAST);
  reader.choice('timezone', [NEW_YORK], NEW_YORK);
  if (reader.fault !== undefined) return reader.fault;
  const rows = tradingDays(from, to).map((day) => ({
    date: dateText(day.date),
    pre_start: newYorkTime(day.preUs),
    pre_end: newYorkTime(day.openUs),
    core_start: newYorkTime(day.openUs),
    core_end: newYorkTime(day.closeUs),
    post_start: newYorkTime(day.closeUs),
    post_end: newYorkTime(day.postUs),
    settlement_date: dateText(settlementDate(day.date)),
  }));
  return ok({ market: marketRow(market), calendar: rows });
}
