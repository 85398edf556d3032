import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readFactFiles } from '../../../src/compose/features/fact-files.ts';
import { HistoryError } from '../../../src/history/history-error.ts';

const folder = mkdtempSync(join(tmpdir(), 'strata-facts-'));
const NONE = {
  macro: undefined,
  indices: [],
  earnings: undefined,
  fundamentals: undefined,
  news: undefined,
  sectors: undefined,
};

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('files of facts', () => {
  it('puts what is known of a symbol in the order in which it was learned', () => {
    const earnings = file('earnings.csv', 'symbol,date,known\nBAC,2013-10-16,2013-09-20\n');
    const news = file(
      'news.csv',
      'symbol,time,headline\nBAC,2013-10-07T13:30:00Z,late\nBAC,2013-09-01T13:30:00Z,early\n',
    );
    const { symbols, faults } = readFactFiles({ ...NONE, earnings, news });
    expect(symbols.get('BAC')?.map(({ kind }) => kind)).toEqual(['news', 'earnings', 'news']);
    expect(faults.count).toBe(0);
  });

  it('takes the series of a folder whose release is known or told, and names the others', () => {
    const macro = join(folder, 'macro');
    mkdirSync(macro);
    writeFileSync(join(macro, 'ICSA.csv'), 'date,value\n2013-09-28,308000\n');
    writeFileSync(join(macro, 'XYZ1.csv'), 'date,value,released\n2013-09-28,1,2013-10-03\n');
    writeFileSync(join(macro, 'XYZ2.csv'), 'date,value\n2013-09-28,1\n');
    writeFileSync(join(macro, '_metadata.csv'), 'anything\n');
    const { market, faults } = readFactFiles({ ...NONE, macro });
    expect(market.map((fact) => 'series' in fact && fact.series).toSorted()).toEqual([
      'ICSA',
      'XYZ1',
    ]);
    expect(faults.first).toMatchObject([{ file: join(macro, 'XYZ2.csv'), field: 'series' }]);
  });

  it('keeps the sectors it knows, and names the line of one that it does not', () => {
    const sectors = file('sectors.csv', 'Symbol,GICS Sector\nBAC,Financials\nX,Finance\n');
    const read = readFactFiles({ ...NONE, sectors });
    expect([...read.sectors]).toEqual([['BAC', 'Financials']]);
    expect(read.faults.first).toMatchObject([{ line: 3, field: 'sector' }]);
  });

  it('tells that a file is another than it was given for', () => {
    const earnings = file('other.csv', 'when,what\n2013-10-16,report\n');
    expect(readFactFiles({ ...NONE, earnings }).isUnreadable).toBe(true);
    const indices = [['FOO', earnings]] as const;
    expect(() => readFactFiles({ ...NONE, indices })).toThrow(/VIX or VIX3M/);
  });

  it('stops at a file that is not there', () => {
    const news = join(folder, 'absent.csv');
    expect(() => readFactFiles({ ...NONE, news })).toThrow(HistoryError);
    expect(() => readFactFiles({ ...NONE, macro: news })).toThrow(/absent/);
  });
});
