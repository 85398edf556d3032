import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.ts';
import { openDuckDbStore } from '../../src/store/duckdb/duckdb-store.ts';
import { directoryPlace } from '../../src/store/lake/directory-place.ts';
import { EVER, Lake } from '../../src/store/lake/lake.ts';
import { Parquet } from '../../src/store/lake/parquet.ts';
import { RowChecksum } from '../../src/store/lake/row-checksum.ts';
import { sumOf } from '../../src/store/lifecycle/lifecycle-tools.ts';
import { bars } from '../../src/store/tables/market.ts';
import { seededMinutes } from '../seeded-minutes.ts';

const IS_LONG = process.env['STRATA_LONG'] === '1';
/** A year of trading days. In the short run fifteen minutes of each, in the long one all 390. */
const YEAR = { seed: 2025, symbols: 20, days: 252, minutes: IS_LONG ? 390 : 15 };
const ROWS = YEAR.symbols * YEAR.days * YEAR.minutes;
const KILLS = IS_LONG ? 8 : 1;
/** Days lie in two files each until they are consolidated. */
const [PIECE_ROWS, WHOLE_ROWS] = [Math.ceil((YEAR.symbols * YEAR.minutes) / 2), 1_000_000];
const MS_MAX = IS_LONG ? 1_800_000 : 120_000;

const CHILD = fileURLToPath(new URL('./lifecycle-child.ts', import.meta.url));
const THREADS = new URL('../typescript-threads.mjs', import.meta.url).href;

const root = mkdtempSync(join(tmpdir(), 'strata-year-'));
const random = new Random(YEAR.seed);
let before = new RowChecksum();

afterAll(() => rmSync(root, { recursive: true, force: true }));

beforeAll(async () => {
  const store = await openDuckDbStore({ file: join(root, 'store', 'x.duckdb') });
  await store.migrate([bars]);
  for (const batch of seededMinutes(YEAR)) {
    before.add(batch);
    await store.append(batch);
  }
  await store.close();
}, MS_MAX);

/** Runs it to its end, after it was killed so many times in the middle. Answers its kills. */
async function killed(verb: string, rowsPerFile: number, steps: number, times = KILLS) {
  let kills = 0;
  for (let life = 0; life < times; life += 1) {
    // Ever later, so that the whole of the work is seen dying somewhere.
    const from = Math.floor((steps * life) / times);
    const dead = await live(verb, rowsPerFile, 1 + from / 2 + random.below(steps / times));
    if (dead) kills += 1;
  }
  await live(verb, rowsPerFile, undefined);
  return kills;
}

/** Kills with SIGKILL once it has passed so many steps. Answers whether it died of that. */
function live(verb: string, rowsPerFile: number, dieAfter: number | undefined): Promise<boolean> {
  const args = ['--import', THREADS, CHILD, root, verb, String(rowsPerFile)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let [steps, said] = [0, ''];
  child.stdout.on('data', (dots: Buffer) => {
    steps += dots.length;
    if (dieAfter !== undefined && steps >= dieAfter) child.kill('SIGKILL');
  });
  child.stderr.on('data', (text: Buffer) => (said += text.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (code === 0 || signal === 'SIGKILL') resolve(signal === 'SIGKILL');
      else reject(new Error(`${verb} ended with ${code ?? signal}\n${said}`));
    });
  });
}

async function storeSum(folder: string): Promise<RowChecksum> {
  const store = await openDuckDbStore({ file: join(root, folder, 'x.duckdb') });
  try {
    return await sumOf(store, bars, EVER);
  } finally {
    await store.close();
  }
}

async function inLake<T>(look: (lake: Lake) => Promise<T>): Promise<T> {
  const lake = new Lake(directoryPlace(join(root, 'lake')), new Parquet(join(root, 'own'), 512));
  try {
    return await look(lake);
  } finally {
    await lake.close();
  }
}

const lakeSum = () =>
  inLake(async (lake) => {
    const sum = new RowChecksum();
    for await (const batch of lake.read({ table: bars, ...EVER })) sum.add(batch);
    return sum;
  });

const filesOfDays = () =>
  inLake(async (lake) => (await lake.partitions('bars')).map(({ files }) => files.length));

describe(`a year of ${ROWS} seeded minutes, by processes that are killed in the middle`, () => {
  it(
    'is archived: the lake has every row, the store none',
    async () => {
      const kills = await killed('archive', PIECE_ROWS, 2 * 2 * YEAR.days, KILLS + 1);

      expect(kills).toBeGreaterThan(0);
      expect(before.rows).toBe(ROWS);
      expect((await storeSum('store')).rows).toBe(0);
      expect((await lakeSum()).hex).toBe(before.hex);
      expect(await filesOfDays()).toEqual(Array.from({ length: YEAR.days }, () => 2));
    },
    MS_MAX,
  );

  it(
    'is consolidated: one file a day, the same rows',
    async () => {
      const kills = await killed('compact', WHOLE_ROWS, 4 * YEAR.days);

      expect(kills).toBeGreaterThan(0);
      expect((await lakeSum()).hex).toBe(before.hex);
      expect(await filesOfDays()).toEqual(Array.from({ length: YEAR.days }, () => 1));
    },
    MS_MAX,
  );

  it(
    'is restored: the store has every row again, and the lake still',
    async () => {
      const kills = await killed('restore', WHOLE_ROWS, YEAR.days);

      expect(kills).toBeGreaterThan(0);
      expect((await storeSum('store')).hex).toBe(before.hex);
      expect((await lakeSum()).hex).toBe(before.hex);
    },
    MS_MAX,
  );

  it(
    'is backed up, and comes back into an empty store',
    async () => {
      const kills = await killed('backup', WHOLE_ROWS, 2 * YEAR.days);
      await live('return', WHOLE_ROWS, undefined);

      expect(kills).toBeGreaterThan(0);
      expect((await storeSum('again')).hex).toBe(before.hex);
      expect((await storeSum('store')).hex).toBe(before.hex);
    },
    MS_MAX,
  );
});
