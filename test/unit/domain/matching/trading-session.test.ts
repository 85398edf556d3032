import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../../../src/core/assert.ts';
import { parseTime } from '../../../../src/core/time.ts';
import {
  alwaysOpen,
  listedSessions,
  newYorkSession,
} from '../../../../src/domain/matching/trading-session.ts';

describe('newYorkSession', () => {
  it.each([
    ['2026-11-19T13:00:00Z', '2026-11-19T14:30:00Z', 'before the open in winter'],
    ['2026-07-09T13:30:00Z', '2026-07-09T13:30:00Z', 'at the open in summer'],
    ['2026-11-19T20:59:59Z', '2026-11-19T14:30:00Z', 'in its last second'],
    ['2026-11-19T21:00:00Z', '2026-11-20T14:30:00Z', 'at the close'],
    ['2026-11-20T22:00:00Z', '2026-11-23T14:30:00Z', 'before a weekend'],
    ['2026-11-26T15:00:00Z', '2026-11-27T14:30:00Z', 'on a holiday'],
    ['2026-11-27T18:00:00Z', '2026-11-30T14:30:00Z', 'at the close of a half day'],
  ])('at %s answers the session of %s: %s', (at, openAt) => {
    expect(newYorkSession(parseTime(at) ?? 0)?.openUs).toBe(parseTime(openAt));
  });
});

describe('listedSessions', () => {
  const sessions = listedSessions([
    { openUs: 10, closeUs: 20 },
    { openUs: 30, closeUs: 40 },
  ]);

  it('answers the session that runs, else the next, else none', () => {
    const opens = [0, 10, 19, 20, 39, 40].map((us) => sessions(us)?.openUs);

    expect(opens).toEqual([10, 10, 10, 30, 30, undefined]);
  });

  it('refuses sessions out of order', () => {
    const backwards = [
      { openUs: 30, closeUs: 40 },
      { openUs: 10, closeUs: 20 },
    ];

    expect(() => listedSessions(backwards)).toThrow(InvariantError);
  });
});

describe('alwaysOpen', () => {
  it('has one session that holds every time', () => {
    const session = alwaysOpen(1e15);

    expect(session !== undefined && session.openUs <= 0 && session.closeUs > 1e15).toBe(true);
  });
});
