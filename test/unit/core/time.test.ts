import { describe, expect, it } from 'vitest';
import {
  civilFromDays,
  dateNumber,
  DAY,
  daysFromCivil,
  daysOfDate,
  formatTime,
  HOUR,
  MS,
  parseDate,
  parseTime,
  weekday,
} from '../../../src/core/time.ts';

describe('civil dates', () => {
  it('agree with the engine on every day from 1900 to 2200, and follow one another', () => {
    const first = daysFromCivil(1900, 1, 1);
    const last = daysFromCivil(2200, 12, 31);
    const faults: number[] = [];
    for (let days = first; days <= last; days += 1) {
      const civil = civilFromDays(days);
      const theirs = new Date(days * 86_400_000);
      const isSame =
        civil.year === theirs.getUTCFullYear() &&
        civil.month === theirs.getUTCMonth() + 1 &&
        civil.day === theirs.getUTCDate() &&
        weekday(days) === theirs.getUTCDay() &&
        daysFromCivil(civil.year, civil.month, civil.day) === days &&
        daysOfDate(dateNumber(civil)) === days;
      if (!isSame) faults.push(days);
    }

    expect(last - first).toBe(109_937);
    expect(faults).toEqual([]);
  });

  it('begin at the epoch, a Thursday', () => {
    expect([daysFromCivil(1970, 1, 1), weekday(0), weekday(-1)]).toEqual([0, 4, 3]);
  });
});

describe('parseDate', () => {
  it('reads both spellings of a date of the calendar', () => {
    expect([parseDate('20131007'), parseDate('2013-10-07')]).toEqual([20131007, 20131007]);
    expect(parseDate('2024-02-29')).toBe(20240229);
  });

  it('answers undefined for what is no date', () => {
    const texts = [
      ['2023-02-29', '1900-02-29', '2024-13-01', '2024-00-10', '2024-04-31', '2024-01-00'],
      ['2024-0101', '202401-01', '24-01-01', '', '2024-1-1', '2024-01-01T', ' 20240101'],
    ].flat();

    expect(texts.filter((text) => parseDate(text) !== undefined)).toEqual([]);
  });
});

describe('parseTime', () => {
  const noon = daysFromCivil(2013, 10, 7) * DAY + 12 * HOUR;

  it('reads any offset', () => {
    expect(parseTime('2013-10-07T12:00:00Z')).toBe(noon);
    expect(parseTime('2013-10-07 12:00:00Z')).toBe(noon);
    expect(parseTime('2013-10-07T08:00:00-04:00')).toBe(noon);
    expect(parseTime('2013-10-07T17:45:00+0545')).toBe(noon);
    expect(parseTime('2013-10-08T00:30:00+12:30')).toBe(noon);
    expect(parseTime('2013-10-06T23:00:00-13:00')).toBe(noon);
  });

  it('cuts what lies below a microsecond', () => {
    expect(parseTime('2013-10-07T12:00:00.5Z')).toBe(noon + 500 * MS);
    expect(parseTime('2013-10-07T12:00:00.000001Z')).toBe(noon + 1);
    expect(parseTime('2013-10-07T12:00:00.123456999Z')).toBe(noon + 123_456);
    expect(parseTime('1969-12-31T23:59:59.9999999Z')).toBe(-1);
  });

  it('answers undefined for what is no time', () => {
    const texts = [
      ['2013-10-07', '2013-10-07T12:00Z', '2013-10-07T24:00:00Z', '2013-10-07T12:60:00Z'],
      ['2013-10-07T12:00:60Z', '2013-02-30T12:00:00Z', '2013-10-07T12:00:00', ''],
      ['2013-10-07T12:00:00.Z', '2013-10-07T12:00:00.1234567890Z', '2013-10-07T12:00:00z'],
      ['2013-10-07T12:00:00+24:00', '2013-10-07T12:00:00+00:60', '2013-10-07T12:00:00Z '],
      ['2013-10-07T12:00:00+5', '20131007T120000Z', 'x2013-10-07T12:00:00Z'],
    ].flat();

    expect(texts.filter((text) => parseTime(text) !== undefined)).toEqual([]);
  });
});

describe('formatTime', () => {
  it('shows six places, always UTC', () => {
    expect(formatTime(0)).toBe('1970-01-01T00:00:00.000000Z');
    expect(formatTime(-1)).toBe('1969-12-31T23:59:59.999999Z');
    expect(formatTime(1_381_152_600_000_123)).toBe('2013-10-07T13:30:00.000123Z');
  });
});
