import { describe, expect, it } from 'vitest';
import { newYorkDate } from '../../../../src/domain/market/calendar.ts';
import { archiveUntil, DATE, OPEN_US } from '../rest/rest-harness.ts';

const HOW = [
  { splits: true, dividends: false },
  { splits: false, dividends: false },
  { splits: true, dividends: true },
];

describe('the days that are over', () => {
  const { days, symbols } = archiveUntil(OPEN_US);

  it.each(HOW)('are the same one by one and in a list: %j', (how) => {
    for (let symbol = 0; symbol < symbols.length; symbol += 1) {
      const rows = days.read(symbol, how);

      expect(rows.length).toBeGreaterThan(10);
      expect(rows.map(({ startUs }) => days.on(symbol, newYorkDate(startUs), how))).toEqual(rows);
    }
  });

  it('are none on a weekend, before the first and of the running day', () => {
    const dates = [20240601, 20240602, 19900102, DATE, 20991231];

    expect(dates.map((date) => days.on(0, date, { splits: true, dividends: false }))).toEqual(
      dates.map(() => undefined),
    );
    expect(days.on(99_999, 20240531, { splits: true, dividends: false })).toBeUndefined();
  });
});
