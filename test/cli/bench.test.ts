import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { parseReport } from '../../bench/harness/parse-report.ts';
import { type Ended, environmentWith, MAIN, strata } from '../crash/strata.ts';

/** The first of them may compile the benches. */
const PATIENCE = { deadlineMs: 150_000 };
vi.setConfig({ testTimeout: 160_000, hookTimeout: 160_000 });

const folder = mkdtempSync(join(tmpdir(), 'strata-bench-cli-'));
const page = join(folder, 'page.html');
const before = join(folder, 'before.json');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let ran: Ended | undefined;

beforeAll(async () => {
  ran = await strata(['bench', 'kernel', '--quick', '--json', '--html', page], PATIENCE);
  expect(ran.code, ran.stderr).toBe(0);
  writeFileSync(before, ran.stdout);
});

it('measures the built engine and tells figures, costs, the floor beside and the machine', () => {
  const report = parseReport(ran?.stdout ?? '', 'the output');
  const [suite] = report.suites;

  expect(report).toMatchObject({ scale: 'quick', runs: 1, failures: [] });
  expect(report.machine.node).toBe(process.version);
  expect(report.configHash).toMatch(/^[0-9a-f]{16}$/);
  expect(suite?.name).toBe('kernel');
  for (const { variant, figures, cost, runs } of suite?.variants ?? []) {
    expect(Object.keys(figures).length, variant).toBeGreaterThan(0);
    expect(cost['runCpuMs']?.median, variant).toBeGreaterThan(0);
    expect(cost['rssMaxMb']?.median, variant).toBeGreaterThan(10);
    expect(cost['wakeCount']?.median, variant).toBeGreaterThan(0);
    expect(cost['spinP50Us']?.median, variant).toBeGreaterThan(0);
    expect(runs, variant).toHaveLength(1);
  }
  expect(suite?.variants.length).toBeGreaterThan(3);
  // A quick run shows that the goals can be measured; it judges none.
  expect(new Set(report.goals.map(({ verdict }) => verdict))).toEqual(new Set(['not judged']));
});

it('says on standard error what it does, and nothing else on standard output', () => {
  expect(ran?.stderr).toContain('bench: kernel: run 1 of 1, ');
  expect(ran?.stdout.startsWith('{')).toBe(true);
});

it('writes a page that is whole by itself', () => {
  const html = readFileSync(page, 'utf8');

  expect(html).toContain('<h2>kernel</h2>');
  expect(html).toContain('<svg ');
  expect(html).not.toMatch(/<[^>]*\s(?:src|href)\s*=/i);
});

it('compares with an earlier JSON, line by line, and judges no single run', async () => {
  const again = await strata(['bench', 'kernel', '--quick', '--baseline', before], PATIENCE);

  expect(again.code, again.stderr).toBe(0);
  expect(again.stdout).toContain('## kernel');
  expect(again.stdout).toContain('## Against ');
  const lines = again.stdout.split('\n');
  const compared = lines.filter((line) => line.startsWith('compare suite=kernel '));
  expect(compared.length).toBeGreaterThan(5);
  expect(compared.filter((line) => /verdict=(?:better|worse)/.test(line))).toEqual([]);
  expect(lines.some((line) => line.startsWith('figure suite=kernel '))).toBe(true);
});

it('refuses what it does not know, each with its exit code', async () => {
  const [unknown, missing, other] = await Promise.all([
    strata(['bench', 'kernal'], PATIENCE),
    strata(['bench', 'kernel', '--baseline', join(folder, 'none.json')], PATIENCE),
    strata(['bench', 'kernel', '--compare', 'no-such-revision'], PATIENCE),
  ]);

  expect(unknown.code).toBe(2);
  expect(unknown.stderr).toContain('did you mean kernel?');
  expect(missing.code).toBe(1);
  expect(missing.stderr).toContain('none.json');
  expect(other.code).toBe(1);
  expect(other.stderr).toContain('no-such-revision');
  for (const { stderr } of [unknown, missing, other]) expect(stderr).not.toContain('    at ');
});

it('ends at a signal with 8, and what it started ends with it', async () => {
  const child = spawn(process.execPath, [MAIN, 'bench', 'kernel', '--runs', '20'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: environmentWith(),
  });
  let said = '';
  const begun = new Promise<void>((resolve) => {
    child.stderr.setEncoding('utf8').on('data', (text) => {
      said += String(text);
      if (said.includes('warm-up')) resolve();
    });
  });
  await begun;
  child.kill('SIGINT');
  // The pipe closes only when nobody holds it any more: no run and no loop beside is left.
  const [code]: unknown[] = await once(child, 'close');

  expect(code, said).toBe(8);
});
