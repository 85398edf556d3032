import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HOUR, MS, SECOND } from '../../../../src/core/time.ts';
import { newYorkToUs } from '../../../../src/domain/market/calendar.ts';
import {
  BAR,
  BAR_FINAL,
  EventBatch,
  QUOTE,
  QUOTE_ASK,
  QUOTE_BID,
  QUOTE_INELIGIBLE,
  TRADE,
  TRADE_REGULAR,
  TRADE_SUSPICIOUS,
} from '../../../../src/domain/market/event-batch.ts';
import { exchangePlace } from '../../../../src/domain/market/nbbo.ts';
import { openRecorded } from '../../../../src/streams/recorded/open-recorded.ts';
import { drain, packed, Recording } from './recording.ts';

const MIDNIGHT_US = newYorkToUs(20131007, 0);
const atMs = (ms: number) => MIDNIGHT_US + ms * MS;
const place = (letter: string) => exchangePlace(letter.charCodeAt(0));

let recording: Recording;
beforeEach(() => {
  recording = new Recording();
});
afterEach(() => {
  recording.remove();
});

describe('a Lean tick folder', () => {
  it('merges symbols by time, then symbol, then quotes before trades, then line', () => {
    recording.write('tick/zzz/20131007_trade.zip', '1000,5000,100,N,1,0\n3000,5001,100,N,1,0');
    recording.write('tick/aaa/20131007_trade.zip', '2000,100,1,P,1,0\n2000,101,2,P,1,0\n');
    recording.write('tick/aaa/20131007_quote.zip', '2000,99,300,0,0,P,1,0\r\n2500,0,0,102,5,Q,1,0');
    const source = openRecorded(`${recording.folder}/tick`);
    const events = drain(source);

    expect(source.symbols.map((symbol) => symbol.name)).toEqual(['AAA', 'ZZZ']);
    expect(
      events.map(({ frame, kind, symbol, values }) => [frame, kind, symbol, values[0]]),
    ).toEqual([
      [0, TRADE, 1, 5000],
      [1, QUOTE, 0, 99],
      [1, TRADE, 0, 100],
      [1, TRADE, 0, 101],
      [2, QUOTE, 0, 0],
      [3, TRADE, 1, 5001],
    ]);
    expect(events.map(({ receivedUs }) => receivedUs)).toEqual(
      [1000, 2000, 2000, 2000, 2500, 3000].map(atMs),
    );
    expect(source.faults.count).toBe(0);
  });

  it('keeps conditions, doubts and exchanges of trades; quotes are the national best', () => {
    recording.write(
      'tick/aaa/20131007_trade.zip',
      '1,100,7,P,1,0\n2,100,7,P,1,1\n3,100,7,P,1000000,0',
    );
    recording.write(
      'tick/aaa/20131007_quote.zip',
      '1,99,3,0,0,P,1,0\n2,0,0,98,5,Q,1,1\n3,0,0,0,0,N,8,0',
    );
    const events = drain(openRecorded(`${recording.folder}/tick/aaa`));
    const shape = events.map(({ flags, exchange, values }) =>
      [flags, exchange].concat(values.slice(0, 4)),
    );

    expect(shape).toEqual([
      [QUOTE_BID, 0, 99, 3, 0, 0],
      [TRADE_REGULAR, place('P'), 100, 7, 0, 0],
      [QUOTE_ASK | QUOTE_INELIGIBLE, 0, 0, 0, 98, 5],
      [TRADE_SUSPICIOUS, place('P'), 100, 7, 0, 0],
      [QUOTE_BID | QUOTE_ASK | QUOTE_INELIGIBLE, 0, 0, 0, 0, 0],
      [0, place('P'), 100, 7, 0, 0],
    ]);
  });

  it('takes the quotes of the seconds where there are none, as their second ends', () => {
    recording.write('tick/spy/20131007_trade.zip', '34200000,1674100,100,P,1,0');
    const row = '34199000,1,2,1,1674000,300,5,6,5,1674200,400';
    recording.write('second/spy/20131007_quote.zip', `${row}\n34205000,,,,,,5,6,5,1674300,4`);
    recording.write('second/spy/20131007_trade.zip', '34199000,1,1,1,1,1');
    const source = openRecorded(`${recording.folder}/tick`);
    const events = drain(source);

    expect(source.symbols).toEqual([
      { name: 'SPY', assetClass: 'fund', sector: 'unknown', isTradable: true },
    ]);
    expect(events.map(({ kind, receivedUs, values }) => [kind, receivedUs].concat(values))).toEqual(
      [
        [QUOTE, atMs(34_200_000), 1674000, 300, 1674200, 400, 0, 0],
        [TRADE, atMs(34_200_000), 1674100, 100, 0, 0, 0, 0],
        [QUOTE, atMs(34_206_000), 0, 0, 1674300, 4, 0, 0],
      ],
    );
    expect(events[0]).toMatchObject({ flags: QUOTE_BID | QUOTE_ASK, exchange: 0 });
  });

  it('gives the days in order, and only the wanted one where there is a wish', () => {
    recording.write('tick/aaa/20131008_trade.zip', '5,200,1,P,1,0');
    recording.write('tick/aaa/20131007_trade.zip', '9,100,1,P,1,0');
    const all = openRecorded(`${recording.folder}/tick`);
    const one = openRecorded(`${recording.folder}/tick`, { date: 20131008 });

    expect(drain(all).map(({ values }) => values[0])).toEqual([100, 200]);
    expect(drain(one).map(({ values }) => values[0])).toEqual([200]);
    expect(one.calendar.map(({ atUs, input }) => [atUs, input])).toEqual(
      (
        [
          [4, 'pre'],
          [9.5, 'core'],
          [16, 'post'],
          [20, 'closed'],
        ] as const
      ).map(([hour, phase]) => [
        newYorkToUs(20131008, hour * HOUR),
        {
          kind: 'sessionChanged',
          phase,
          date: 20131008,
          openUs: newYorkToUs(20131008, 9.5 * HOUR),
          closeUs: newYorkToUs(20131008, 16 * HOUR),
        },
      ]),
    );
    expect(() => openRecorded(`${recording.folder}/tick`, { date: 20131009 })).toThrow(
      /has no day 20131009; there are 20131007, 20131008/,
    );
  });
});

describe('a Lean folder of bars', () => {
  it('gives each bar as it ends, stamped with its start', () => {
    recording.write('second/aaa/20131007_trade.zip', '34200000,10,12,9,11,500');
    const events = drain(openRecorded(`${recording.folder}/second`));

    expect(events).toMatchObject([
      {
        receivedUs: atMs(34_200_000) + SECOND,
        kind: BAR,
        venueUs: atMs(34_200_000),
        flags: BAR_FINAL,
        values: [10, 12, 9, 11, 500, SECOND],
      },
    ]);
  });
});

describe('frames', () => {
  it('split at the limit and nowhere else, whatever the size of the batches', () => {
    const rows = Array.from({ length: 50 }, (_, at) => `${Math.floor(at / 7)},${at + 1},1,P,1,0`);
    recording.write('tick/aaa/20131007_trade.zip', rows.join('\n'));
    const open = () => openRecorded(`${recording.folder}/tick`, { eventsMax: 5 });
    const wide = drain(open(), new EventBatch(1_000, 1_000));

    for (const [events, frames] of [
      [5, 1],
      [5, 9],
      [6, 2],
      [7, 100],
      [11, 3],
    ] as const) {
      expect(drain(open(), new EventBatch(events, frames))).toEqual(wide);
    }
    expect(wide.map(({ frame }) => frame).slice(0, 8)).toEqual([0, 0, 0, 0, 0, 1, 1, 2]);
    expect(wide.map(({ values }) => values[0])).toEqual(rows.map((_, at) => at + 1));
    expect(() => open().next(new EventBatch(4))).toThrow('broken invariant');
  });

  it('end with an empty batch, again and again, and stop where they are closed', () => {
    recording.write('tick/aaa/20131007_trade.zip', '1,100,1,P,1,0\n2,100,1,P,1,0');
    const source = openRecorded(`${recording.folder}/tick`);
    const batch = new EventBatch(1_024, 1);

    expect([source.next(batch), batch.count]).toEqual([true, 1]);
    source.close();
    expect([source.next(batch), batch.count]).toEqual([false, 0]);
    expect([source.next(batch), batch.count]).toEqual([false, 0]);
  });
});

describe('damage', () => {
  const good = '1,100,1,P,1,0';

  it.each([
    ['x,100,1,P,1,0', 'time'],
    ['86400000,100,1,P,1,0', 'time'],
    ['0.5,100,1,P,1,0', 'time'],
    ['3,0,1,P,1,0', 'price'],
    ['3,-100,1,P,1,0', 'price'],
    ['3,9000000001,1,P,1,0', 'price'],
    ['3,100,1000000001,P,1,0', 'size'],
    ['3,100,1,@,1,0', 'exchange'],
    ['3,100,1,P,xyz,0', 'condition'],
    ['3,100,1,P,123456789,0', 'condition'],
    ['3,100,1,P,1,2', 'suspicious'],
    ['3,100,1,P,1,0,9', 'suspicious'],
    ['3,100,1,P', 'condition'],
  ])('of the row "%s" is named, and the good rows are kept', (bad, field) => {
    const path = recording.write('tick/aaa/20131007_trade.zip', `${good}\n${bad}\n4,101,1,P,1,0\n`);
    const source = openRecorded(`${recording.folder}/tick`);

    expect(drain(source).map(({ values }) => values[0])).toEqual([100, 101]);
    expect(source.faults.count).toBe(1);
    expect(source.faults.first[0]).toMatchObject({ file: path, line: 2, field });
    expect(source.faults.first[0]?.detail).toMatch(/^expected .+, found /);
  });

  it('of many rows is counted, and ten are named', () => {
    const rows = Array.from({ length: 30 }, () => 'nonsense').join('\n');
    recording.write('tick/aaa/20131007_trade.zip', `${rows}\n${good}`);
    const source = openRecorded(`${recording.folder}/tick`);

    expect(drain(source)).toHaveLength(1);
    expect([source.faults.count, source.faults.first.length]).toEqual([30, 10]);
  });

  it('of a zip that was cut is told, and the rows before the cut are given', () => {
    const rows = Array.from({ length: 20_000 }, (_, at) => `${at},${at * 7 + 1},1,P,1,0`);
    const whole = packed('x.zip', rows.join('\n'));
    recording.writeBytes('tick/aaa/20131007_trade.zip', whole.subarray(0, whole.length / 2));
    const source = openRecorded(`${recording.folder}/tick`);
    const prices = drain(source).map(({ values }) => values[0] ?? 0);

    expect(prices.length).toBeGreaterThan(5_000);
    expect(prices).toEqual(prices.map((_, at) => at * 7 + 1));
    expect(source.faults.first).toMatchObject([{ line: 0, field: 'file' }]);
    expect(source.faults.first[0]?.detail).toMatch(/truncated/);
  });

  it('of a flipped byte is told by the checksum or the decompressor', () => {
    const whole = packed('x.zip', Array.from({ length: 500 }, () => good).join('\n'));
    const before = whole[50] ?? 0;
    for (let bit = 0; bit < 8; bit += 1) {
      whole[50] = before ^ (1 << bit);
      recording.writeBytes('tick/aaa/20131007_trade.zip', whole);
      const source = openRecorded(`${recording.folder}/tick`);
      drain(source);

      expect(source.faults.count).toBeGreaterThan(0);
    }
  });

  it('of something that is no zip is told', () => {
    recording.writeBytes('tick/aaa/20131007_trade.zip', new Uint8Array(100));
    const source = openRecorded(`${recording.folder}/tick`);

    expect(drain(source)).toEqual([]);
    expect(source.faults.first).toMatchObject([{ line: 0, field: 'file' }]);
  });

  it('of the order is told, and the row left out', () => {
    recording.write('tick/aaa/20131007_trade.zip', '5,1,1,P,1,0\n4,2,1,P,1,0\n6,3,1,P,1,0');
    const source = openRecorded(`${recording.folder}/tick`);

    expect(drain(source).map(({ values }) => values[0])).toEqual([1, 3]);
    expect(source.faults.first).toMatchObject([{ line: 2, field: 'time' }]);
  });
});

describe('a second bar of one moment', () => {
  it('is a fault, while ticks may share theirs', () => {
    recording.write('second/aaa/20131007_trade.zip', '5,1,1,1,1,1\n5,2,2,2,2,2\n6,3,3,3,3,3');
    const source = openRecorded(`${recording.folder}/second`);

    expect(drain(source).map(({ values }) => values[0])).toEqual([1, 3]);
    expect(source.faults.first).toMatchObject([{ line: 2, field: 'time' }]);
  });
});

describe('openRecorded', () => {
  it('says what it expected where there is nothing to open', () => {
    const missing = { code: 'RECORDED_MISSING' };
    const unrecognised = { code: 'RECORDED_UNRECOGNISED' };

    expect(() => openRecorded(`${recording.folder}/nowhere`)).toThrow(
      expect.objectContaining(missing),
    );
    expect(() => openRecorded(recording.folder)).toThrow(expect.objectContaining(unrecognised));
    expect(() => openRecorded(recording.folder)).toThrow(/expected a Lean folder such as/);
    recording.write('tick/aaa/20131007_trade.zip', '1,1,1,P,1,0');
    expect(drain(openRecorded(recording.folder))).toHaveLength(1);
    recording.write('minute/aaa/20131007_trade.zip', '1,1,1,1,1,1');
    expect(() => openRecorded(recording.folder)).toThrow(/holds several: choose .*tick/);
  });
});
