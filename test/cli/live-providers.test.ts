import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { HOUR, MINUTE } from '../../src/core/time.ts';
import { newYorkToUs } from '../../src/domain/market/calendar.ts';
import { dataDirectory } from '../crash/data-directory.ts';
import { strata } from '../crash/strata.ts';
import { LiveVenue } from '../live-rig/live-venue.ts';

vi.setConfig({ testTimeout: 300_000 });

const DATE = 20240603;
/** Forty minutes before the opening are 12 seconds of ours: both hear the day from its start. */
const VENUE = {
  seed: 7,
  symbols: 60,
  date: DATE,
  atUsOfDay: 8 * HOUR + 50 * MINUTE,
  extendedHours: false,
  speed: 200,
  tradesPerDay: 2_000,
  plan: 'plus',
} as const;
const STOP_US = newYorkToUs(DATE, 10 * HOUR + 45 * MINUTE);

/** A live session at a venue of its own, until a quarter to eleven; answers with its name. */
async function tradeOn(provider: string, data: string): Promise<string> {
  const own = join(data, `${provider}.yaml`);
  writeFileSync(own, `market: { provider: ${provider}, feed: sip, codec: json }\n`);
  await using venue = await LiveVenue.start(VENUE);
  const at = ['--data-dir', data];
  const words = ['--mode', 'sim', '--venue', venue.adminUrl, '--config', own, '--json'];
  const running = strata(['trade', ...words, ...at], { deadlineMs: 150_000 });
  while ((await venue.state()).clock.marketUs < STOP_US) await wait(200);
  await strata(['stop', ...at]);
  const { code, stdout, stderr } = await running;
  expect(code, stderr).toBe(0);
  const { sessionId } = jsonOf(stdout);
  expect((await strata(['verify', String(sessionId), ...at])).stdout).toContain('verified');
  return String(sessionId);
}

function jsonOf(text: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) throw new Error(`no object: ${text}`);
  return { ...value };
}

it('hears the same bars from Polygon as from Alpaca, and explains what it decides', async () => {
  using data = dataDirectory();
  const alpaca = await tradeOn('alpaca', data.path);
  const polygon = await tradeOn('polygon', data.path);
  const at = ['--data-dir', data.path];

  const { code, stdout } = await strata(['parity', alpaca, polygon, ...at]);
  process.stdout.write(stdout);
  // Instants of receipt, and so quotes and scores, are each session's own; bars are not.
  expect(stdout).toMatch(/^the same market: [1-9][\d,]{3,} bars$/mu);
  expect(stdout).toMatch(/^intents +[1-9]/mu);
  expect(stdout).toContain('Every difference is explained.');
  expect(code).toBe(0);
});
