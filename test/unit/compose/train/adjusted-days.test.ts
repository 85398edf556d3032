import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { adjustedDays } from '../../../../src/compose/train/adjusted-days.ts';

const folder = mkdtempSync(join(tmpdir(), 'strata-actions-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const bar = (date: number, close: number, volume: number) => {
  return { date, open: close, high: close, low: close, close, volume };
};
const DAYS = [
  bar(20140605, 6_400_000, 10),
  bar(20140606, 6_450_000, 12),
  bar(20140609, 937_000, 80),
];

describe('days that are unadjusted', () => {
  it('are brought to shares of today, by the splits that a file tells', () => {
    const path = join(folder, 'splits.csv');
    writeFileSync(path, 'symbol,date,split\nAAPL,2014-06-09,7\nIBM,2014-06-06,1\n');

    const { bars: adjusted } = adjustedDays(
      new Map([
        ['AAPL', DAYS],
        ['IBM', DAYS],
      ]),
      path,
    );

    expect(adjusted.get('AAPL')?.map(({ close }) => close)).toEqual([914_286, 921_429, 937_000]);
    expect(adjusted.get('AAPL')?.map(({ volume }) => volume)).toEqual([70, 84, 80]);
    expect(adjusted.get('IBM')).toEqual(DAYS);
  });

  it('are known before a date as they were quoted then, whatever was split on it or later', () => {
    const path = join(folder, 'later.csv');
    const bars = new Map([['AAPL', DAYS]]);
    writeFileSync(path, 'symbol,date,split\nAAPL,2014-06-06,2\n');
    const untold = adjustedDays(bars, path);
    writeFileSync(
      path,
      'symbol,date,split\nAAPL,2014-06-06,2\nAAPL,2014-06-09,7\nAAPL,2020-08-31,4\n',
    );
    const told = adjustedDays(bars, path);

    expect(told.before(20140609)).toEqual(untold.before(20140609));
    expect(
      told
        .before(20140609)
        .get('AAPL')
        ?.map(({ close }) => close),
    ).toEqual([3_200_000, 6_450_000]);
    expect(told.bars.get('AAPL')?.[0]?.close).toBe(Math.round(6_400_000 / 56));
  });

  it('are refused with the line of a file that says what cannot be', () => {
    const path = join(folder, 'bad.csv');
    writeFileSync(path, 'symbol,date,split\nAAPL,2014-06-09,-7\n');

    expect(() => adjustedDays(new Map([['AAPL', DAYS]]), path)).toThrow(/bad.csv:2/);
  });
});
