import { readFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { dataDirectory } from '../crash/data-directory.ts';
import { strata } from '../crash/strata.ts';
import { summaryOf } from './session-summary.ts';

vi.setConfig({ testTimeout: 240_000 });

it('(Done when 1) trades a day over sockets and heals what --crash breaks', async () => {
  using data = dataDirectory();
  const at = ['--data-dir', data.path];
  const words = ['demo', '--once', '--crash', '--speed', '480', '--json'];
  const ended = await strata([...words, ...at], { deadlineMs: 220_000 });

  expect(ended.code, ended.stderr).toBe(0);
  const { counts, reason, notes, reportPath } = summaryOf(ended.stdout);
  expect(reason).toBe('the market closed');
  expect(counts['symbols']).toBeGreaterThanOrEqual(500);
  expect(counts['orders']).toBeGreaterThanOrEqual(50);
  expect(counts['fills']).toBeGreaterThanOrEqual(50);
  expect(counts['layerMoves']).toBeGreaterThanOrEqual(10);
  // A symbol actor, the broker service and the data socket: each was broken, and each healed.
  expect(counts['crashes']).toBeGreaterThanOrEqual(1);
  expect(notes.join('\n')).toMatch(/broker: restarted \d+ times?/);
  expect(notes.join('\n')).toMatch(/market-data: \d+ connections/);
  expect(counts['halts']).toBe(0);
  expect(readFileSync(reportPath, 'utf8')).toContain('PLANTED_CRASH');
  const verified = await strata(['verify', ...at], { deadlineMs: 60_000 });
  expect(verified.stdout).toContain('verified');
  expect(verified.code).toBe(0);
});
