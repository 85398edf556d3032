import { describe, expect, it } from 'vitest';
import { percentileRules } from '../../../bench/harness/percentile-rules.ts';
import type { Figures, Variant } from '../../../bench/harness/suite.ts';
import { row, suiteOf } from './bench-reports.ts';

const OWN: Variant = { name: 'ours', run: () => ({ figures: {} }) };
const QUIET = {
  preemptions: 0,
  runWallMs: 10_000,
  spinP50Us: 0.04,
  spinP99Us: 0.05,
  spinP999Us: 1,
};

function latencies(name: string, p50: number, p99: number, p999: number, count = 100_000): Figures {
  return {
    [`${name}Count`]: count,
    [`${name}P50Us`]: p50,
    [`${name}P99Us`]: p99,
    [`${name}P999Us`]: p999,
  };
}

/** What is said of the percentiles of one variant that ran once. */
function rulesOf(figures: Figures, cost: Figures = QUIET, variant: Variant = OWN) {
  const rows = [row(variant.name, [figures], [cost])];
  const [only] = rows;
  if (only === undefined) throw new Error('no row');
  return percentileRules(suiteOf('one', [variant]), rows, only);
}

describe('a percentile', () => {
  it('is stated with the floor of its own run', () => {
    const rules = rulesOf({ ...latencies('tick', 4, 12, 30), ...latencies('floor', 0.1, 0.2, 2) });

    expect(rules['tickP50Us']).toEqual({ isStated: true, floor: 0.1 });
    expect(rules['tickP99Us']).toEqual({ isStated: true, floor: 0.2 });
    expect(rules['tickP999Us']).toEqual({ isStated: true, floor: 2 });
  });

  it('has the loop beside as its floor where the run has none of its own', () => {
    expect(rulesOf(latencies('tick', 4, 12, 30))['tickP999Us']).toEqual({
      isStated: true,
      floor: 1,
    });
  });

  it('is not stated where the floor alone has half of it, but its middle is', () => {
    const rules = rulesOf({
      ...latencies('tick', 0.15, 12, 30),
      ...latencies('floor', 0.1, 6, 15.1),
    });

    expect(rules['tickP50Us']).toEqual({ isStated: true, floor: 0.1 });
    expect(rules['tickP99Us']?.isStated).toBe(true);
    expect(rules['tickP999Us']).toEqual({
      isStated: false,
      floor: 15.1,
      why: 'the floor alone has as much',
    });
  });

  it('is not stated of too few samples, and says how many it needs', () => {
    const figures = latencies('tick', 4, 12, Number.NaN, 9_999);

    expect(rulesOf(figures)['tickP99Us']?.isStated).toBe(true);
    expect(rulesOf(figures)['tickP999Us']).toEqual({
      isStated: false,
      why: '9999 samples, it needs 10000',
    });
  });

  it('is not stated where nothing was measured beside it', () => {
    const rules = rulesOf(latencies('tick', 4, 12, 30), {});

    expect(rules['tickP50Us']).toEqual({ isStated: true });
    expect(rules['tickP99Us']).toEqual({
      isStated: false,
      why: 'no floor was measured beside it',
    });
  });

  it('is not stated where the scheduler took as many samples as its tail has', () => {
    // 100,000 of 4 us are 0.4 s of 10 s: of 5,000 takings 200 hit a sample. p99 has a tail of
    // 1,000, p99.9 one of 100.
    const rules = rulesOf(latencies('tick', 4, 12, 30), { ...QUIET, preemptions: 5_000 });

    expect(rules['tickP99Us']?.isStated).toBe(true);
    expect(rules['tickP999Us']?.isStated).toBe(false);
    expect(rules['tickP999Us']?.why).toBe('the scheduler hit some 200 samples, its tail has 100');
  });

  it('stands on the floor that its variant names, in another variant too', () => {
    const floors = { tick: { samples: 'tick', variant: 'no-op at 50 k/s' } };
    const ours: Variant = { ...OWN, floors };
    const noop: Variant = { name: 'no-op at 50 k/s', run: () => ({ figures: {} }) };
    const suite = suiteOf('open', [ours, noop]);
    const rows = [
      row('ours', [latencies('tick', 4, 2_800, 9_000)], [{ ...QUIET, preemptions: 90_000 }]),
      row('no-op at 50 k/s', [latencies('tick', 0.1, 1_500, 4_000)], [QUIET]),
    ];
    const [own, floor] = rows.map((one) => percentileRules(suite, rows, one));

    expect(own?.['tickP99Us']).toEqual({
      isStated: false,
      floor: 1_500,
      why: 'the floor alone has as much',
    });
    // A named floor bears what disturbs both alike: its takings are not counted again.
    expect(own?.['tickP999Us']).toEqual({ isStated: true, floor: 4_000 });
    // The floor itself is told as it is.
    expect(floor?.['tickP99Us']).toEqual({ isStated: true });
  });

  it('is found by its name, and nothing else is', () => {
    const rules = rulesOf({ ...latencies('tick', 4, 12, 30), cpuMs: 3, p99: 4, stepsUs: 5 });

    expect(Object.keys(rules)).toEqual(['tickP50Us', 'tickP99Us', 'tickP999Us']);
  });
});
