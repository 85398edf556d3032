import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY, daysOfDate, formatTime } from '../../../src/core/time.ts';
import { describeFault, FaultList } from '../../../src/domain/market/data-fault.ts';
import { readCsv } from '../../../src/history/csv-table.ts';
import { earningsFacts } from '../../../src/history/earnings-dates.ts';
import { fundamentalFacts } from '../../../src/history/fundamentals-file.ts';
import { HistoryError } from '../../../src/history/history-error.ts';
import { indexFacts } from '../../../src/history/index-file.ts';
import { macroFacts } from '../../../src/history/macro-series.ts';
import { newsFacts } from '../../../src/history/news-file.ts';
import { readText } from '../../../src/history/read-text.ts';
import { sectorsOf } from '../../../src/history/sectors-file.ts';

/** What was made of a text, and what was said of the rest. */
function reading<Read>(read: (faults: FaultList) => Read) {
  const faults = new FaultList();
  const facts = read(faults);
  return { facts, count: faults.count, said: faults.first.map(describeFault) };
}

describe('a file of a macro series', () => {
  it('becomes facts in the order of release; blanks are nothing', () => {
    const text =
      'date,value\r\n2024-05-01,20.5\r\n2024-06-01,\r\n2024-07-01,.\r\n2024-04-01,20\r\n';
    const { facts, count } = reading((faults) => macroFacts(text, 'M2SL.csv', 'M2SL', faults));
    expect(count).toBe(0);
    expect(facts.map(({ value, observedDay }) => [value, observedDay])).toEqual([
      [20, daysOfDate(20240401)],
      [20.5, daysOfDate(20240501)],
    ]);
    expect(facts.map(({ nowUs }) => formatTime(nowUs))).toEqual([
      '2024-05-28T20:30:00.000000Z',
      '2024-06-28T20:30:00.000000Z',
    ]);
  });

  it('is read under the headers that FRED has written', () => {
    const facts = (text: string) => macroFacts(text, 'f', 'ICSA', new FaultList());
    const plain = facts('date,value\n2024-05-04,231000\n');
    expect(plain).toHaveLength(1);
    expect(facts('\uFEFFobservation_date,ICSA\n2024-05-04,231000')).toEqual(plain);
    expect(facts('"DATE","VALUE"\n"2024-05-04","231000"')).toEqual(plain);
  });

  it('is believed where it says itself when a number came out, and revised', () => {
    const text =
      'date,value,released\n2024-05-01,50,2024-06-03T14:00:00Z\n2024-05-01,51,2024-07-01\n';
    const { facts, count } = reading((faults) => macroFacts(text, 'f', 'PMI', faults));
    expect(count).toBe(0);
    expect(facts.map(({ value, nowUs }) => [value, formatTime(nowUs)])).toEqual([
      [50, '2024-06-03T14:00:00.000000Z'],
      // Only a date: nobody has read it before that day is over in New York.
      [51, '2024-07-02T04:00:00.000000Z'],
    ]);
  });

  it('answers a bad line with file, line, field and what was expected, and goes on', () => {
    const text =
      'date,value\n2024-13-01,1\n2024-05-01,abc\n2024-05-01\n2024-05-01,7\n2024-05-01,8\n';
    const { facts, count, said } = reading((faults) => macroFacts(text, 'm2.csv', 'M2SL', faults));
    expect(facts.map(({ value }) => value)).toEqual([7]);
    expect(count).toBe(4);
    expect(said.toSorted()).toEqual([
      'm2.csv:2 date: expected a date such as 2013-10-07, found "2024-13-01"',
      'm2.csv:3 value: expected a number, found "abc"',
      'm2.csv:4 row: expected 2 fields, found 1 fields in "2024-05-01"',
      'm2.csv:6 date: expected a date, once, found "2024-05-01"',
    ]);
  });

  it('of which no release is known is refused with the nearest that is', () => {
    const { facts, said } = reading((faults) =>
      macroFacts('date,value\n2024-05-01,7\n2024-06-01,8', 'x.csv', 'M2SLX', faults),
    );
    expect(facts).toEqual([]);
    expect(said).toEqual([
      'x.csv series: expected a series with a known release lag, or a column released (did you ' +
        'mean M2SL?), found "M2SLX"',
    ]);
  });

  it('of which no release is known is read where it says itself when a number came out', () => {
    const { facts, said } = reading((faults) =>
      macroFacts('date,value,released\n2024-05-01,7,2024-05-09\n2024-06-01,8,', 'x', 'X1', faults),
    );
    expect(facts.map(({ value }) => value)).toEqual([7]);
    expect(said).toEqual([
      'x:3 released: expected a date, for no release lag of X1 is known, found ""',
    ]);
  });

  it('without its columns is refused by what they should be', () => {
    const { facts, said } = reading((faults) => macroFacts('day,x\n1,2', 'x.csv', 'M2SL', faults));
    expect(facts).toEqual([]);
    expect(said).toEqual([
      'x.csv:1 header: expected a column date or observation_date, found "day,x"',
    ]);
  });
});

describe('a file of an index', () => {
  it('tells the close of a day a quarter of an hour after the session, half days too', () => {
    const text =
      'DATE,OPEN,HIGH,LOW,CLOSE\n2024-11-27,14,15,13,14.1\n2024-11-29,14,15,13,13.51\n' +
      '2024-11-28,1,1,1,13.9\n2024-12-02,1,1,1,0\n2024-11-29,1,1,1,5\n';
    const { facts, said } = reading((faults) => indexFacts(text, 'vix.csv', 'VIX', faults));
    expect(facts.map(({ value, nowUs }) => [value, formatTime(nowUs)])).toEqual([
      [14.1, '2024-11-27T21:15:00.000000Z'],
      [13.9, '2024-11-29T05:00:00.000000Z'], // Thanksgiving: when the day was over.
      [13.51, '2024-11-29T18:15:00.000000Z'],
    ]);
    expect(said).toEqual([
      'vix.csv:5 close: expected a number above 0, found "0"',
      'vix.csv:6 date: expected a date, once, found "2024-11-29"',
    ]);
  });
});

describe('files of companies', () => {
  it('give dates of reports two weeks ahead, or since when the file says they were known', () => {
    const text =
      'Ticker,Earnings_Date,known\nBAC,"2024-07-16",\nBAC,2024-04-16,2024-03-01\nbac,2024-01-12,\n';
    const { facts, said } = reading((faults) => earningsFacts(text, 'e.csv', faults));
    expect(facts.get('BAC')?.map(({ day, nowUs }) => [day, formatTime(nowUs)])).toEqual([
      [daysOfDate(20240416), '2024-03-02T05:00:00.000000Z'],
      [daysOfDate(20240716), '2024-07-02T04:00:00.000000Z'],
    ]);
    expect(said).toEqual(['e.csv:4 symbol: expected a symbol such as BRK.B, found "bac"']);
  });

  it('give filings when their day is over, and name a field that is not known', () => {
    const text =
      'symbol,field,value,filedDate\nIBM,revenue,6.2e10,2024-02-26\nIBM,revenues,1,2024-02-26\n' +
      'IBM,netIncome,x,2024-02-26\nIBM,netIncome,7.5e9,yesterday\n';
    const { facts, said } = reading((faults) => fundamentalFacts(text, 'f.csv', faults));
    expect(facts.get('IBM')).toEqual([
      {
        kind: 'fundamental',
        field: 'revenue',
        value: 6.2e10,
        nowUs: daysOfDate(20240227) * DAY + 5 * 3_600e6,
      },
    ]);
    expect(said).toEqual([
      'f.csv:3 field: expected revenue, found "revenues"',
      'f.csv:4 value: expected a number, found "x"',
      'f.csv:5 filedDate: expected a date, or a time such as 2013-10-07T13:30:00Z, ' +
        'found "yesterday"',
    ]);
  });

  it('give news by the moment, with the score of the provider where there is one', () => {
    const text =
      'symbol,time,headline,sentiment\nIBM,2024-02-26T15:00:00Z,"Profit rises, ""sharply""",0.5\n' +
      'IBM,2024-02-25T15:00:00Z,Sales fall,\nIBM,2024-02-26,No time,\n' +
      'IBM,2024-02-26T15:00:00Z,X,3\n' +
      'IBM,2024-02-26T15:00:00Z,,\nIBM,2024-02-26T15:00:00Z,"cut,\n';
    const { facts, count, said } = reading((faults) => newsFacts(text, 'n.csv', faults));
    expect(facts.get('IBM')?.map(({ headline, sentiment }) => [headline, sentiment])).toEqual([
      ['Sales fall', NaN],
      ['Profit rises, "sharply"', 0.5],
    ]);
    expect(count).toBe(4);
    expect(said.some((line) => line.includes('a quote without its end'))).toBe(true);
  });
});

describe('a file of sectors', () => {
  it('gives the sector of each symbol, and names what is neither', () => {
    const text =
      'Ticker,Name,Sector\nBRK.B,Berkshire,Financials\nbac,A bank,Financials\nX,Steel,Steel\n';
    const { facts, said } = reading((faults) => sectorsOf(text, 's.csv', faults));
    expect([...facts]).toEqual([['BRK.B', 'Financials']]);
    expect(said).toEqual([
      's.csv:3 symbol: expected a symbol such as BRK.B, found "bac"',
      's.csv:4 sector: expected a GICS sector, found "Steel"',
    ]);
  });
});

describe('rows of text', () => {
  it('come back as they were written, whatever is in the fields', () => {
    const field = fc.string().map((text) => text.replaceAll(/[\r\n\uFEFF]/g, '').trim());
    const rows = fc.array(fc.tuple(field, field), { minLength: 1 });
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(rows, (written) => {
        const lines = written.map(([a, b]) => `${quoted(a)},${quoted(b)}`);
        const faults = new FaultList();
        const columns = [
          { names: ['b'] },
          { names: ['a'] },
          { names: ['c'], isOptional: true },
        ] as const;
        const read = readCsv(['A,b', ...lines].join('\n'), 'f', columns, faults);
        expect(faults.count).toBe(0);
        expect(read.map(({ fields }) => fields)).toEqual(written.map(([a, b]) => [b, a, '']));
      }),
    );
  });

  it('are rows or faults, never lost and never an error, whatever the text', () => {
    fc.assert(
      fc.property(fc.array(fc.string().map((text) => text.replaceAll(/[\r\n]/g, ' '))), (lines) => {
        const faults = new FaultList();
        const rows = readCsv(['a,b', ...lines].join('\n'), 'f', [{ names: ['a'] }], faults);
        expect(rows.length + faults.count).toBe(lines.filter((line) => line !== '').length);
      }),
    );
  });
});

describe('a file on the disk', () => {
  it('is read plain or packed; what is not there or damaged is named', () => {
    const folder = mkdtempSync(join(tmpdir(), 'strata-history-'));
    try {
      const [plain, packed] = [join(folder, 'a.csv'), join(folder, 'a.csv.gz')];
      writeFileSync(plain, 'date,value\n');
      writeFileSync(packed, gzipSync('date,value\n'));
      expect([readText(plain), readText(packed)]).toEqual(['date,value\n', 'date,value\n']);
      writeFileSync(packed, gzipSync('date,value\n').subarray(0, 12));
      expect(() => readText(packed)).toThrow(HistoryError);
      expect(() => readText(join(folder, 'b.csv'))).toThrow(/cannot read .*b\.csv/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
