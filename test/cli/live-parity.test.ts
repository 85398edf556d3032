import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { HOUR, MINUTE } from '../../src/core/time.ts';
import { dataDirectory } from '../crash/data-directory.ts';
import { strata } from '../crash/strata.ts';
import { LiveVenue } from '../live-rig/live-venue.ts';

vi.setConfig({ testTimeout: 240_000 });

/** The last seventy-five minutes of a day, in a quarter of one of ours. */
const VENUE = {
  seed: 7,
  symbols: 60,
  date: 20240603,
  atUsOfDay: 14 * HOUR + 45 * MINUTE,
  speed: 300,
  tradesPerDay: 2_000,
};

it('(Done when 4) verifies a live session and explains where its replay differs', async () => {
  using data = dataDirectory();
  const at = ['--data-dir', data.path];
  await using venue = await LiveVenue.start(VENUE);
  const live = await strata(
    ['trade', '--mode', 'sim', '--venue', venue.adminUrl, '--json', ...at],
    { deadlineMs: 120_000 },
  );
  expect(live.code, live.stderr).toBe(0);
  const { sessionId, counts } = jsonOf(live.stdout);
  expect(countOf(counts, 'orders')).toBeGreaterThan(5);
  expect((await strata(['verify', ...at])).stdout).toContain('verified');

  const folder = join(data.path, 'sessions', String(sessionId));
  const replayed = async (...words: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await strata(['replay', folder, '--json', ...words, ...at]);
    expect(code, stderr).toBe(0);
    return String(jsonOf(stdout)['sessionId']);
  };
  const parity = (other: string) => strata(['parity', String(sessionId), other, ...at]);

  const same = await parity(await replayed());
  expect(same.stdout).toMatch(/Every difference is explained|No difference in what was decided/u);
  expect(same.stdout).toMatch(/^the same market: [1-9]/mu);
  expect(same.code, same.stdout).toBe(0);

  const own = join(data.path, 'own.yaml');
  writeFileSync(own, 'execution: { limitOffsetBps: 6 }\n');
  const changed = await replayed('--config', own);
  const named = await parity(changed);
  expect(named.stdout).toMatch(/^config differs: A /mu);
  expect(named.code).toBe(7);

  // The same threshold, planted: nothing but the decisions themselves can tell of it now.
  const description = join(data.path, 'sessions', changed, 'session.json');
  const { configHash } = jsonOf(readFileSync(join(folder, 'session.json'), 'utf8'));
  const file = jsonOf(readFileSync(description, 'utf8'));
  writeFileSync(description, JSON.stringify({ ...file, configHash }));
  const planted = await parity(changed);
  expect(planted.stdout).toMatch(/^unexplained +[1-9]/mu);
  expect(planted.code).toBe(7);
});

function jsonOf(text: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) throw new Error(`no object: ${text}`);
  return { ...value };
}

function countOf(counts: unknown, name: string): number {
  const found = typeof counts === 'object' && counts !== null ? Object.entries(counts) : [];
  return Number(found.find(([key]) => key === name)?.[1]);
}
