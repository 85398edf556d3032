import { describe, expect, it } from 'vitest';
import type { Measured } from '../../../src/actors/kernel/row-messages.ts';
import { MINUTE } from '../../../src/core/time.ts';
import { CLOSE_US, DOLLAR, Ladder, OPEN_US } from './ladder.ts';

const NOTHING: Partial<Measured> = { momentum: 0, zScore: 0 };
/** All three measures at their cut: a score of three. */
const WILD: Partial<Measured> = { volume: 10_000, momentum: 9, zScore: -9 };

describe('layer 0', () => {
  it('takes what is tradable, and an index never', () => {
    const ladder = new Ladder();
    ladder.name(0);
    ladder.name(1, true, 'fund');
    ladder.name(2, false);
    ladder.name(3, true, 'index');
    ladder.name(4, true, 'crypto');
    ladder.name(0); // Told again: no second move.

    expect(ladder.members(0)).toEqual([0, 1]);
    expect(ladder.moves(0)).toMatchObject([
      { reason: 'tradable', score: 1, atUs: ladder.nowUs },
      { reason: 'tradable' },
    ]);
  });

  it('lets go what is not tradable any more, and the layers above follow', () => {
    const ladder = new Ladder({}, { floor: 2, cap: 2 });
    ladder.names(2);
    [0, 1].forEach((row) => ladder.history(row));
    ladder.to(OPEN_US);
    ladder.phase('core');
    ladder.minutes(8, () => [NOTHING, NOTHING]);
    expect([ladder.members(1), ladder.members(2)]).toEqual([[0, 1], [0]]);
    ladder.name(0, false);
    ladder.minutes(8, () => [NOTHING, NOTHING]);

    expect([ladder.members(0), ladder.members(1), ladder.members(2)]).toEqual([[1], [1], [1]]);
    expect(ladder.moves(0).at(-1)?.reason).toBe('not tradable');
    expect(ladder.moves(1).at(-1)?.reason).toBe('not in layer 0');
  });
});

/** Ranks once and answers the members and why the others are out. */
function ranked(fill: (ladder: Ladder) => void, rows: number, options = {}): readonly number[] {
  const ladder = new Ladder(options);
  ladder.names(rows);
  fill(ladder);
  ladder.phase('pre');
  ladder.to(ladder.nowUs + 1);
  return ladder.members(1);
}

describe('layer 1', () => {
  it('takes at each threshold and not below it', () => {
    const least = 5_000_000 / 3; // Shares at $3 that make the dollars.
    const members = ranked((ladder) => {
      ladder.history(0, 3 * DOLLAR, least);
      ladder.history(1, 3 * DOLLAR - 1, least * 2);
      ladder.history(2, 3 * DOLLAR, least - 1);
      ladder.history(3, 50 * DOLLAR, 1_000_000, 5);
      ladder.history(4, 50 * DOLLAR, 1_000_000, 4);
      ladder.history(5);
      ladder.measured(5, { spreadBps: 50 });
      ladder.history(6);
      ladder.measured(6, { spreadBps: 50.001 });
      ladder.history(7);
      ladder.measured(7, { spreadBps: Number.NaN });
    }, 9);

    expect(members).toEqual([0, 3, 5, 7]);
  });

  it('lets a member stay to the leave share of each threshold, and says what it failed', () => {
    const ladder = new Ladder();
    ladder.names(6);
    for (let row = 0; row < 6; row += 1) ladder.history(row, 50 * DOLLAR, 100_000);
    ladder.to(OPEN_US);
    ladder.phase('core');
    ladder.to(OPEN_US + MINUTE);
    expect(ladder.members(1)).toHaveLength(6);
    ladder.measured(0, { price: 2.4 * DOLLAR });
    ladder.measured(1, { price: 2.4 * DOLLAR - 1 });
    ladder.measured(2, { spreadBps: 62.5 });
    ladder.measured(3, { spreadBps: 62.501 });
    ladder.history(4, 50 * DOLLAR, 80_000);
    ladder.history(5, 50 * DOLLAR, 79_999);
    ladder.to(OPEN_US + 5 * MINUTE + 1);

    expect(ladder.members(1)).toEqual([0, 2, 4]);
    const left = ladder.moves(1).filter(({ isMember }) => !isMember);
    expect(left.map(({ symbol, reason }) => [symbol, reason])).toEqual([
      [1, 'price'],
      [3, 'spread'],
      [5, 'dollar volume'],
    ]);
  });

  it('averages the last twenty days and no older ones', () => {
    const members = ranked((ladder) => {
      ladder.history(0, 50 * DOLLAR, 10_000_000, 5);
      ladder.history(0, 50 * DOLLAR, 99_999, 20);
      ladder.history(1, 50 * DOLLAR, 1, 5);
      ladder.history(1, 50 * DOLLAR, 100_000, 20);
    }, 2);

    expect(members).toEqual([1]);
  });

  it('without history lets everybody in and says so', () => {
    const ladder = new Ladder({ hasHistory: false, capRatio: 0.1 });
    ladder.names(30);
    ladder.name(30, false);
    ladder.phase('pre');
    ladder.to(ladder.nowUs + 1);

    expect(ladder.members(1)).toHaveLength(30);
    expect(new Set(ladder.moves(1).map(({ reason }) => reason))).toEqual(
      new Set(['no history given']),
    );
  });

  it.each([
    [100, 20, 25],
    [40, 20, 20],
    [8, 20, 8],
  ])('takes of %i symbols with a floor of %i the best %i', (rows, floor, expected) => {
    const members = ranked(
      (ladder) => {
        for (let row = 0; row < rows; row += 1) {
          ladder.history(row, 50 * DOLLAR, 1_000_000 + row); // The last trades most.
        }
      },
      rows,
      { capRatio: 0.25, floor },
    );

    expect(members).toEqual(
      Array.from({ length: expected }, (_, place) => rows - expected + place),
    );
  });

  it('ranks by range over spread, and what is not measured yet behind it', () => {
    const members = ranked(
      (ladder) => {
        for (let row = 0; row < 4; row += 1) ladder.history(row, 50 * DOLLAR, 10_000_000);
        ladder.measured(1, { rangeBps: 20, spreadBps: 10 });
        ladder.measured(2, { rangeBps: 10, spreadBps: 1 });
        ladder.measured(3, { rangeBps: Number.NaN, spreadBps: 0.1 });
      },
      4,
      { capRatio: 0.5, floor: 1 },
    );

    expect(members).toEqual([1, 2]);
  });

  it('is asked on one grid, though the early and the core session both begin it', () => {
    const ladder = new Ladder({}, {}, OPEN_US - 61 * MINUTE);
    ladder.name(0);
    ladder.phase('pre');
    ladder.to(OPEN_US + 2 * MINUTE);
    ladder.phase('core');
    ladder.to(OPEN_US + 3 * MINUTE);
    const timers = ladder.harness.kernel.timers.list().filter(({ actor }) => actor === 2);
    expect(timers.map(({ dueUs }) => dueUs - OPEN_US)).toEqual([5 * MINUTE + 1]);
    ladder.to(CLOSE_US + 10 * MINUTE);
    expect(ladder.harness.kernel.timers.list().filter(({ actor }) => actor === 2)).toEqual([]);
  });

  it('counts what it did when somebody moved', () => {
    const ladder = new Ladder();
    ladder.names(3);
    [0, 1].forEach((row) => ladder.history(row));
    ladder.phase('pre');
    ladder.to(ladder.nowUs + 30 * MINUTE);

    expect(ladder.harness.factsOf('layerCompleted')).toEqual([
      { kind: 'layerCompleted', layer: 1, members: 2, qualified: 2, disqualified: 0 },
    ]);
  });
});

/** Rows that are in layer 1, in a core session that has just begun. */
function active(rows: number, two = {}): Ladder {
  const ladder = new Ladder({}, two);
  ladder.names(rows);
  for (let row = 0; row < rows; row += 1) ladder.history(row);
  ladder.to(OPEN_US);
  ladder.phase('core');
  ladder.to(OPEN_US + 1);
  return ladder;
}

describe('layer 2', () => {
  it('scores relative volume, momentum and distance, each cut at three', () => {
    const ladder = active(1, { enterScore: 0, leaveScore: 0, dwellUs: 0 });
    const usual = { volume: 100, momentum: 1, zScore: -1 };
    ladder.minutes(4, () => [usual]);
    expect(ladder.moves(2)).toEqual([]); // Nobody knows yet what is usual.
    ladder.minutes(1, () => [usual]);
    expect(ladder.moves(2)).toMatchObject([{ isMember: true, reason: 'score', score: 1 }]);
  });

  it.each([
    ['a wild bar', WILD, 3],
    ['twice the volume', { volume: 200 }, 2 / 3],
  ])('takes three tenths of %s, and seven of what was', (_, wild, fresh) => {
    const ladder = active(1, { enterScore: 0.4, leaveScore: 0, dwellUs: 0 });
    ladder.minutes(5, () => [NOTHING]); // A third: the volume is the usual one.
    ladder.minutes(1, () => [wild]);

    expect(ladder.moves(2).at(-1)?.score).toBeCloseTo(0.3 * fresh + 0.7 * (1 / 3), 9);
  });

  it('has no score while a measure is not known', () => {
    const ladder = active(1, { floor: 1 });
    ladder.minutes(10, () => [{ zScore: Number.NaN }]);
    expect(ladder.moves(2)).toEqual([]);
  });

  it('lets a member leave below the leave score, after it has dwelt', () => {
    const ladder = active(1);
    ladder.minutes(4, () => [NOTHING]);
    ladder.minutes(1, () => [WILD]);
    const [entered] = ladder.moves(2);
    expect(entered).toMatchObject({ isMember: true, reason: 'score' });
    ladder.minutes(10, () => [NOTHING]);
    const left = ladder.moves(2)[1];

    expect(left).toMatchObject({ isMember: false, reason: 'score' });
    expect((left?.atUs ?? 0) - (entered?.atUs ?? 0)).toBe(5 * MINUTE);
  });

  it('lets go a halted symbol at once, also one that has no bars any more', () => {
    const ladder = active(2);
    ladder.minutes(4, () => [NOTHING, NOTHING]);
    ladder.minutes(1, () => [WILD, WILD]);
    expect(ladder.members(2)).toEqual([0, 1]);
    ladder.halted(0);
    ladder.minutes(1, () => []);
    ladder.measured(1, { ...WILD, isHalted: true });
    ladder.minutes(1, () => []);

    expect(ladder.moves(2).slice(2)).toMatchObject([
      { symbol: 0, isMember: false, reason: 'halted' },
      { symbol: 1, isMember: false, reason: 'halted' },
    ]);
    ladder.minutes(1, () => [WILD]);
    expect(ladder.members(2)).toEqual([0]); // It trades again.
  });

  it('lets go who left layer 1', () => {
    const ladder = active(1);
    ladder.minutes(4, () => [NOTHING]);
    ladder.minutes(2, () => [WILD]);
    expect(ladder.members(2)).toEqual([0]);
    ladder.measured(0, { ...WILD, price: 1 });
    ladder.minutes(5, () => []);

    expect(ladder.members(1)).toEqual([]);
    expect(ladder.moves(2).at(-1)).toMatchObject({ isMember: false, reason: 'not in layer 1' });
  });

  it('sees nothing happen where no bar comes any more', () => {
    const ladder = active(1);
    ladder.minutes(4, () => [NOTHING]);
    ladder.minutes(1, () => [WILD]);
    ladder.minutes(4, () => []);
    expect(ladder.members(2)).toEqual([0]);
    ladder.minutes(1, () => []);
    expect(ladder.moves(2).at(-1)).toMatchObject({ isMember: false, reason: 'score', score: 0 });
  });

  it.each([
    [2, 1],
    [7, 4],
    [40, 15],
  ])('of %i symbols keeps a floor of %i', (rows, floor) => {
    const ladder = active(rows, { floor: 15 });
    ladder.minutes(8, () => Array.from({ length: rows }, () => NOTHING));
    expect(ladder.members(2)).toEqual(Array.from({ length: floor }, (_, row) => row));
    expect(new Set(ladder.moves(2).map(({ reason }) => reason))).toEqual(new Set(['floor']));
  });

  it('never has more than the cap, the best first', () => {
    const ladder = active(6, { cap: 2 });
    ladder.minutes(4, () => Array.from({ length: 6 }, () => NOTHING));
    ladder.minutes(3, () =>
      Array.from({ length: 6 }, (_, row) => ({ volume: 10_000, momentum: 3, zScore: row / 2 })),
    );
    expect(ladder.members(2)).toEqual([4, 5]);
  });

  it('and layer 1 outlive a snapshot, also in a build whose rows mean something else', () => {
    const ladder = active(4, { floor: 2 });
    ladder.minutes(8, () => Array.from({ length: 4 }, () => NOTHING));
    const { harness } = ladder;
    expect(ladder.members(2)).toEqual([0, 1]);
    expect(harness.reloadedSnapshot()).toEqual(harness.snapshot());
    for (const place of [1, 2, 3]) {
      const slot = active(4).harness.kernel.slots[place];
      if (slot?.type !== 'family') throw new Error('a layer is a family');
      for (let row = 0; row < 4; row += 1) slot.definition.resetRow(slot.rows, row);
      for (const fact of harness.condensed(place)) slot.definition.apply(slot.rows, fact);
      expect(slot.definition.condense(slot.rows)).toEqual(harness.condensed(place));
    }
  });
});
