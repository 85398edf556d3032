import { describe, expect, it } from 'vitest';
import { type Beside, type Rounds, runRounds, type Side } from '../../../bench/harness/rounds.ts';
import { suiteOf } from './bench-reports.ts';

const SUITE = suiteOf(
  'two',
  ['a', 'b'].map((name) => ({ name, run: () => ({ figures: {} }) })),
);

/** What was run and measured beside, in order. */
function rig(fails: (side: string, variant: string) => boolean = () => false) {
  const log: string[] = [];
  const said: string[] = [];
  const side = (label: string): Side => ({
    label,
    run: async (_, variant, scale) => {
      log.push(`${label} ${variant} ${scale}`);
      if (fails(label, variant)) throw new Error('it broke');
      return { figures: { place: log.length }, cost: { runCpuMs: 1 }, note: 'same' };
    },
  });
  const noise: Beside = {
    begin: () => void log.push('quiet'),
    end: async () => ({ wakeP50Us: 80 }),
  };
  const rounds = (given: Partial<Rounds> = {}): Rounds => ({
    sides: [side('this tree')],
    runs: 2,
    scale: 'full',
    isWarmedUp: false,
    noise,
    progress: (text) => void said.push(text),
    isStopped: () => false,
    ...given,
  });
  return { log, said, side, rounds };
}

describe('runs', () => {
  it('take turns: all variants on all sides, then all of them again', async () => {
    const { log, side, rounds } = rig();

    const { rows } = await runRounds(SUITE, rounds({ sides: [side('this tree'), side('main')] }));

    const round = ['this tree a full', 'main a full', 'this tree b full', 'main b full'];
    expect(log.filter((line) => line !== 'quiet')).toEqual([...round, ...round]);
    expect(rows.map((row) => `${row.variant} ${row.side} ${row.runs.length}`)).toEqual([
      'a this tree 2',
      'a main 2',
      'b this tree 2',
      'b main 2',
    ]);
  });

  it('begin the floor anew for each, and keep what it said with what the run cost', async () => {
    const { log, rounds } = rig();

    const { rows } = await runRounds(SUITE, rounds({ runs: 1 }));

    expect(log).toEqual(['quiet', 'this tree a full', 'quiet', 'this tree b full']);
    expect(rows[0]?.costs).toEqual([{ runCpuMs: 1, wakeP50Us: 80 }]);
    expect(rows[0]?.notes).toEqual(['same']);
  });

  it('are warmed up by a quick one that is thrown away', async () => {
    const { log, rounds } = rig();

    const { rows } = await runRounds(SUITE, rounds({ runs: 1, isWarmedUp: true }));

    expect(log.filter((line) => line !== 'quiet')).toEqual([
      'this tree a quick',
      'this tree b quick',
      'this tree a full',
      'this tree b full',
    ]);
    expect(rows.map(({ runs }) => runs.length)).toEqual([1, 1]);
  });

  it('go on without a variant that failed, which is told once', async () => {
    const { log, said, rounds } = rig((_, variant) => variant === 'a');

    const { rows, failures } = await runRounds(SUITE, rounds());

    expect(failures).toEqual([{ suite: 'two', side: 'this tree', variant: 'a', what: 'it broke' }]);
    expect(log.filter((line) => line.includes(' a '))).toHaveLength(1);
    expect(rows.map(({ variant, runs }) => [variant, runs.length])).toEqual([['b', 2]]);
    expect(said.some((line) => line.includes('FAILED: it broke'))).toBe(true);
  });

  it('end between two of them where the bench is stopped', async () => {
    const { log, rounds } = rig();

    await runRounds(SUITE, rounds({ isStopped: () => log.length >= 2 }));

    expect(log).toEqual(['quiet', 'this tree a full']);
  });
});
