import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Random } from '../../src/core/random.ts';
import type { TimeSeriesStore } from '../../src/ports/time-series.ts';
import { openDuckDbStore } from '../../src/store/duckdb/duckdb-store.ts';
import { bars } from '../../src/store/tables/market.ts';
import { seededMinutes } from '../seeded-minutes.ts';

const CHILD = fileURLToPath(new URL('arrange-child.ts', import.meta.url));
const LOADER = fileURLToPath(new URL('../typescript-threads.mjs', import.meta.url));
/** Four months, each long enough to be killed in. */
const MARKET = { seed: 5, symbols: 50, days: 80, minutes: 60 };
const KILLS = process.env['STRATA_LONG'] === '1' ? 40 : 4;
const SEED = 2026;

const folder = mkdtempSync(join(tmpdir(), 'strata-arrange-'));
const file = join(folder, 'store', 'strata.duckdb');
let before = '';

beforeAll(async () => {
  before = await withStore(async (store) => {
    await store.migrate([bars]);
    for (const batch of seededMinutes(MARKET)) await store.append(batch);
    return await sum(store);
  });
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function withStore<Value>(use: (store: TimeSeriesStore) => Promise<Value>): Promise<Value> {
  const store = await openDuckDbStore({ file });
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

/** Of all rows and all their values, in whatever order they lie. */
async function sum(store: TimeSeriesStore): Promise<string> {
  const text = 'SELECT count(*), CAST(sum(hash(b)) AS VARCHAR) FROM bars AS b';
  for await (const { rows } of store.sql(text)) return String(rows[0]);
  return '';
}

/** Arranges, killed with SIGKILL so long after it has begun. Answers whether it died of that. */
async function isKilled(afterMs: number | undefined): Promise<boolean> {
  const args = ['--import', LOADER, CHILD, file];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.once('data', () => {
    if (afterMs !== undefined) setTimeout(() => child.kill('SIGKILL'), afterMs);
  });
  const [code, signal]: unknown[] = await once(child, 'exit');
  if (signal !== 'SIGKILL') expect(code).toBe(0);
  return signal === 'SIGKILL';
}

it('refuses by name to fill a disk, and leaves the rows as they were (J1)', async () => {
  const blocks = Math.ceil(statSync(file).size / 1_024);
  const args = ['--import', LOADER, CHILD, file];
  const command = `ulimit -f ${blocks}; exec "$0" "$@"`;
  const child = spawn('bash', ['-c', command, process.execPath, ...args]);
  let said = '';
  child.stderr.on('data', (bytes: Buffer) => {
    said += bytes.toString();
  });
  const [code]: unknown[] = await once(child, 'exit');

  expect(code).not.toBe(0);
  expect(said).toContain('STORE_FULL');
  await withStore(async (store) => {
    expect(await sum(store)).toBe(before);
    expect(await store.unarranged(bars, Number.MAX_SAFE_INTEGER)).not.toEqual([]);
  });
}, 60_000);

it('loses no row and doubles none where it is killed while it arranges (J1)', async () => {
  const random = new Random(SEED);
  let kills = 0;
  for (let life = 0; life < KILLS; life += 1) {
    if (await isKilled(random.below(250))) kills += 1;
    const left = await withStore(async (store) => {
      expect(await sum(store), `seed ${SEED}, life ${life}`).toBe(before);
      return await store.unarranged(bars, Number.MAX_SAFE_INTEGER);
    });
    if (left.length > 0) continue;
    // All done: the same rows once more, and it begins again in every month.
    await withStore(async (store) => {
      for (const batch of seededMinutes(MARKET)) await store.append(batch);
    });
  }

  expect(kills).toBeGreaterThan(0);
  expect(await isKilled(undefined)).toBe(false);
  await withStore(async (store) => {
    expect(await sum(store)).toBe(before);
    expect(await store.unarranged(bars, Number.MAX_SAFE_INTEGER)).toEqual([]);
  });
}, 600_000);
