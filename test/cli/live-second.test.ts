import { expect, it, vi } from 'vitest';
import { ChildEngine } from '../crash/child-engine.ts';
import { dataDirectory } from '../crash/data-directory.ts';
import { strata } from '../crash/strata.ts';

vi.setConfig({ testTimeout: 120_000 });

it('(H6) leaves the venue of a running session alone when a second one starts there', async () => {
  using data = dataDirectory();
  const words = ['demo', '--symbols', '20', '--speed', '60'];
  await using engine = await ChildEngine.start(data.path, words);
  const before = await engine.until('the market comes', ({ events }) => events > 0);

  const second = await strata([...words, '--data-dir', data.path], { deadlineMs: 30_000 });
  expect(second.code).toBe(1);
  expect(second.stderr).toContain('is held by process');

  await engine.until('the market goes on', ({ events }) => events > before.events + 100);
  engine.signal('SIGINT');
  const ended = await engine.end(30_000);
  expect(ended.code, ended.stderr).toBe(0);
  expect(ended.stdout).not.toContain('market-data: 2 connections');
});
