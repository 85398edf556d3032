import { describe, expect, it } from 'vitest';
import { present } from '../../../../src/core/assert.ts';
import {
  civilFromDays,
  DAY,
  dateNumber,
  daysOfDate,
  formatTime,
  parseTime,
  weekday,
} from '../../../../src/core/time.ts';
import {
  isOfficeClosed,
  RELEASE_LAGS,
  releaseLagOf,
  releaseUs,
} from '../../../../src/domain/features/release-lags.ts';

function releaseOf(series: string, date: number): number {
  return releaseUs(present(releaseLagOf(series), 'a lag'), daysOfDate(date));
}

describe('release lags', () => {
  // Moments at which publishers say, on their own pages, that they let these numbers out.
  it.each([
    ['M2SL', 20210101, '2021-02-23T13:00:00-05:00'],
    ['M2SL', 20210701, '2021-08-24T13:00:00-04:00'],
    ['INDPRO', 20170301, '2017-04-18T09:15:00-04:00'],
    ['INDPRO', 20080801, '2008-09-15T09:15:00-04:00'],
    ['INDPRO', 20190201, '2019-03-15T09:15:00-04:00'],
    ['ICSA', 20180414, '2018-04-19T08:30:00-04:00'],
    // After the shutdown of 2025: the week of 18 October was told on 18 November.
    ['ICSA', 20251018, '2025-11-18T08:30:00-05:00'],
  ])('never let %s of %d be known before %s', (series, date, published) => {
    const us = releaseOf(series, date);
    const lateUs = us - present(parseTime(published), 'a time');
    expect(lateUs).toBeGreaterThanOrEqual(0);
    expect(lateUs, formatTime(us)).toBeLessThan(8 * DAY);
  });

  it('reckon from the end of the period, on clocks of New York, past holidays', () => {
    // Thursday 25 November 2027 is Thanksgiving.
    expect(formatTime(releaseOf('ICSA', 20271120))).toBe('2027-11-26T13:30:00.000000Z');
    expect(formatTime(releaseOf('T10Y2Y', 20240703))).toBe('2024-07-05T20:15:00.000000Z');
    expect(formatTime(releaseOf('GDPC1', 20240101))).toBe('2024-05-01T12:30:00.000000Z');
    expect(formatTime(releaseOf('PMI', 20241201))).toBe('2025-01-03T15:00:00.000000Z');
    // The same for any day of the month or the quarter.
    expect(releaseOf('M2SL', 20240229)).toBe(releaseOf('M2SL', 20240201));
    expect(releaseOf('GDPC1', 20240331)).toBe(releaseOf('GDPC1', 20240101));
  });

  it('lie after the period that a number is of, for every series and day', () => {
    const first = daysOfDate(20100101);
    for (const lag of RELEASE_LAGS) {
      const lags = Array.from({ length: 6_000 }, (_, at) => ({
        day: first + at,
        us: releaseUs(lag, first + at),
      }));
      const early = lags.filter(({ day, us }) => us <= day * DAY);
      const late = lags.filter(({ day, us }) => us > (day + 240) * DAY);
      const unordered = lags.filter(({ us }, at) => us < (lags[at - 1]?.us ?? 0));
      expect({ early, late, unordered }, lag.series).toEqual({
        early: [],
        late: [],
        unordered: [],
      });
    }
  });

  it('name a publisher and a reason each, once', () => {
    expect(new Set(RELEASE_LAGS.map(({ series }) => series)).size).toBe(RELEASE_LAGS.length);
    for (const { publisher, because } of RELEASE_LAGS) {
      expect(publisher.length).toBeGreaterThan(5);
      expect(because.length).toBeGreaterThan(10);
    }
  });

  it('know the federal holidays of 2021, 2022 and 2026', () => {
    const closed = (year: number) => {
      const days: number[] = [];
      for (let day = daysOfDate(year * 10_000 + 101); ; day += 1) {
        const date = dateNumber(civilFromDays(day));
        if (date > year * 10_000 + 1_231) break;
        if (weekday(day) % 6 !== 0 && isOfficeClosed(day)) days.push(date % 10_000);
      }
      return days;
    };
    // Office of Personnel Management, federal holidays. New Year 2022 was kept on 31 December 2021.
    expect(closed(2021)).toEqual([101, 118, 215, 531, 618, 705, 906, 1011, 1111, 1125, 1224, 1231]);
    expect(closed(2022)).toEqual([117, 221, 530, 620, 704, 905, 1010, 1111, 1124, 1226]);
    expect(closed(2026)).toEqual([101, 119, 216, 525, 619, 703, 907, 1012, 1111, 1126, 1225]);
  });
});
