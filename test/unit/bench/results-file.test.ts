import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { machineSlug } from '../../../bench/harness/machine.ts';
import { ReportError } from '../../../bench/harness/parse-report.ts';
import type { BenchReport } from '../../../bench/harness/report.ts';
import {
  BEGIN,
  END,
  keepReport,
  merged,
  newestReport,
  withResults,
} from '../../../bench/harness/results-file.ts';
import { reportOf } from './bench-reports.ts';

const ORDER = ['kernel', 'decode', 'journal'];
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strata-results-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A report of one suite of this name, at this moment. */
function reportFor(name: string, startedAt: string): BenchReport {
  const { suites, goals, ...report } = reportOf();
  return {
    ...report,
    startedAt,
    suites: suites.map((suite) => ({ ...suite, name, origin: { ...suite.origin, startedAt } })),
    goals: goals.map((goal) => ({ ...goal, suite: name })),
  };
}

describe('kept results', () => {
  it('lie under the day and the machine, as JSON and as a page', () => {
    keepReport(folder, reportOf(), ORDER);

    expect(readdirSync(folder).toSorted()).toEqual([
      '2026-11-20-amd-epyc-2-cores.json',
      '2026-11-20-amd-epyc-2-cores.md',
    ]);
    const page = readFileSync(join(folder, '2026-11-20-amd-epyc-2-cores.md'), 'utf8');
    expect(page.match(/^# /gm)).toHaveLength(1);
    expect(page).toContain('## decode');
  });

  it('gather the suites of a day, each with when it was measured, in the order of the list', () => {
    keepReport(folder, reportFor('decode', '2026-11-20T10:00:00.000Z'), ORDER);
    keepReport(folder, reportFor('kernel', '2026-11-20T11:00:00.000Z'), ORDER);
    keepReport(folder, reportFor('decode', '2026-11-20T12:00:00.000Z'), ORDER);

    const [name, { suites, startedAt }] = newestReport(folder);
    expect(name).toBe('2026-11-20-amd-epyc-2-cores.json');
    expect(startedAt).toBe('2026-11-20T10:00:00.000Z');
    expect(suites.map((suite) => [suite.name, suite.origin.startedAt.slice(11, 16)])).toEqual([
      ['kernel', '11:00'],
      ['decode', '12:00'],
    ]);
  });

  it('keep the goals of a suite that did not run again', () => {
    const [one, two] = ['decode', 'kernel'].map((name) => reportFor(name, '2026-11-20T10:00:00Z'));
    if (one === undefined || two === undefined) throw new Error('no reports');
    const ids = (report: BenchReport, id: string) =>
      report.goals.map((goal, at) => ({ ...goal, id: `${id}.${at}` }));
    const both = merged({ ...one, goals: ids(one, '1') }, { ...two, goals: ids(two, '3') }, ORDER);

    expect(both.goals.map(({ id, suite }) => `${id} ${suite}`)).toEqual([
      '1.0 decode',
      '1.1 decode',
      '3.0 kernel',
      '3.1 kernel',
    ]);
  });

  it('let a goal that was measured stand against a later list that did not measure it', () => {
    const measured = reportFor('decode', '2026-11-20T10:00:00Z');
    const later = reportFor('kernel', '2026-11-20T11:00:00Z');
    const unmeasured = measured.goals.map(({ id, suite, says, limit, sense }) => {
      return { id, suite, says, limit, sense, verdict: 'not measured' } as const;
    });
    const both = merged(measured, { ...later, goals: unmeasured }, ORDER);

    expect(both.goals.map(({ verdict }) => verdict)).toEqual(['met', 'not met']);
  });

  it('are another file on another day, and the newest is the last of them', () => {
    keepReport(folder, reportFor('decode', '2026-11-20T10:00:00.000Z'), ORDER);
    keepReport(folder, reportFor('decode', '2026-11-21T10:00:00.000Z'), ORDER);
    writeFileSync(join(folder, '2026-11-20-models.md'), '# Models\n');

    expect(newestReport(folder)[0]).toBe('2026-11-21-amd-epyc-2-cores.json');
  });

  it('are missed where there are none', () => {
    expect(() => newestReport(folder)).toThrow(ReportError);
    expect(() => newestReport(join(folder, 'nowhere'))).toThrow(ReportError);
  });

  it('name a machine in plain letters', () => {
    const slug = (cpu: string) => machineSlug({ cpu, cores: 8 });

    expect(slug('Intel(R) Xeon(R) CPU @ 2.20GHz')).toBe('intel-xeon-8-cores');
    expect(slug('AMD EPYC 7B13')).toBe('amd-epyc-7b13-8-cores');
    expect(slug('')).toBe('unknown-8-cores');
  });
});

describe('a document with the results', () => {
  const document = `# Title\n\nBefore.\n\n${BEGIN}\nold\n${END}\n\nAfter.\n`;
  const results = ['2026-11-20-amd-epyc-2-cores.json', reportOf()] as const;

  it('has the table between its markers, and the rest as it was', () => {
    const written = withResults(document, results) ?? '';

    expect(written.startsWith(`# Title\n\nBefore.\n\n${BEGIN}\n`)).toBe(true);
    expect(written.endsWith(`${END}\n\nAfter.\n`)).toBe(true);
    expect(written).not.toContain('old');
    expect(written).toContain('bench/results/2026-11-20-amd-epyc-2-cores.md');
    expect(written).toContain('strata bench --readme README.md');
    expect(written).toMatch(/\| 1\.1 +\|/);
    expect(withResults(written, results)).toBe(written);
  });

  it('is none without the markers, or with them the wrong way round', () => {
    expect(withResults('# Title\n', results)).toBeUndefined();
    expect(withResults(`${END}\n${BEGIN}\n`, results)).toBeUndefined();
  });
});

describe('the README', () => {
  it('has the newest results, as `strata bench --readme README.md` writes them', () => {
    const root = join(import.meta.dirname, '../../..');
    const readme = readFileSync(join(root, 'README.md'), 'utf8');

    expect(withResults(readme, newestReport(join(root, 'bench/results')))).toBe(readme);
  });
});
