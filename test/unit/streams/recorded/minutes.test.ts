import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MINUTE, parseTime } from '../../../../src/core/time.ts';
import { openRecorded } from '../../../../src/streams/recorded/open-recorded.ts';
import { drain, Recording } from './recording.ts';

const us = (text: string) => parseTime(text) ?? Number.NaN;

let recording: Recording;
beforeEach(() => {
  recording = new Recording();
});
afterEach(() => {
  recording.remove();
});

function shapes(path: string, date?: number): readonly (readonly number[])[] {
  const source = openRecorded(path, date === undefined ? {} : { date });
  return drain(source).map((event) =>
    [event.symbol, event.receivedUs, event.venueUs].concat(event.values),
  );
}

describe('minute files', () => {
  it('with an offset are stamped with their start', () => {
    recording.write(
      'm/AAPL.csv.gz',
      'timestamp,open,high,low,close,volume\n' +
        '2025-01-02 09:00:00+00:00,251.36,251.42,250.6,250.6,834\n',
    );
    const path = recording.write(
      'spy/SPY_1min.csv.gz',
      'datetime,open,high,low,close,volume,vwap,transactions\n' +
        '2024-02-20 04:00:00-05:00,498.33,498.42,498.3,498.3901,3952.0,498.3398,72\n',
    );

    expect(shapes(`${recording.folder}/m`)).toEqual([
      [
        0,
        us('2025-01-02T09:01:00Z'),
        us('2025-01-02T09:00:00Z'),
        2513600,
        2514200,
        2506000,
        2506000,
        834,
        MINUTE,
      ],
    ]);
    expect(shapes(path)).toEqual([
      [
        0,
        us('2024-02-20T09:01:00Z'),
        us('2024-02-20T09:00:00Z'),
        4983300,
        4984200,
        4983000,
        4983901,
        3952,
        MINUTE,
      ],
    ]);
  });

  it('of 2018 are stamped with their end in New York, the opening print included', () => {
    recording.write(
      'm/AAPL.csv',
      'date,ToD,open,high,low,close,volume\r\n' +
        '2018-02-16,09:30:00,172.36,172.47,172.19,172.25,1667756.0\r\n' +
        '2018-03-12,09:31:00,172.2,172.37,171.77,172.0,210416.0\r\n',
    );

    expect(shapes(`${recording.folder}/m`)).toEqual([
      [
        0,
        us('2018-02-16T14:30:00Z'),
        us('2018-02-16T14:29:00Z'),
        1723600,
        1724700,
        1721900,
        1722500,
        1667756,
        MINUTE,
      ],
      [
        0,
        us('2018-03-12T13:31:00Z'),
        us('2018-03-12T13:30:00Z'),
        1722000,
        1723700,
        1717700,
        1720000,
        210416,
        MINUTE,
      ],
    ]);
  });

  it('that begin with the newest row are turned round, and daily files left alone', () => {
    const header = 'datetime,open,high,low,close,volume\n';
    recording.write(
      'm/VIX_1min.csv.gz',
      `${header}2019-02-11 09:33:00,15,15,15,15,0\n2019-02-11 09:32:00,14,14,14,14,0\n` +
        '2019-02-11 09:31:00,13,13,13,13,0',
    );
    recording.write('m/VIX_daily.csv.gz', `${header}2019-02-11,1,1,1,1,0\n2019-02-08,1,1,1,1,0`);
    const source = openRecorded(`${recording.folder}/m`);
    const events = drain(source);

    expect(source.symbols).toEqual([
      { name: 'VIX', assetClass: 'index', sector: 'unknown', isTradable: false },
    ]);
    expect(events.map(({ receivedUs, values }) => [receivedUs, values[0]])).toEqual([
      [us('2019-02-11T14:31:00Z'), 130_000],
      [us('2019-02-11T14:32:00Z'), 140_000],
      [us('2019-02-11T14:33:00Z'), 150_000],
    ]);
    expect(source.faults.count).toBe(0);
  });

  it('hold one New York day where one is wanted: a UTC date spills over midnight', () => {
    const bar = ',1,1,1,1,1\n';
    recording.write(
      'm/A.csv',
      `timestamp,open,high,low,close,volume\n2025-01-03 00:59:00+00:00${bar}` +
        `2025-01-03 09:00:00+00:00${bar}2025-01-04 00:59:00+00:00${bar}`,
    );
    recording.write(
      'm/B.csv',
      `timestamp,open,high,low,close,volume\n2025-01-06 14:30:00+00:00${bar}`,
    );
    const third = openRecorded(`${recording.folder}/m`, { date: 20250103 });
    const all = openRecorded(`${recording.folder}/m`);

    expect(third.symbols.map(({ name }) => name)).toEqual(['A']);
    expect(drain(third).map(({ venueUs }) => venueUs)).toEqual([
      us('2025-01-03T09:00:00Z'),
      us('2025-01-04T00:59:00Z'),
    ]);
    expect(all.calendar.map(({ input }) => 'date' in input && input.date)).toEqual(
      [20250102, 20250103, 20250106].flatMap((date) => [date, date, date, date]),
    );
    expect(() => openRecorded(`${recording.folder}/m`, { date: 20250107 })).toThrow(
      /there are 20250102 to 20250106/,
    );
  });

  it('name the row, the field and what was expected', () => {
    const path = recording.write(
      'm/A.csv.gz',
      'timestamp,open,high,low,close,volume\n2025-01-03 14:30:00+00:00,2,1,1,1,5\n' +
        '2025-01-03 14:31:00+00:00,1,1,1,1,-5\n2025-01-03 14:32:00+00:00,1,1,1,1,5\n' +
        '2025-01-03 14:31:00+00:00,1,1,1,1,5\n2025-02-30 14:33:00+00:00,1,1,1,1,5\n' +
        '2025-01-03 14:34:00+00:00,1,1,1,1,6\n',
    );
    recording.write('m/B.csv', 'time;price\n1;2\n');
    const source = openRecorded(`${recording.folder}/m`);
    const events = drain(source);

    expect(events.map(({ values }) => values[4])).toEqual([5, 6]);
    expect(source.faults.first.map(({ line, field }) => [line, field])).toEqual([
      [1, 'header'],
      [2, 'high'],
      [3, 'volume'],
      [6, 'timestamp'], // Read ahead, to judge the row before it.
      [5, 'timestamp'],
    ]);
    expect(source.faults.first[1]?.file).toBe(path);
  });

  it('of one symbol twice are read once', () => {
    const text = 'timestamp,open,high,low,close,volume\n2025-01-03 14:30:00+00:00,1,1,1,1,5\n';
    recording.write('m/A.csv', text);
    recording.write('m/A.csv.gz', text);
    const source = openRecorded(`${recording.folder}/m`);

    expect(drain(source)).toHaveLength(1);
    expect(source.faults.first[0]?.detail).toMatch(/left out/);
  });

  it('without a header we know are refused, with the headers we know', () => {
    recording.write('m/A.csv', 'a,b,c\n1,2,3\n');

    expect(() => openRecorded(`${recording.folder}/m`)).toThrow(/expected one of timestamp,open/);
  });

  it('whose name is no symbol are left out for their name, not for their header', () => {
    const text = 'timestamp,open,high,low,close,volume\n2025-01-03 14:30:00+00:00,1,1,1,1,5\n';
    recording.write('m/NO SYMBOL.csv', text);
    const folder = `${recording.folder}/m`;

    expect(() => openRecorded(folder)).toThrow(/NO SYMBOL.csv file name: expected the name of a/);

    recording.write('m/A.csv', text);
    const source = openRecorded(folder);
    expect(drain(source)).toHaveLength(1);
    expect(source.faults.first).toMatchObject([{ line: 0, field: 'file name' }]);
  });
});
