import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Recording } from '../streams/recorded/recording.ts';
import { Workplace } from './workplace.ts';

let place = new Workplace();
let recording = new Recording();

beforeEach(() => {
  place.remove();
  recording.remove();
  place = new Workplace();
  recording = new Recording();
});

afterEach(() => {
  place.remove();
  recording.remove();
  place = new Workplace();
  recording = new Recording();
});

const MINUTES = 40;

/** A replay of forty minutes of one symbol; answers the session's name. */
async function replayed(): Promise<string> {
  const rows = Array.from({ length: MINUTES }, (_, at) => {
    const minute = String((30 + at) % 60).padStart(2, '0');
    return `2025-01-03 ${14 + Math.floor((30 + at) / 60)}:${minute}:00+00:00,20,21,19,20.5,1000`;
  });
  recording.write('m/AAA.csv', ['timestamp,open,high,low,close,volume', ...rows, ''].join('\n'));
  const { value } = await place.json('replay', join(recording.folder, 'm'));
  return String(value['sessionId']);
}

function describeAs(session: string, changed: Readonly<Record<string, unknown>>): void {
  const path = join(place.folder(session), 'session.json');
  writeFileSync(path, JSON.stringify({ ...place.description(session), ...changed }));
}

function segmentOf(session: string): string {
  return join(place.folder(session), 'journal', '000001.seg');
}

describe('the end that a session states', () => {
  it('is the last record and the decision hash of its journal, and is verified', async () => {
    const session = await replayed();
    const verified = await place.json('verify', session);

    expect(verified.exitCode).toBe(0);
    const { ended } = place.description(session);
    expect(verified.value['result']).toMatchObject({
      records: expect.any(Number),
      decisionHash: expect.any(String),
    });
    expect(ended).toEqual({ reason: 'the market closed', ...Object(verified.value['result']) });
  });

  it('tells that the journal was cut, is torn, or is gone: 7', async () => {
    const session = await replayed();
    const segment = segmentOf(session);
    const whole = readFileSync(segment);
    writeFileSync(segment, Buffer.concat([whole, Buffer.from([1, 2, 3])]));
    const longer = await place.run('verify', session);
    truncateSync(segment, whole.length - 10);
    const torn = await place.run('verify', session);
    rmSync(segment);
    const gone = await place.run('verify', session);

    expect([longer.exitCode, torn.exitCode, gone.exitCode]).toEqual([7, 7, 7]);
    expect(longer.errors).toMatch(/ended with \d+ records .*000001.seg is torn at byte/);
    expect(torn.errors).toMatch(/and its journal holds \d+; 000001.seg is torn at byte|holds none/);
    expect(gone.errors).toMatch(/its journal holds none.*SESSION_INCOMPLETE/);
  });

  it('tells that another journal lies in its place: 7', async () => {
    const session = await replayed();
    const ended = Object(place.description(session)['ended']);
    describeAs(session, { ended: { ...ended, decisionHash: '0123456789abcdef' } });
    const { exitCode, errors } = await place.run('verify', session);

    expect(exitCode).toBe(7);
    expect(errors).toMatch(/ended with decision hash 0123456789abcdef, and its journal gives/);
  });

  it('is missed where a session without an end has no journal either', async () => {
    const session = await replayed();
    describeAs(session, { ended: undefined });
    expect((await place.run('verify', session)).exitCode).toBe(0);
    rmSync(segmentOf(session));
    const { exitCode, errors } = await place.run('verify', session);

    expect(exitCode).toBe(7);
    expect(errors).toContain(`${session} has no record in its journal`);
  });
});

describe('a journal without its description', () => {
  it('is not written on by the next session of that name', async () => {
    const session = await replayed();
    const before = readFileSync(segmentOf(session));
    rmSync(join(place.folder(session), 'session.json'));
    const { exitCode, errors } = await place.run('replay', join(recording.folder, 'm'));

    expect(exitCode).toBe(1);
    expect(errors).toMatch(
      new RegExp(`sessions/${session} holds a journal, but .*session.json is not there`),
    );
    expect(errors).toContain('restore the file, or move the folder of the session away');
    expect(readFileSync(segmentOf(session)).equals(before)).toBe(true);
  });

  it('keeps a demo from starting: it might be the killed one', async () => {
    const session = await replayed();
    writeFileSync(join(place.folder(session), 'session.json'), '{');
    const { exitCode, errors } = await place.run('demo', '--virtual', '--once', '--symbols', '2');

    expect(exitCode).toBe(1);
    expect(errors).toContain(`sessions/${session}/session.json is no description of a session`);
  });
});
