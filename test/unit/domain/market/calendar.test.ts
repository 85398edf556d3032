import { describe, expect, it } from 'vitest';
import {
  CALENDAR_FIRST,
  CALENDAR_LAST,
  isCovered,
  newYorkDate,
  newYorkDayNumber,
  newYorkOffsetUs,
  newYorkToUs,
  nextTradingDay,
  previousTradingDay,
  sessionOf,
  tradingDay,
  usOfNewYorkDay,
} from '../../../../src/domain/market/calendar.ts';
import {
  civilFromDays,
  DAY,
  type DateNumber,
  dateNumber,
  daysOfDate,
  HOUR,
  MINUTE,
  parseTime,
  weekday,
} from '../../../../src/core/time.ts';

/** The exchange's table: full closures, then 13:00 closes. */
const PUBLISHED: readonly (readonly [number, string, string])[] = [
  [2024, '0101 0115 0219 0329 0527 0619 0704 0902 1128 1225', '0703 1129 1224'],
  [2025, '0101 0109 0120 0217 0418 0526 0619 0704 0901 1127 1225', '0703 1128 1224'],
  [2026, '0101 0119 0216 0403 0525 0619 0703 0907 1126 1225', '1127 1224'],
  [2027, '0101 0118 0215 0326 0531 0618 0705 0906 1125 1224', '1126'],
];

describe('tradingDay', () => {
  it.each(PUBLISHED)('agrees with the published table of %i', (year, closures, halfDays) => {
    const closed = weekdaysOf(year).filter((date) => tradingDay(date) === undefined);
    const half = weekdaysOf(year).filter((date) => tradingDay(date)?.isHalfDay === true);

    expect(closed).toEqual(datesOf(year, closures));
    expect(half).toEqual(datesOf(year, halfDays));
    expect(weekdaysOf(year).every((date) => tradingDay(date)?.isVerified !== false)).toBe(true);
  });

  it('is closed on every weekend', () => {
    const open = daysBetween(CALENDAR_FIRST, CALENDAR_LAST).filter(
      (date) => weekday(daysOfDate(date)) % 6 === 0 && tradingDay(date) !== undefined,
    );

    expect(open).toEqual([]);
  });

  it('keeps New Year on Monday after a Sunday, and not at all on a Saturday', () => {
    expect(tradingDay(20230102)).toBeUndefined();
    expect(tradingDay(20211231)?.isHalfDay).toBe(false);
    expect(tradingDay(20271231)?.isHalfDay).toBe(false);
    expect(tradingDay(20101231)).toBeDefined();
  });

  it('starts holidays in the year in which the exchange did', () => {
    expect(tradingDay(19970120)).toBeDefined();
    expect(tradingDay(19980119)).toBeUndefined();
    expect(tradingDay(20210618)).toBeDefined();
    expect(tradingDay(20220620)).toBeUndefined();
  });

  it('opens on Columbus Day and Veterans Day', () => {
    expect(tradingDay(20241014)).toBeDefined();
    expect(tradingDay(20241111)).toBeDefined();
  });

  it('knows half days that rules changed or never foretold, and says so', () => {
    const half = [
      [19931126, 19950703, 19960705, 19971226, 19991231, 20000703, 20020705, 20031226, 20081128],
      [20121123, 20130703, 20190703, 20201224, 20231124],
    ].flat();
    const full = [19901123, 19930702, 19940705, 19960703, 20020703, 20130705, 20150702];

    expect(half.filter((date) => tradingDay(date)?.isHalfDay === true)).toEqual(half);
    expect(full.filter((date) => tradingDay(date)?.isHalfDay === false)).toEqual(full);
    expect(tradingDay(19931224)).toBeUndefined(); // Christmas was a Saturday.
    expect(tradingDay(20231124)?.isVerified).toBe(false);
  });

  it('gives the hours of a full day, a half day and an early close of old', () => {
    expect(clock(20240108)).toEqual(['04:00', '09:30', '16:00', '20:00']);
    expect(clock(20240703)).toEqual(['04:00', '09:30', '13:00', '17:00']);
    expect(clock(19921224)).toEqual(['04:00', '09:30', '14:00', '18:00']);
  });

  it('gives times in UTC on both sides of a change of the clocks', () => {
    expect(tradingDay(20240308)?.openUs).toBe(parseTime('2024-03-08T14:30:00Z'));
    expect(tradingDay(20240311)?.openUs).toBe(parseTime('2024-03-11T13:30:00Z'));
    expect(tradingDay(20241101)?.closeUs).toBe(parseTime('2024-11-01T20:00:00Z'));
    expect(tradingDay(20241104)?.closeUs).toBe(parseTime('2024-11-04T21:00:00Z'));
  });

  it('tells a closed day from a day it does not know', () => {
    expect([isCovered(20240101), tradingDay(20240101)]).toEqual([true, undefined]);
    expect([isCovered(19891229), tradingDay(19891229)]).toEqual([false, undefined]);
    expect([isCovered(20310102), tradingDay(20310102)]).toEqual([false, undefined]);
    expect(tradingDay(20240230)).toBeUndefined();
    expect(tradingDay(20241301)).toBeUndefined();
  });
});

describe('nextTradingDay and previousTradingDay', () => {
  it('skip what is closed, and never answer the date itself', () => {
    expect(nextTradingDay(20240328)?.date).toBe(20240401); // Over Good Friday and a weekend.
    expect(previousTradingDay(20240401)?.date).toBe(20240328);
    expect(nextTradingDay(20010910)?.date).toBe(20010917);
    expect(previousTradingDay(20010917)?.date).toBe(20010910);
    expect(nextTradingDay(20240330)?.date).toBe(20240401);
  });

  it('end where the calendar ends', () => {
    expect(previousTradingDay(19900102)).toBeUndefined();
    expect(nextTradingDay(20301231)).toBeUndefined();
    expect(nextTradingDay(19891231)?.date).toBe(19900102);
  });

  it('walk the same days forwards and backwards', () => {
    const forwards: DateNumber[] = [];
    for (let at = nextTradingDay(20191231); at !== undefined && at.date < 20250101;) {
      forwards.push(at.date);
      at = nextTradingDay(at.date);
    }
    const backwards: DateNumber[] = [];
    for (let at = previousTradingDay(20250101); at !== undefined && at.date > 20191231;) {
      backwards.push(at.date);
      at = previousTradingDay(at.date);
    }

    expect(forwards).toHaveLength(253 + 252 + 251 + 250 + 252);
    expect(backwards.toReversed()).toEqual(forwards);
  });
});

describe('sessionOf', () => {
  it('changes at the microsecond', () => {
    const { preUs, openUs, closeUs, postUs } = tradingDay(20240703) ?? expect.fail('no day');

    expect([preUs - 1, preUs].map(sessionOf)).toEqual(['closed', 'pre']);
    expect([openUs - 1, openUs].map(sessionOf)).toEqual(['pre', 'core']);
    expect([closeUs - 1, closeUs].map(sessionOf)).toEqual(['core', 'post']);
    expect([postUs - 1, postUs].map(sessionOf)).toEqual(['post', 'closed']);
  });

  it('is closed all day on holidays, weekends and outside the calendar', () => {
    for (const date of [20240704, 20240706, 19891229, 20310102]) {
      for (let hour = 0; hour < 24; hour += 1) {
        expect(sessionOf(newYorkToUs(date, hour * HOUR)), `${date} ${hour}`).toBe('closed');
      }
    }
  });

  it('agrees with the hours of the day at every half hour of some years', () => {
    const faults: number[] = [];
    const last = daysOfDate(20241231) * DAY;
    for (let us = daysOfDate(20230101) * DAY; us < last; us += 30 * MINUTE) {
      if (sessionOf(us) !== sessionBy(us)) faults.push(us);
    }

    expect(faults).toEqual([]);
  });
});

describe('New York time', () => {
  it('agrees with Intl in every hour around every change of the clocks from 1990 to 2030', () => {
    const faults: string[] = [];
    let changes = 0;
    for (let days = daysOfDate(19900101); days <= daysOfDate(20301231); days += 1) {
      const before = intlOffsetHours(days * DAY);
      if (before === intlOffsetHours((days + 1) * DAY)) continue;
      changes += 1;
      for (let us = (days - 1) * DAY; us < (days + 2) * DAY; us += HOUR) {
        for (const near of [us - 1, us]) {
          if (newYorkOffsetUs(near) !== intlOffsetHours(near) * HOUR) faults.push(String(near));
        }
      }
    }

    expect(changes).toBe(82);
    expect(faults).toEqual([]);
  });

  it('agrees with Intl at noon of every day', () => {
    const wrong = daysBetween(CALENDAR_FIRST, CALENDAR_LAST).filter((date) => {
      const us = daysOfDate(date) * DAY + 12 * HOUR;
      return newYorkOffsetUs(us) !== intlOffsetHours(us) * HOUR;
    });

    expect(wrong).toEqual([]);
  });

  it('goes from the clock to UTC and back', () => {
    for (let days = daysOfDate(20060101); days < daysOfDate(20080101); days += 1) {
      const date = dateNumber(civilFromDays(days));
      for (let usOfDay = 0; usOfDay < DAY; usOfDay += 30 * MINUTE) {
        const us = newYorkToUs(date, usOfDay);
        const isLeftOut = [20060402, 20070311].includes(date) && Math.floor(usOfDay / HOUR) === 2;
        const wanted = isLeftOut ? usOfDay + HOUR : usOfDay;
        if (usOfNewYorkDay(us) !== wanted) expect.fail(`${date} ${usOfDay}`);
        if (newYorkDate(us) !== date || newYorkDayNumber(us) !== days) expect.fail(`${date}`);
      }
    }
  });

  it('reads the hour that comes twice as the first, and the one left out as before', () => {
    const half = HOUR + 30 * MINUTE;

    expect(newYorkToUs(20241103, half)).toBe(parseTime('2024-11-03T01:30:00-04:00'));
    expect(newYorkToUs(20240310, half + HOUR)).toBe(parseTime('2024-03-10T02:30:00-05:00'));
  });

  it('counts days by New York, not by UTC', () => {
    expect(newYorkDate(parseTime('2024-01-09T04:59:59.999999Z') ?? 0)).toBe(20240108);
    expect(newYorkDate(parseTime('2024-01-09T05:00:00Z') ?? 0)).toBe(20240109);
    expect(newYorkDayNumber(parseTime('2024-07-01T03:59:59Z') ?? 0)).toBe(daysOfDate(20240630));
  });
});

const format = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/New_York',
  timeZoneName: 'longOffset',
});

function intlOffsetHours(us: number): number {
  const zone = format.formatToParts(Math.floor(us / 1_000)).find(isZone)?.value ?? '';
  return Number(/^GMT([+-]\d{2}):00$/.exec(zone)?.[1]);
}

function isZone(part: Intl.DateTimeFormatPart): boolean {
  return part.type === 'timeZoneName';
}

function sessionBy(us: number): string {
  const day = tradingDay(newYorkDate(us));
  if (day === undefined || us < day.preUs || us >= day.postUs) return 'closed';
  if (us < day.openUs) return 'pre';
  return us < day.closeUs ? 'core' : 'post';
}

function clock(date: DateNumber): readonly string[] {
  const { preUs, openUs, closeUs, postUs } = tradingDay(date) ?? expect.fail(`${date} is closed`);
  const two = (value: number) => String(value).padStart(2, '0');
  return [preUs, openUs, closeUs, postUs].map((us) => {
    const minutes = usOfNewYorkDay(us) / MINUTE;
    return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
  });
}

function weekdaysOf(year: number): readonly DateNumber[] {
  return daysBetween(year * 10_000 + 101, year * 10_000 + 1_231).filter(
    (date) => weekday(daysOfDate(date)) % 6 !== 0,
  );
}

function daysBetween(first: DateNumber, last: DateNumber): readonly DateNumber[] {
  const from = daysOfDate(first);
  const length = daysOfDate(last) - from + 1;
  return Array.from({ length }, (_, at) => dateNumber(civilFromDays(from + at)));
}

function datesOf(year: number, monthDays: string): readonly DateNumber[] {
  return monthDays.split(' ').map((text) => year * 10_000 + Number(text));
}
