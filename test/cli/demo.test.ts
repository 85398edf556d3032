import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { ChildEngine } from '../crash/child-engine.ts';
import { dataDirectory } from '../crash/data-directory.ts';
import { strata } from '../crash/strata.ts';
import { summaryOf } from './session-summary.ts';

const SESSION = 'demo-20240603-1';

vi.setConfig({ testTimeout: 180_000 });

it('(Done when 1) trades a day of 500 symbols, heals planted crashes, and reports', async () => {
  using data = dataDirectory();
  const at = ['--data-dir', data.path];
  const ended = await strata(
    ['demo', '--virtual', '--once', '--crash', '--speed', '6000', '--json', ...at],
    {
      deadlineMs: 170_000,
    },
  );

  expect(ended.code, ended.stderr).toBe(0);
  const { counts, reason, reportPath, money } = summaryOf(ended.stdout);
  expect(reason).toBe('the market closed');
  expect(counts['symbols']).toBeGreaterThanOrEqual(500);
  expect(counts['orders']).toBeGreaterThanOrEqual(50);
  expect(counts['fills']).toBeGreaterThanOrEqual(50);
  expect(counts['layerMoves']).toBeGreaterThanOrEqual(10);
  expect(counts['crashes']).toBeGreaterThanOrEqual(1);
  expect(counts['halts']).toBe(0);
  expect(money['unrealized']).toBe(0);
  const report = readFileSync(reportPath, 'utf8');
  expect(report).toContain(SESSION);
  expect(report).toContain('PLANTED_CRASH');
  const logs = await strata(['logs', '--event', 'crashHealed', ...at]);
  expect(logs.stdout.trim().split('\n')).toHaveLength(counts['crashes'] ?? 0);
  const verified = await strata(['verify', ...at]);
  expect(verified.stdout).toContain('verified');
  expect(verified.code).toBe(0);
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  it.concurrent(`ends in order on ${signal}, with its summary and report`, async () => {
    using data = dataDirectory();
    const args = ['demo', '--virtual', '--symbols', '20', '--speed', '600'];
    await using engine = await ChildEngine.start(data.path, args);
    await engine.until('the open', ({ phase }) => phase === 'core');
    engine.signal(signal);
    const ended = await engine.end(20_000);

    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stdout).toContain('ended        stopped by a person');
    expect(ended.stdout).toContain(`strata verify ${SESSION}`);
    expect(existsSync(join(data.path, 'sessions', SESSION, 'report.html'))).toBe(true);
    expect(existsSync(join(data.path, 'engine.sock'))).toBe(false);
    expect((await strata(['verify', '--data-dir', data.path])).code).toBe(0);
    expect((await strata(['status', '--data-dir', data.path])).code).toBe(3);
  });
}
