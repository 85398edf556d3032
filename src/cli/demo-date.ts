import { InvalidArgumentError } from 'commander';
import { type DateNumber, parseDate } from '../core/time.ts';
import { CALENDAR_LAST, nextTradingDay, tradingDay } from '../domain/market/calendar.ts';

/** A demo needs twenty days of history before its first; the calendar begins with 1990. */
const DEMO_FIRST: DateNumber = 19900201;

/** A date such as 2013-10-07 or 20131007; throws what the command line shows. */
export function parseAnyDate(text: string): DateNumber {
  const parsed = parseDate(text);
  if (parsed === undefined) throw new InvalidArgumentError('It is no date such as 2013-10-07.');
  return parsed;
}

/** The same, of a day that the seeded market can trade. */
export function parseDemoDate(text: string): DateNumber {
  const date = parseAnyDate(text);
  if (date < DEMO_FIRST || date > CALENDAR_LAST) {
    throw new InvalidArgumentError(`A demo trades from ${DEMO_FIRST} to ${CALENDAR_LAST}.`);
  }
  if (tradingDay(date) !== undefined) return date;
  const next = nextTradingDay(date);
  const hint = next === undefined ? '' : `; the next one is ${next.date}`;
  throw new InvalidArgumentError(`${date} is no trading day${hint}.`);
}
