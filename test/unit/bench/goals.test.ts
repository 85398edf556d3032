import { describe, expect, it } from 'vitest';
import { byId, goalResults, unmeasured } from '../../../bench/harness/goals.ts';
import type { Goal, Suite } from '../../../bench/harness/suite.ts';
import { goalsText } from '../../../bench/harness/tables.ts';
import { reportOf, row, suiteOf } from './bench-reports.ts';

const RATIO: Goal = {
  id: '1.1',
  says: 'ours over theirs',
  limit: 3.5,
  sense: 'atLeast',
  figure: (of) => of('peer', 'cpuNs') / of('ours', 'cpuNs'),
  argued: 'the copy',
};
const PAUSE: Goal = {
  id: '4.5',
  says: 'longest pause, ms',
  limit: 5,
  sense: 'atMost',
  figure: (of) => of('ours', 'gcPauseMaxMs'),
};
const RUNNABLE = ['ours', 'peer'].map((name) => ({ name, run: () => ({ figures: {} }) }));
const SUITE: Suite = { ...suiteOf('decode', RUNNABLE), goals: [RATIO, PAUSE] };

function rowsOf(own: readonly number[], peer: readonly number[]) {
  const cost = own.map(() => ({ gcPauseMaxMs: 4 }));
  return [
    row(
      'ours',
      own.map((cpuNs) => ({ cpuNs })),
      cost,
    ),
    row(
      'peer',
      peer.map((cpuNs) => ({ cpuNs })),
    ),
  ];
}

describe('a goal', () => {
  it('is met by the ratio of medians, and shows that of each round', () => {
    const [ratio, pause] = goalResults(SUITE, rowsOf([100, 200, 110], [400, 900, 500]), 'full');

    // Medians 110 and 500; round by round 4, 4.5 and 4.545.
    expect(ratio?.verdict).toBe('met');
    expect(ratio?.measured?.median).toBeCloseTo(500 / 110, 12);
    expect(ratio?.measured?.min).toBeCloseTo(4, 12);
    expect(ratio?.measured?.runs).toBe(3);
    expect(ratio).not.toHaveProperty('argued');
    // Of the harness's own figures.
    expect(pause).toMatchObject({ verdict: 'met', measured: { median: 4 } });
  });

  it('says why it is not met, where it is not', () => {
    const [ratio] = goalResults(SUITE, rowsOf([100, 100, 100], [300, 310, 320]), 'full');

    expect(ratio).toMatchObject({ verdict: 'not met', argued: 'the copy', suite: 'decode' });
  });

  it('is not measured where its peer is not to be had, or its suite did not run', () => {
    const [ratio, pause] = goalResults(SUITE, rowsOf([100], []), 'full');

    expect(ratio).toMatchObject({ verdict: 'not measured' });
    expect(ratio).not.toHaveProperty('measured');
    expect(pause?.verdict).toBe('met');
    expect(unmeasured(SUITE).map(({ verdict }) => verdict)).toEqual([
      'not measured',
      'not measured',
    ]);
  });

  it('says of which tails that it rests on the suite states none', () => {
    const over = (id: string, other: string): Goal => ({
      id,
      says: 'p99 over another',
      limit: 2,
      sense: 'atMost',
      figure: (of) => of('ours', 'tickP99Us') / of(...split(other)),
    });
    const split = (name: string): readonly [string, string] => {
      const [variant = '', figure = ''] = name.split(' ');
      return [variant, figure];
    };
    const goals = [over('5.3', 'peer tickP99Us'), over('5.4', 'ours floorP99Us')];
    const figures = (tickP99Us: number, tickCount: number) =>
      row('x', [
        { tickCount, tickP50Us: 3, tickP99Us, floorCount: 5_000, floorP50Us: 1, floorP99Us: 9 },
      ]);
    const rows = (peers: number) => [
      { ...figures(10, 5_000), variant: 'ours' },
      { ...figures(40, peers), variant: 'peer' },
    ];
    const of = (peers: number) => goalResults({ ...SUITE, goals }, rows(peers), 'full');

    const [ratio, floor] = of(500);
    expect(ratio?.verdict).toBe('met');
    expect(ratio?.doubt).toBe(
      'tickP99Us of ours: the floor alone has as much; ' +
        'tickP99Us of peer: 500 samples, it needs 1000',
    );
    expect(of(5_000)[0]?.doubt).toBe('tickP99Us of ours: the floor alone has as much');
    // What is held against its own floor asks for just that.
    expect(floor).not.toHaveProperty('doubt');
    expect(goalsText([...of(500)])).toContain('5.3 rests on what is not stated: tickP99Us of ours');
  });

  it('is judged by no quick run', () => {
    const results = goalResults(SUITE, rowsOf([100], [300]), 'quick');

    expect(results.map(({ verdict }) => verdict)).toEqual(['not judged', 'not judged']);
    expect(results[0]?.measured?.median).toBe(3);
  });

  it('is of the first engine, where two were run', () => {
    const other = rowsOf([1], [900]).map((one) => ({ ...one, side: 'HEAD~1' }));
    const [ratio] = goalResults(SUITE, [...rowsOf([100], [400]), ...other], 'full');

    expect(ratio?.measured?.median).toBe(4);
  });

  it('comes in the order of its number', () => {
    const [first] = reportOf().goals;
    if (first === undefined) throw new Error('no goal');
    const shuffled = ['4.10', '1.2', '4.9', '4'].map((id) => ({ ...first, id }));

    expect(shuffled.toSorted(byId).map(({ id }) => id)).toEqual(['1.2', '4', '4.9', '4.10']);
  });
});
