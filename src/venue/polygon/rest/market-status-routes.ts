import { DAY, HOUR, MS, formatTime, weekday } from '../../../core/time.ts';
import {
  newYorkDate,
  newYorkDayNumber,
  sessionOf,
  type TradingDay,
  tradingDay,
  usOfNewYorkDay,
} from '../../../domain/market/calendar.ts';
import { ok } from '../../rest/answer.ts';
import { dateAway, dateText, newYorkTime } from '../../rest/market-hours.ts';
import { holidayName } from './holiday-names.ts';
import { get, type PolygonRoute } from './polygon-route.ts';

/** Whether the market is open, and when it will not be. `toldUs` is the time the venue tells. */
export function marketStatusRoutes(toldUs: () => number): readonly PolygonRoute[] {
  return [
    get('/v1/marketstatus/now', () => ok(marketStatus(toldUs()))),
    get('/v1/marketstatus/upcoming', () => ok(upcoming(toldUs()))),
  ];
}

function marketStatus(us: number) {
  const session = sessionOf(us);
  const word = MARKET_WORDS[session];
  return {
    market: word,
    earlyHours: session === 'pre',
    afterHours: session === 'post',
    serverTime: newYorkTime(Math.floor(us / SECOND_US) * SECOND_US),
    exchanges: { nyse: word, nasdaq: word, otc: word },
    currencies: { fx: isForexOpen(us) ? 'open' : 'closed', crypto: 'open' },
  };
}

const SECOND_US = 1_000 * MS;
const MARKET_WORDS = {
  closed: 'closed',
  pre: 'extended-hours',
  core: 'open',
  post: 'extended-hours',
} as const;

/** From Sunday 17:00 to Friday 17:00 in New York. */
function isForexOpen(us: number): boolean {
  const day = weekday(newYorkDayNumber(us));
  const isEvening = usOfNewYorkDay(us) >= 17 * HOUR;
  if (day === SATURDAY) return false;
  return day === SUNDAY ? isEvening : day !== FRIDAY || !isEvening;
}

const SUNDAY = 0;
const FRIDAY = 5;
const SATURDAY = 6;

/** A bare list, a row for each exchange; hours only of the days that end early. */
function upcoming(us: number): readonly object[] {
  const today = newYorkDate(us);
  const rows: object[] = [];
  for (let ahead = 0; ahead < DAYS_AHEAD; ahead += 1) {
    const date = dateAway(today, ahead);
    const day = tradingDay(date);
    const isWeekend = [SUNDAY, SATURDAY].includes(weekday(newYorkDayNumber(us + ahead * DAY)));
    const shortDay = day !== undefined && isShort(day) ? day : undefined;
    if (isWeekend || (day !== undefined && shortDay === undefined)) continue;
    for (const exchange of EXCHANGES) {
      rows.push({ exchange, name: holidayName(date), date: dateText(date), ...hours(shortDay) });
    }
  }
  return rows;
}

const DAYS_AHEAD = 366;
const EXCHANGES = ['NYSE', 'NASDAQ', 'OTC'] as const;
const CORE_US = 6.5 * HOUR;

function isShort({ openUs, closeUs }: TradingDay): boolean {
  return closeUs - openUs < CORE_US;
}

function hours(day: TradingDay | undefined) {
  if (day === undefined) return { status: 'closed' };
  return { status: 'early-close', open: isoTime(day.openUs), close: isoTime(day.closeUs) };
}

function isoTime(us: number): string {
  return `${formatTime(us).slice(0, 23)}Z`;
}
