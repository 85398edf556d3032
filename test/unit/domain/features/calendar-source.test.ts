import { describe, expect, it } from 'vitest';
import { civilFromDays, DAY, dateNumber, daysOfDate, MINUTE } from '../../../../src/core/time.ts';
import {
  nextTradingDay,
  previousTradingDay,
  tradingDay,
  type TradingDay,
} from '../../../../src/domain/market/calendar.ts';
import { calendarSource } from '../../../../src/domain/features/sources/calendar-source.ts';
import { columnsOf, freshState, hearMarket, noon } from '../../../reference/rare-facts.ts';

const source = calendarSource.build({ symbolsMax: 1, spanUs: 0 });

function told(date: number): { readonly state: Float64Array; readonly day: TradingDay } {
  const day = tradingDay(date);
  if (day === undefined) throw new Error(`${date} has no session`);
  const state = freshState(source);
  const { openUs, closeUs } = day;
  const fact = { kind: 'session', day: daysOfDate(date), openUs, closeUs, nowUs: openUs } as const;
  hearMarket(source, state, fact);
  return { state, day };
}

/** Session by session, as a person turns the pages of a calendar. */
function naive(date: number): Record<string, number> {
  const dayOf = (days: number) => dateNumber(civilFromDays(days));
  const month = (one: number) => Math.floor(one / 100);
  let left = 0;
  for (let at = nextTradingDay(date)?.date ?? 0; month(at) === month(date);) {
    left += 1;
    at = nextTradingDay(at)?.date ?? 0;
  }
  const isHoliday = (days: number) =>
    [1, 2, 3, 4, 5].includes((days + 4) % 7) && tradingDay(dayOf(days)) === undefined;
  const holidayBetween = (from: number, to: number) => {
    for (let days = daysOfDate(from) + 1; days < daysOfDate(to); days += 1) {
      if (isHoliday(days)) return true;
    }
    return false;
  };
  const count = (step: (one: number) => TradingDay | undefined, isBack: boolean) => {
    let at = date;
    for (let sessions = 0; sessions < 10; sessions += 1) {
      const next = step(at)?.date ?? 0;
      if (isBack ? holidayBetween(next, at) : holidayBetween(at, next)) return sessions;
      at = next;
    }
    return 10;
  };
  let toHalf = 0;
  for (let at = tradingDay(date); toHalf < 10 && at?.isHalfDay === false; toHalf += 1) {
    at = nextTradingDay(at.date);
  }
  const isMonthEnd = left === 0 ? 1 : 0;
  return {
    weekday: (daysOfDate(date) + 4) % 7,
    daysToMonthEnd: left,
    isMonthEnd,
    isQuarterEnd: (month(date) % 100) % 3 === 0 ? isMonthEnd : 0,
    isHalfDay: tradingDay(date)?.isHalfDay === true ? 1 : 0,
    daysToHoliday: count(nextTradingDay, false),
    daysSinceHoliday: count(previousTradingDay, true),
    daysToHalfDay: toHalf,
  };
}

describe('the calendar source', () => {
  it('agrees on every session of 2012, 2013, 2024 and 2025 with turning the pages', () => {
    let sessions = 0;
    for (const year of [2012, 2013, 2024, 2025]) {
      for (let at = nextTradingDay((year - 1) * 10_000 + 1_231); at !== undefined;) {
        const { date, openUs } = at;
        if (date > year * 10_000 + 1231) break;
        expect(columnsOf(source, told(date).state, openUs)).toMatchObject(naive(date));
        sessions += 1;
        at = nextTradingDay(date);
      }
    }
    expect(sessions).toBe(250 + 252 + 252 + 250);
  });

  it('counts the minutes of a half day to its own close', () => {
    const { state, day } = told(20241129);
    const { openUs, closeUs } = day;
    expect(columnsOf(source, state, openUs)).toMatchObject({ minute: 0, share: 0, isHalfDay: 1 });
    expect(columnsOf(source, state, openUs - 5 * MINUTE)).toMatchObject({ minute: -5, share: 0 });
    const later = columnsOf(source, state, openUs + 105 * MINUTE);
    expect(later).toMatchObject({ minute: 105, minutesToClose: 105, share: 0.5 });
    expect(columnsOf(source, state, closeUs + MINUTE)).toMatchObject({ share: 1 });
  });

  it('says nothing before it was told of a session, and on a day it was not told of', () => {
    const silent = (state: Float64Array, nowUs: number) =>
      Object.values(columnsOf(source, state, nowUs)).every(Number.isNaN);
    expect(silent(freshState(source), noon(20240305))).toBe(true);
    const { state } = told(20240305);
    expect(silent(state, noon(20240305))).toBe(false);
    expect(silent(state, noon(20240306))).toBe(true);
    expect(silent(state, noon(20240305) - DAY)).toBe(true);
  });

  it('takes no session that ends before it begins or is of another day', () => {
    const { state, day } = told(20240305);
    const before = state.slice();
    const { openUs, closeUs } = day;
    const of = { kind: 'session', nowUs: openUs, day: daysOfDate(20240305) } as const;
    hearMarket(source, state, { ...of, openUs, closeUs: openUs });
    hearMarket(source, state, { ...of, day: of.day + 1, openUs, closeUs });
    expect(state).toEqual(before);
  });

  it('does not guess what lies past the end of the calendar', () => {
    const { state, day } = told(20301231);
    const found = columnsOf(source, state, day.openUs);
    expect(found['daysToHoliday']).toBeNaN();
    expect(found['daysSinceHoliday']).toBe(3);
  });
});
