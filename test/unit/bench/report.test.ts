import { describe, expect, it } from 'vitest';
import { compare, differences, suitesOf } from '../../../bench/harness/comparison.ts';
import { comparisonKeyValues, keyValues } from '../../../bench/harness/key-values.ts';
import { parseReport, ReportError } from '../../../bench/harness/parse-report.ts';
import type { BenchReport, SuiteResult } from '../../../bench/harness/report.ts';
import { comparisonText, reportText } from '../../../bench/harness/tables.ts';
import { reportOf, spread, variantResult } from './bench-reports.ts';

/** The report, its first variant with a tail that is stated and one that is not. */
function withTails(): BenchReport {
  const report = reportOf();
  const suites = report.suites.map((suite): SuiteResult => {
    const [first, ...others] = suite.variants;
    if (first === undefined) throw new Error('no variant');
    const figures = { ...first.figures, tickP99Us: spread(12), tickP999Us: spread(20) };
    const percentiles = {
      tickP99Us: { isStated: true, floor: 2 },
      tickP999Us: { isStated: false, floor: 15, why: 'the floor alone has as much' },
    };
    return { ...suite, variants: [{ ...first, figures, percentiles }, ...others] };
  });
  return { ...report, suites };
}

describe('the JSON of a bench', () => {
  it('comes back as it was', () => {
    const report = withTails();

    expect(parseReport(JSON.stringify(report), 'a.json')).toEqual(report);
  });

  it.each([
    ['no JSON', 'bench'],
    ['another schema', JSON.stringify({ ...reportOf(), schema: 'strata-bench/2' })],
    ['no schema', '{"suites":[]}'],
    ['nothing', 'null'],
    ['a suite without variants', JSON.stringify({ ...reportOf(), suites: [{ name: 'decode' }] })],
    ['goals that are none', JSON.stringify({ ...reportOf(), goals: 'none' })],
  ])('is refused where it is %s, and the file is named', (_, text) => {
    const parse = () => parseReport(text, 'a.json');

    expect(parse).toThrow(ReportError);
    expect(parse).toThrow('a.json');
  });

  it('is refused whatever field of it is missing', () => {
    const report = reportOf();
    const fields = Object.keys(report).filter((field) => field !== 'schema');
    for (const field of fields) {
      const text = JSON.stringify({ ...report, [field]: undefined });

      expect(() => parseReport(text, 'a.json'), field).toThrow(ReportError);
    }
    expect(fields.length).toBeGreaterThan(8);
  });
});

describe('the table of a bench', () => {
  const text = reportText(withTails());

  it('begins with the machine, Node, the engine and the command', () => {
    for (const word of ['2 x AMD EPYC', 'v20.20.2', 'abc123', 'e39ef7d6c834a8cd', '--runs 3']) {
      expect(text.split('\n## ')[0]).toContain(word);
    }
  });

  it('has median and range of every figure, and the floor beside a tail', () => {
    expect(text).toMatch(/\| ours +\| nsPerEvent +\| +133 \[130\.\.137\] \| +\|/);
    expect(text).toMatch(/\| ours +\| tickP99Us +\| +12 \| +2 \|/);
  });

  it('says why, and no number, of a tail that is not stated', () => {
    const line = text.split('\n').find((one) => one.includes('tickP999Us'));

    expect(line).toContain('not stated: the floor alone has as much (15)');
    expect(line).not.toContain('20');
  });

  it('has every goal with its verdict, and why one is not met', () => {
    expect(text).toMatch(/\| 1\.1 +\| .* \| +>= 3\.5 \| +4\.2 \[4\.\.4\.4\] \| +met \|/);
    expect(text).toMatch(/\| 1\.2 +\| .* \| +not met \|/);
    expect(text).toContain('1.2: a <copy> of each text');
  });
});

describe('key=value lines', () => {
  const lines = keyValues(withTails()).trimEnd().split('\n');

  it('are one a figure, with its suite and variant', () => {
    expect(lines).toContain(
      'figure suite=decode variant=ours name=nsPerEvent median=133 min=130 max=137 runs=3',
    );
    expect(lines).toContain(
      'figure suite=decode variant="peer: JSON.parse" name=nsPerEvent ' +
        'median=614 min=557 max=671 runs=2',
    );
    expect(lines.filter((line) => line.startsWith('goal '))).toEqual([
      'goal id=1.1 suite=decode atLeast=3.5 verdict=met median=4.2 min=4 max=4.4 runs=3',
      'goal id=1.2 suite=decode atLeast=3.5 verdict="not met" median=3.1 min=3 max=3.2 runs=3',
    ]);
    expect(lines[0]).toMatch(/^bench .*commit=abc123 dirty=false config=e39ef7d6c834a8cd$/);
  });

  it('have no number of a tail that is not stated', () => {
    const line = lines.find((one) => one.includes('name=tickP999Us'));

    expect(line).toContain('median=not-stated floor=15 why="the floor alone has as much"');
  });
});

describe('two reports', () => {
  const before = withTails();
  const faster: BenchReport = {
    ...before,
    suites: before.suites.map((suite) => ({
      ...suite,
      variants: [
        variantResult('ours', [{ nsPerEvent: 100 }, { nsPerEvent: 101 }, { nsPerEvent: 99 }]),
      ],
    })),
  };
  const rows = compare(before.suites, faster.suites);

  it('are told with the chance of the runs that either had, not of those made now', () => {
    const of = (...runs: readonly number[]) => {
      const figures = runs.map((nsPerEvent) => ({ nsPerEvent }));
      const variants = [{ ...variantResult('ours', figures), cost: {} }];
      return before.suites.map((suite) => ({ ...suite, variants }));
    };
    const told = (past: readonly number[], now: readonly number[]) =>
      comparisonText(compare(of(...past), of(...now)), 'a file');

    expect(told([1, 2, 3], [5, 6, 7, 8, 9])).toContain('3 runs before and 5 now');
    expect(told([1, 2, 3], [5, 6, 7, 8, 9])).toContain('one figure in 28.');
    expect(told([1, 2], [5, 6, 7])).toContain('fewer than 3 runs on a side is not judged');
    expect(told([1, 2], [5, 6, 7])).not.toContain('one figure in');
    expect(comparisonText([], 'a file')).toContain('No figure is in both.');
  });

  it('are compared figure by figure, where both have it', () => {
    const found = rows.find(({ figure }) => figure === 'nsPerEvent');

    expect(found).toMatchObject({ suite: 'decode', variant: 'ours', verdict: 'better' });
    expect(found?.ratio).toBeCloseTo(100 / 133, 12);
    expect(rows.map(({ figure }) => figure)).toEqual(['nsPerEvent', 'runCpuMs']);
  });

  it('are not compared by a tail that one of them does not state', () => {
    const figures = compare(before.suites, before.suites).map(({ figure }) => figure);

    expect(figures).toContain('tickP99Us');
    expect(figures).not.toContain('tickP999Us');
  });

  it('are told with what chance alone would do', () => {
    const text = comparisonText(rows, 'main (abc)');

    expect(text).toContain('| decode: ours | nsPerEvent |');
    expect(text).toContain('better');
    expect(text).toContain('one figure in 10');
    expect(comparisonKeyValues(rows).split('\n')[0]).toBe(
      'compare suite=decode variant=ours name=nsPerEvent ' +
        'before=133 now=100 ratio=0.7518797 verdict=better',
    );
  });

  it('say where they are of two machines or settings', () => {
    const other = { ...before, scale: 'quick', machine: { ...before.machine, cores: 64 } } as const;

    expect(differences(before, before)).toEqual([]);
    expect(differences(other, before)).toEqual([
      'another cores: 64, now 2',
      'another scale: quick, now full',
    ]);
  });

  it('of one run are taken apart by their engine', () => {
    const [variant] = before.suites[0]?.variants ?? [];
    if (variant === undefined) throw new Error('no variant');
    const both = { ...variant, engine: 'main' };
    const suites = before.suites.map((suite) => ({ ...suite, variants: [variant, both] }));

    expect(suitesOf({ ...before, suites }, 'main')[0]?.variants).toEqual([both]);
  });
});
