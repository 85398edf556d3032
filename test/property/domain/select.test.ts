import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Candidates,
  type Move,
  selectMembers,
  type SelectionRules,
} from '../../../src/domain/universe/select.ts';

const isLong = process.env['STRATA_LONG'] === '1';
const NOW_US = 1_000_000;

interface Row {
  readonly score: number;
  readonly isMember: boolean;
  readonly sinceUs: number;
  readonly barredBy: string | undefined;
}

/** Few values, so that ties and borders are met all the time. */
const scores = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 0, max: 12 }).map((tenths) => tenths / 4) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Infinity, 0) },
);
const rows = fc.array(
  fc.record({
    score: scores,
    isMember: fc.boolean(),
    sinceUs: fc.integer({ min: NOW_US - 20, max: NOW_US }),
    barredBy: fc.oneof(
      { weight: 5, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.constantFrom('price', 'halted') },
    ),
  }),
  { maxLength: 40 },
);
const rules = fc
  .record({
    leaveScore: fc.integer({ max: 6, min: 0 }).map((tenths) => tenths / 4),
    gap: fc.integer({ max: 6, min: 0 }).map((tenths) => tenths / 4),
    dwellUs: fc.nat(20),
    floor: fc.nat(12),
    room: fc.nat(20),
  })
  .map(({ leaveScore, gap, dwellUs, floor, room }) => ({
    leaveScore,
    enterScore: leaveScore + gap,
    dwellUs,
    floor,
    cap: floor + room,
  }));

describe('selectMembers', () => {
  it('never has more members than the cap', () => {
    check((given, { cap }, moves) => {
      expect(after(given, moves).filter(Boolean).length).toBeLessThanOrEqual(cap);
    });
  });

  it('keeps the floor as long as so many are measurable and not barred', () => {
    check((given, { floor }, moves) => {
      const able = given.filter((row) => row.barredBy === undefined && row.score === row.score);
      const members = after(given, moves).filter(Boolean).length;
      expect(members).toBeGreaterThanOrEqual(Math.min(floor, able.length));
    });
  });

  it('has no member that is barred, and bars with the reason given', () => {
    check((given, _rules, moves) => {
      const members = after(given, moves);
      given.forEach(({ barredBy, isMember }, row) => {
        if (barredBy === undefined) return;
        expect(members[row]).toBe(false);
        const reasons = moves.filter((move) => move.row === row).map(({ reason }) => reason);
        expect(reasons).toEqual(isMember ? [barredBy] : []);
      });
    });
  });

  it('lets nobody leave who dwells, but for a bar or more such members than the cap', () => {
    check((given, { dwellUs, cap }, moves) => {
      const dwells = ({ isMember, sinceUs, barredBy }: Row) =>
        isMember && NOW_US - sinceUs < dwellUs && barredBy === undefined;
      const gone = moves.filter(({ row, isMember }) => !isMember && dwells(at(given, row)));
      const many = given.filter(dwells).length;
      expect(gone.length).toBe(Math.max(0, many - cap));
      for (const { reason } of gone) expect(reason).toBe('cap');
    });
  });

  it('moves nobody between the thresholds while floor and cap leave a choice', () => {
    check((given, some) => {
      const { enterScore, leaveScore, floor, cap } = some;
      const stay = given.filter(
        ({ isMember, score, barredBy }) =>
          barredBy === undefined && (isMember ? score >= leaveScore : score >= enterScore),
      ).length;
      if (stay < floor || stay > cap) return;
      for (const { row } of select(given, { ...some, dwellUs: 0 }, NOW_US)) {
        const { score, barredBy } = at(given, row);
        const isBetween = score >= leaveScore && score < enterScore;
        expect(isBetween && barredBy === undefined).toBe(false);
      }
    });
  });

  it('says why: `score` past a threshold, `floor` and `cap` only where they bind', () => {
    check((given, { enterScore, leaveScore, floor, cap }, moves) => {
      const members = after(given, moves).filter(Boolean).length;
      for (const { row, isMember, reason } of moves) {
        const { score, barredBy } = at(given, row);
        if (barredBy !== undefined) continue;
        if (reason === 'score')
          expect(isMember ? score >= enterScore : score < leaveScore).toBe(true);
        else if (reason === 'floor')
          expect(isMember && score < enterScore && members <= floor).toBe(true);
        else if (reason === 'cap') expect(!isMember && members === cap).toBe(true);
        else expect([reason, isMember, score]).toEqual(['unmeasurable', false, Number.NaN]);
      }
    });
  });

  it('moves a row at most once, and only if that changes something', () => {
    check((given, _rules, moves) => {
      expect(new Set(moves.map(({ row }) => row)).size).toBe(moves.length);
      for (const { row, isMember, score } of moves) {
        expect(at(given, row).isMember).toBe(!isMember);
        expect(score).toBe(at(given, row).score);
      }
    });
  });

  it('prefers the better of two newcomers and of two equals the lower row', () => {
    check((given, _rules, moves) => {
      const members = after(given, moves);
      given.forEach((better, row) => {
        given.forEach((worse, other) => {
          if (better.isMember || worse.isMember || better.barredBy !== undefined) return;
          const isAhead =
            better.score > worse.score || (better.score === worse.score && row < other);
          if (isAhead && members[other] === true) expect(members[row]).toBe(true);
        });
      });
    });
  });

  it('is at rest: with the same scores nobody moves a second time', () => {
    check((given, some) => {
      const free = { ...some, dwellUs: 0 };
      const members = after(given, select(given, free, NOW_US));
      const next = given.map((row, place) => ({ ...row, isMember: members[place] === true }));
      expect(select(next, free, NOW_US)).toEqual([]);
    });
  });

  it('chooses by what rows are, not by where they stand', () => {
    check((given, some, moves) => {
      const turned = given.toReversed();
      const chosen = (of: readonly Row[], by: readonly Move[]) =>
        after(of, by)
          .map((isMember, row) => `${at(of, row).score} ${isMember}`)
          .toSorted();
      expect(chosen(turned, select(turned, some, NOW_US))).toEqual(chosen(given, moves));
    });
  });
});

function check(
  property: (given: readonly Row[], rules: SelectionRules, moves: readonly Move[]) => void,
): void {
  fc.assert(
    fc.property(rows, rules, (given, some) => property(given, some, select(given, some, NOW_US))),
    { numRuns: isLong ? 100_000 : 1_000 },
  );
}

function select(given: readonly Row[], some: SelectionRules, nowUs: number): readonly Move[] {
  const candidates: Candidates = {
    rows: given.length,
    score: (row) => at(given, row).score,
    isMember: (row) => at(given, row).isMember,
    sinceUs: (row) => at(given, row).sinceUs,
    barredBy: (row) => at(given, row).barredBy,
  };
  return selectMembers(candidates, some, nowUs);
}

function after(given: readonly Row[], moves: readonly Move[]): readonly boolean[] {
  const members = given.map(({ isMember }) => isMember);
  for (const { row, isMember } of moves) members[row] = isMember;
  return members;
}

function at(given: readonly Row[], row: number): Row {
  const found = given[row];
  if (found === undefined) throw new Error(`there is no row ${row}`);
  return found;
}
