import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { DENSE_VENUE, denseConfig } from '../live-rig/dense-orders.ts';
import { KilledSession } from '../live-rig/killed-session.ts';
import { LiveVenue } from '../live-rig/live-venue.ts';
import { dataDirectory } from './data-directory.ts';
import { strata } from './strata.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 60_000 });

/** Settings that differ in nothing that decides: who tells of the market is not in the hash. */
function configOf(folder: string, provider: 'alpaca' | 'polygon'): string {
  const text = readFileSync(denseConfig(folder), 'utf8');
  const path = join(folder, `${provider}.yaml`);
  const market = `market: { provider: ${provider}, feed: sip, codec: json, `;
  writeFileSync(path, text.replace('market: { ', market));
  return path;
}

it("(B1, H5) outlives kill -9 on Polygon's market and Alpaca's orders, and verifies", async () => {
  using data = dataDirectory();
  await using venue = await LiveVenue.start(DENSE_VENUE);
  const session = new KilledSession(venue, data.path, configOf(data.path, 'polygon'));
  {
    await using engine = await session.start();
    await session.checkAndTrade(engine);
    await engine.kill();
    await session.died();
  }
  {
    await using engine = await session.start();
    await session.checkAndTrade(engine);
    // What the cut costs is fetched over Polygon's REST, and trading goes on.
    expect(await venue.admin.chaos('drop', { stream: 'polygon' })).toBeDefined();
    await session.checkAndTrade(engine);
    await engine.kill();
    await session.died();
  }
  // Polygon fails for good: the session goes on on Alpaca's own data, and says so.
  const other = new KilledSession(venue, data.path, configOf(data.path, 'alpaca'));
  await using engine = await other.start();
  await other.checkAndTrade(engine);
  await other.halt(engine);
  const { engine: books, venue: held } = await other.quieten(engine);
  const at = ['--data-dir', data.path];
  expect((await strata(['stop', ...at])).code).toBe(0);
  const ended = await engine.end();

  expect(ended.code, ended.stderr).toBe(0);
  expect(ended.stderr).toContain('; it was on polygon-sip, and goes on on sip');
  expect(books.lives).toBe(3);
  expect([books.adjustments, books.drifts, books.strays]).toEqual([0, 0, 0]);
  expect(held.fills).toBe(books.executions.size);
  expect(held.fills).toBeGreaterThan(0);
  const verified = await strata(['verify', ...at]);
  expect(verified.code, verified.stdout + verified.stderr).toBe(0);
});
