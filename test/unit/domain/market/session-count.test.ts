import { describe, expect, it } from 'vitest';
import { civilFromDays, dateNumber, daysOfDate } from '../../../../src/core/time.ts';
import { tradingDay } from '../../../../src/domain/market/calendar.ts';
import {
  DAY_CLOSED,
  DAY_FULL,
  DAY_HALF,
  dayKind,
  sessionNumberFrom,
  sessionsUntil,
} from '../../../../src/domain/market/session-count.ts';

describe('the count of sessions', () => {
  it('agrees with the calendar on every day that this knows', () => {
    const last = daysOfDate(20301231);
    const wrong: number[] = [];
    let sessions = 0;
    for (let day = daysOfDate(19900101); day <= last; day += 1) {
      const session = tradingDay(dateNumber(civilFromDays(day)));
      if (session !== undefined) sessions += 1;
      const kind = session === undefined ? DAY_CLOSED : session.isHalfDay ? DAY_HALF : DAY_FULL;
      const from = session === undefined ? sessions + 1 : sessions;
      const answers = [sessionsUntil(day), dayKind(day), sessionNumberFrom(day)].join();
      if (answers !== [sessions, kind, from].join()) wrong.push(day);
    }
    expect(wrong).toEqual([]);
  });

  it('is not known outside the calendar', () => {
    for (const day of [daysOfDate(19891231), daysOfDate(20310101), NaN, 0.5]) {
      expect(sessionsUntil(day)).toBeNaN();
      expect(dayKind(day)).toBeNaN();
    }
  });
});
