import { join } from 'node:path';
import { gzipSync, strToU8 } from 'fflate';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { packed, Recording } from '../streams/recorded/recording.ts';
import { type JsonObject, objectOf, Workplace } from './workplace.ts';

const place = new Workplace();
let recording = new Recording();

beforeEach(() => {
  recording.remove();
  recording = new Recording();
});

afterAll(() => {
  recording.remove();
  place.remove();
});

const HEADER = 'timestamp,open,high,low,close,volume';
const MINUTES = 40;

/** A header and forty good minutes from 09:30 in New York: row `at` of the day is line `at` + 2. */
function minutes(edit: (rows: string[]) => void = () => undefined): string {
  const rows = Array.from({ length: MINUTES }, (_, at) => {
    const minute = String((30 + at) % 60).padStart(2, '0');
    return `2025-01-03 ${14 + Math.floor((30 + at) / 60)}:${minute}:00+00:00,20,21,19,20.5,1000`;
  });
  edit(rows);
  return [HEADER, ...rows, ''].join('\n');
}

/** Forty trades of a Lean day. */
function ticks(edit: (rows: string[]) => void = () => undefined): string {
  const rows = Array.from({ length: 40 }, (_, at) => `${34_200_000 + at * 1_000},200000,100,N,1,0`);
  edit(rows);
  return rows.join('\n');
}

interface Seen {
  readonly events: number;
  readonly count: number;
  /** `AAA.csv:7 open`: without the folder. */
  readonly places: readonly string[];
  readonly details: readonly string[];
}

/** Replays in both forms, and demands that summary, report and JSON name the same faults. */
async function replayed(path: string, ...words: readonly string[]): Promise<Seen> {
  const { exitCode, value } = await place.json('replay', path, ...words);
  const text = await place.run('replay', path, ...words);
  expect([exitCode, text.exitCode]).toEqual([0, 0]);
  const { count, first } = objectOf(value['faults']);
  const faults = (Array.isArray(first) ? first : []).map(faultOf);
  const session = /Session (\S+)/.exec(text.out)?.[1] ?? '';
  const report = place.report(session).replaceAll('&quot;', '"');
  for (const { where, detail } of faults) {
    expect(text.out).toContain(`${where}: ${detail}`);
    expect(report).toContain(`${where}: ${detail}`);
  }
  return {
    events: Number(objectOf(value['counts'])['events']),
    count: Number(count),
    places: faults.map(({ where }) => where.slice(where.lastIndexOf('/') + 1)),
    details: faults.map(({ detail }) => detail),
  };
}

function faultOf(value: unknown): { readonly where: string; readonly detail: string } {
  const { file, line, field, detail } = objectOf(value);
  const at = line === 0 ? String(file) : `${String(file)}:${String(line)}`;
  return { where: `${at} ${String(field)}`, detail: String(detail) };
}

describe('data that cannot be are named by file and line, and good rows kept', () => {
  it('negative prices, rows of something else, rows out of order', async () => {
    const bad = minutes((rows) => {
      rows[4] = (rows[4] ?? '').replace(',20,21', ',-20,21');
      rows[9] = 'a row of something else';
      rows[20] = rows[19] ?? '';
      rows[30] = rows[2] ?? '';
    });
    recording.write('m/AAA.csv', bad);
    recording.write('m/BBB.csv.gz', minutes());
    const { events, count, places } = await replayed(join(recording.folder, 'm'));

    expect(places).toEqual([
      'AAA.csv:6 open',
      'AAA.csv:11 timestamp',
      'AAA.csv:22 timestamp',
      'AAA.csv:32 timestamp',
    ]);
    expect([events, count]).toEqual([2 * MINUTES - 4, 4]);
  });

  it('the first ten in full, the others counted', async () => {
    const every = minutes((rows) => {
      for (let at = 0; at < 25; at += 1) rows[at] = (rows[at] ?? '').replace(',1000', ',-1');
    });
    recording.write('m/AAA.csv', every);
    const { events, count, places } = await replayed(join(recording.folder, 'm'));
    const { out } = await place.run('replay', join(recording.folder, 'm'));

    expect([events, count]).toEqual([MINUTES - 25, 25]);
    expect(places).toEqual(Array.from({ length: 10 }, (_, at) => `AAA.csv:${at + 2} volume`));
    expect(out).toContain('25 faults');
    expect(out).toContain('and 15 more');
  });

  it('a file that is cut, one that is no gzip, one with another header, an empty one', async () => {
    const whole = gzipSync(strToU8(minutes()));
    recording.writeBytes('m/CUT.csv.gz', whole.subarray(0, whole.length - 40));
    recording.writeBytes('m/NOZIP.csv.gz', strToU8('plain text'));
    recording.write('m/OTHER.csv', 'time;price\n1;2\n');
    recording.write('m/NONE.csv', '');
    recording.write('m/GOOD.csv', minutes());
    const { events, places, details } = await replayed(join(recording.folder, 'm'));

    expect(places).toEqual([
      'NONE.csv file',
      'NOZIP.csv.gz file',
      'OTHER.csv:1 header',
      'CUT.csv.gz file',
    ]);
    expect(details[1]).toMatch(/expected gzip/);
    expect(details[2]).toMatch(/expected one of timestamp,open.*found "time;price"/);
    expect(details[3]).toMatch(/kept$/);
    expect(events).toBeGreaterThan(MINUTES);
    expect(events).toBeLessThan(2 * MINUTES);
  });

  it('a damaged zip among good ones', async () => {
    const bytes = packed('x.zip', ticks()).slice();
    const at = bytes.length >> 1;
    bytes[at] = (bytes[at] ?? 0) ^ 0x55;
    recording.write('tick/aaa/20131007_trade.zip', ticks());
    recording.writeBytes('tick/bbb/20131007_trade.zip', bytes);
    recording.writeBytes('tick/ccc/20131007_trade.zip', strToU8('no zip at all'));
    const { events, count, places } = await replayed(join(recording.folder, 'tick'));

    expect(new Set(places.map((name) => name.split(/[: ]/)[0]))).toEqual(
      new Set(['20131007_trade.zip']),
    );
    expect(count).toBeGreaterThanOrEqual(2);
    expect(events).toBeGreaterThanOrEqual(40);
  });

  it('rows of a Lean day that go back in time or have no price', async () => {
    const bad = ticks((rows) => {
      rows[7] = '34200000,200000,100,N,1,0';
      rows[8] = (rows[8] ?? '').replace(',200000', ',0');
      rows[9] = 'x';
    });
    recording.write('tick/aaa/20131007_trade.zip', bad);
    const { events, places } = await replayed(join(recording.folder, 'tick'));

    expect(events).toBe(37);
    expect(places.map((name) => name.split(' ')[0])).toEqual(
      [8, 9, 10].map((line) => `20131007_trade.zip:${line}`),
    );
  });

  it('one wild date, which turns no file round and hides nothing behind it', async () => {
    const wild = minutes((rows) => {
      rows[39] = (rows[39] ?? '').replace('2025-01-03', '2015-01-03');
    });
    recording.write('m/AAA.csv', wild);
    const ahead = minutes((rows) => {
      rows[5] = (rows[5] ?? '').replace('2025', '2035');
    });
    recording.write('day/AAA.csv', ahead);

    const late = await replayed(join(recording.folder, 'm'));
    expect([late.events, late.places]).toEqual([MINUTES - 1, ['AAA.csv:41 timestamp']]);
    const all = await replayed(join(recording.folder, 'day'));
    expect([all.events, all.places]).toEqual([MINUTES - 1, ['AAA.csv:7 timestamp']]);
    const day = await replayed(join(recording.folder, 'day'), '--date', '20250103');
    expect([day.events, day.count]).toEqual([MINUTES - 1, 1]);
  });

  it('of one file alone as of a folder', async () => {
    const path = recording.write('m/AAA.csv', minutes());

    expect(await replayed(path)).toMatchObject({ events: MINUTES, count: 0 });
    expect((await place.run('replay', join(path, 'deeper'))).exitCode).toBe(2);
  });

  it('daily bars that are not there: the history says so', async () => {
    recording.write('m/AAA.csv', minutes());
    recording.write('daily/BBB.csv', 'a,b\n');
    const { count, places } = await replayed(
      join(recording.folder, 'm'),
      '--history',
      join(recording.folder, 'daily'),
    );

    expect([count, places]).toEqual([1, ['daily AAA']]);
  });
});

describe('what cannot be replayed at all', () => {
  const told = (...words: readonly string[]) => place.run('replay', ...words);
  const minuteFolder = () => join(recording.folder, 'm');

  it('is not found: 2, and what was expected there', async () => {
    const missing = await told(join(recording.folder, 'nowhere'));
    recording.write('m/AAA.csv', minutes());
    const history = await told(minuteFolder(), '--history', join(recording.folder, 'nowhere'));
    const day = await told(minuteFolder(), '--date', '2025-01-06');

    expect([missing.exitCode, history.exitCode, day.exitCode]).toEqual([2, 2, 2]);
    expect(missing.errors).toMatch(/nowhere is not there; expected a Lean folder.*MISSING/);
    expect(history.errors).toMatch(/nowhere is not there; expected a folder of daily files/);
    expect(day.errors).toMatch(/has no day 20250106; there are 20250103.*\nChoose one of the days/);
  });

  it('is nothing we know: 1, with the formats we know', async () => {
    recording.write('m/notes.txt', 'nothing');
    const empty = await told(minuteFolder());
    recording.write('m/AAA.csv', 'a,b\n1,2\n');
    const other = await told(minuteFolder());

    expect([empty.exitCode, other.exitCode]).toEqual([1, 1]);
    expect(empty.errors).toMatch(/nothing to replay in/);
    expect(other.errors).toMatch(/AAA.csv:1 header: expected one of timestamp/);
  });

  it('has settings that cannot be: 4, by file, line and key', async () => {
    recording.write('m/AAA.csv', minutes());
    const own = recording.write('own.yaml', 'risk:\n  positionMax: 3\n');
    const absent = await told(minuteFolder(), '--config', join(recording.folder, 'no.yaml'));
    const unknown = await told(minuteFolder(), '--config', own);

    expect([absent.exitCode, unknown.exitCode]).toEqual([4, 4]);
    expect(unknown.errors).toMatch(/own.yaml:2 risk.positionMax.*did you mean positionsMax/);
  });

  it('leaves no session behind', async () => {
    const fresh = new Workplace();
    await fresh.run('replay', join(recording.folder, 'nowhere'));
    const { out } = await fresh.run('actors', '--json');
    fresh.remove();

    expect(out).toBe('');
  });
});

describe('the JSON of a replay', () => {
  it('has the decision hash, what was counted, and how fast', async () => {
    recording.write('m/AAA.csv', minutes());
    const { value } = await place.json('replay', join(recording.folder, 'm'));
    const verified = await place.json('verify', String(value['sessionId']));
    const rates: JsonObject = objectOf(value['rates']);

    expect(value['decisionHash']).toMatch(/^[0-9a-f]{16}$/);
    expect(verified.value).toMatchObject({
      kind: 'verified',
      result: { decisionHash: value['decisionHash'] },
    });
    expect(value['counts']).toMatchObject({
      events: MINUTES,
      frames: MINUTES,
      symbols: 1,
      orders: expect.any(Number),
      fills: expect.any(Number),
      signals: expect.any(Number),
      refusals: expect.any(Number),
      layerMoves: expect.any(Number),
      crashes: 0,
      faults: 0,
    });
    expect(value['faults']).toEqual({ count: 0, first: [] });
    for (const rate of ['eventsPerSecond', 'eventsPerCpuSecond']) {
      expect(rates[rate]).toBeGreaterThan(0);
    }
    expect(value['cpuUs']).toBeGreaterThan(0);
  });
});
