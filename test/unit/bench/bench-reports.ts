import { type BenchReport, SCHEMA, type VariantResult } from '../../../bench/harness/report.ts';
import type { Row } from '../../../bench/harness/rounds.ts';
import { type Spread, spreadsOf } from '../../../bench/harness/spread.ts';
import type { Figures, Suite, Variant } from '../../../bench/harness/suite.ts';

/** Reports and their parts as a bench makes them, for tests. */

export function spread(...values: readonly number[]): Spread {
  const { x } = spreadsOf(values.map((value) => ({ x: value })));
  if (x === undefined) throw new Error('no values');
  return x;
}

export function row(variant: string, runs: readonly Figures[], costs?: readonly Figures[]): Row {
  return { side: 'this tree', variant, runs, costs: costs ?? runs.map(() => ({})), notes: [] };
}

export function suiteOf(name: string, variants: readonly Variant[]): Suite {
  return { name, measures: 'what it measures', leavesOut: 'the rest', target: 'none', variants };
}

export function variantResult(variant: string, runs: readonly Figures[]): VariantResult {
  return {
    variant,
    engine: 'this tree',
    figures: spreadsOf(runs),
    cost: { runCpuMs: spread(12, 13, 14) },
    percentiles: {},
    notes: ['seeded <market>'],
    runs,
  };
}

export function reportOf(given: Partial<BenchReport> = {}): BenchReport {
  return {
    schema: SCHEMA,
    startedAt: '2026-11-20T10:00:00.000Z',
    endedAt: '2026-11-20T10:05:00.000Z',
    command: 'strata bench decode --runs 3',
    machine: {
      node: 'v20.20.2',
      v8: '11.3',
      system: 'linux x64',
      cpu: 'AMD EPYC',
      cores: 2,
      memoryGb: 25,
      load: [0.5, 0.6, 0.7],
      loadAtEnd: [1, 1, 1],
    },
    engines: [{ label: 'this tree', commit: 'abc123', isDirty: false }],
    configHash: 'e39ef7d6c834a8cd',
    scale: 'full',
    runs: 3,
    suites: [
      {
        name: 'decode',
        measures: 'bytes to `columns`',
        leavesOut: 'the socket',
        target: 'fast',
        origin: {
          startedAt: '2026-11-20T10:00:01.000Z',
          commit: 'abc123',
          isDirty: false,
          load: [0.5, 0.6, 0.7],
          runs: 3,
          scale: 'full',
        },
        variants: [
          variantResult('ours', [{ nsPerEvent: 133 }, { nsPerEvent: 130 }, { nsPerEvent: 137 }]),
          variantResult('peer: JSON.parse', [{ nsPerEvent: 557 }, { nsPerEvent: 671 }]),
        ],
      },
    ],
    goals: [
      {
        id: '1.1',
        suite: 'decode',
        says: 'Polygon trades over JSON.parse',
        limit: 3.5,
        sense: 'atLeast',
        measured: spread(4, 4.2, 4.4),
        verdict: 'met',
      },
      {
        id: '1.2',
        suite: 'decode',
        says: 'Alpaca msgpack over msgpackr',
        limit: 3.5,
        sense: 'atLeast',
        measured: spread(3, 3.1, 3.2),
        verdict: 'not met',
        argued: 'a <copy> of each text',
      },
    ],
    failures: [],
    ...given,
  };
}
