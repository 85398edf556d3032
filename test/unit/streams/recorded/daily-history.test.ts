import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { civilFromDays, dateNumber, daysOfDate } from '../../../../src/core/time.ts';
import { readDailyHistory } from '../../../../src/streams/recorded/daily-history.ts';
import { Recording } from './recording.ts';

let recording: Recording;
beforeEach(() => {
  recording = new Recording();
});
afterEach(() => {
  recording.remove();
});

const YAHOO = 'Date,Open,High,Low,Close,Adj Close,Volume\n';

function dashed(date: number): string {
  const text = String(date);
  return `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`;
}

describe('readDailyHistory', () => {
  it('reads each layout into ten-thousandths, in date order', () => {
    recording.write('ibm.zip', '20131003 00:00,1,4,1,3,50\n20131004 00:00,2,4,1,3,60');
    recording.write('A.csv.gz', `${YAHOO}2013-10-04,25.636623,26.5,25.5,26,23,4156394\n`);
    recording.write(
      'B.csv.gz',
      `${YAHOO}2013-10-04 04:00:00+00:00,92.02,94.51,92.02,94.28,94.28,42797.0\n`,
    );
    recording.write(
      'C.csv.gz',
      'timestamp,open,high,low,close,adjusted_close,volume,dividend_amount,split_coefficient\n' +
        '2013-10-04,80.0,80.69,77.37,77.62,0.596878742448,2487300,0.0,1.0\n',
    );
    recording.write(
      'D_daily.csv.gz',
      'datetime,open,high,low,close,volume\n2013-10-04,2,2,2,2,9\n2013-10-03,1,1,1,1,8',
    );
    const { bars, faults } = readDailyHistory(
      recording.folder,
      ['A', 'B', 'C', 'D', 'E', 'IBM'],
      20131007,
    );
    const date = 20131004;

    expect(bars.get('IBM')).toEqual([
      { date: 20131003, open: 1, high: 4, low: 1, close: 3, volume: 50 },
      { date, open: 2, high: 4, low: 1, close: 3, volume: 60 },
    ]);
    expect(bars.get('A')).toMatchObject([{ date, open: 256_366, close: 260_000, volume: 4156394 }]);
    expect(bars.get('B')).toMatchObject([{ date, close: 942_800, volume: 42797 }]);
    expect(bars.get('C')).toMatchObject([{ date, close: 776_200, volume: 2487300 }]);
    expect(bars.get('D')?.map((bar) => bar.date)).toEqual([20131003, date]);
    expect(bars.has('E')).toBe(false);
    expect(faults.first).toMatchObject([{ field: 'E', line: 0 }]);
  });

  it('never sees the day itself or anything after it, whatever the future holds', () => {
    const first = daysOfDate(20130101);
    const row = (days: number, close: number) => {
      const date = dashed(dateNumber(civilFromDays(first + days)));
      return `${date},${close},${close},${close},${close},1,1\n`;
    };
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 900 }),
        (cut, price) => {
          const before = dateNumber(civilFromDays(first + cut));
          const past = Array.from({ length: cut }, (_, day) => row(day, day + 1)).join('');
          const future = Array.from({ length: 5 }, (_, day) => row(cut + day, price)).join('');
          recording.write('A.csv', YAHOO + past);
          const without = readDailyHistory(recording.folder, ['A'], before).bars.get('A');
          recording.write('A.csv', YAHOO + past + future);
          const withFuture = readDailyHistory(recording.folder, ['A'], before).bars.get('A');

          expect(withFuture).toEqual(without);
          expect(withFuture?.length).toBe(Math.min(20, cut));
          expect(withFuture?.every((bar) => bar.date < before)).toBe(true);
          expect(withFuture?.at(-1)?.close).toBe(cut * 10_000);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('leaves out stray rows before a gap, and a history that ended long ago', () => {
    const stray = '2018-11-01 04:00:00+00:00,244,244,244,244,244,200.0\n';
    const real = '2020-07-27 04:00:00+00:00,300,301,299,301,301,647693.0\n';
    recording.write('SPY.csv.gz', YAHOO + stray + real);
    const near = readDailyHistory(recording.folder, ['SPY'], 20200728);
    const far = readDailyHistory(recording.folder, ['SPY'], 20190601);

    expect(near.bars.get('SPY')?.map((bar) => bar.date)).toEqual([20200727]);
    expect(near.faults.first[0]?.detail).toMatch(/left out 1 rows before a gap/);
    expect(far.bars.has('SPY')).toBe(false);
  });

  it('names rows that cannot be, and keeps the others', () => {
    const rows = '2013-10-02,1,1,1,1,1,1\n2013-10-03,1,1,2,1,1,1\n2013-10-02,2,2,2,2,1,1\nx\n';
    recording.write('A.csv', YAHOO + rows);
    const { bars, faults } = readDailyHistory(recording.folder, ['A'], 20131007);

    expect(bars.get('A')).toHaveLength(1);
    expect(faults.first.map(({ line, field }) => [line, field])).toEqual([
      [3, 'high'],
      [4, 'date'],
      [5, 'date'],
    ]);
  });

  it('refuses a folder that is not there', () => {
    expect(() => readDailyHistory(`${recording.folder}/x`, ['A'], 20131007)).toThrow(
      expect.objectContaining({ code: 'RECORDED_MISSING' }),
    );
  });
});
