import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeFailure } from '../../../src/cli/failures.ts';
import type { StoreAction, StoreOptions } from '../../../src/cli/store-options.ts';
import { storeVerb } from '../../../src/compose/store-verb.ts';
import { openDuckDbStore, STORE_FILE } from '../../../src/store/duckdb/duckdb-store.ts';
import { claimDataDirectory } from '../../../src/store/journal/session-lock.ts';
import { EVER } from '../../../src/store/lake/lake.ts';
import { sumOf } from '../../../src/store/lifecycle/lifecycle-tools.ts';
import type { RowBatch, TableDeclaration } from '../../../src/ports/time-series.ts';
import { incidents } from '../../../src/store/tables/decisions.ts';
import { bars } from '../../../src/store/tables/market.ts';
import { layoutTable } from '../../../src/store/tables/rows.ts';
import { TABLES } from '../../../src/store/tables/tables.ts';
import { seededMinutes } from '../../seeded-minutes.ts';
import { CollectingTerminal } from '../cli/collecting-terminal.ts';

const root = mkdtempSync(join(tmpdir(), 'strata-store-verbs-'));
const dataDir = join(root, 'data');
const settings = join(root, 'settings.yaml');
const layout = layoutTable('features', '0123456789abcdef', ['rsi14', 'return5']);
afterAll(() => rmSync(root, { recursive: true, force: true }));

const YEAR_AGO_US = (Date.now() - 366 * 86_400_000) * 1_000;
const ROWS = 3 * 4 * 5;

const incident: RowBatch = {
  table: incidents,
  rows: 1,
  columns: [
    Float64Array.of(YEAR_AGO_US),
    ['s-1'],
    Float64Array.of(1),
    Float64Array.of(0),
    ['warn'],
    ['TEST'],
    ['a subject'],
    ['long ago'],
  ],
};

const features: RowBatch = {
  table: layout,
  rows: 1,
  columns: [
    Float64Array.of(YEAR_AGO_US),
    ['S000'],
    ['seeded'],
    ['s-1'],
    Float64Array.of(1),
    Float64Array.of(55),
    Float64Array.of(Number.NaN),
  ],
};

/** Before any verb changed it. */
let whole: Readonly<Record<'bars' | 'layout', Awaited<ReturnType<typeof checksum>>>>;

beforeAll(async () => {
  writeFileSync(settings, 'store:\n  lake: { buckets: 2 }\n  lifecycle: { freeMbMin: 0 }\n');
  const store = await openDuckDbStore({ file: join(dataDir, STORE_FILE) });
  await store.migrate([...TABLES, layout]);
  const minutes = { seed: 1, symbols: 3, days: 4, minutes: 5, step: 10 };
  for (const batch of [...seededMinutes(minutes), incident, features]) await store.append(batch);
  await store.close();
  whole = { bars: await checksum(bars), layout: await checksum(layout) };
});

interface Said {
  readonly code: number;
  readonly out: string;
  readonly json: Readonly<Record<string, unknown>>;
}

async function run(
  action: StoreAction,
  changes: Partial<StoreOptions> = {},
  environment: Readonly<Record<string, string>> = {},
): Promise<Said> {
  const terminal = new CollectingTerminal();
  const options: StoreOptions = {
    dataDir,
    config: settings,
    isJson: false,
    profile: 'demo',
    isApplied: false,
    action,
    ...changes,
  };
  const code = await storeVerb(options, terminal, environment);
  const json: unknown = options.isJson ? JSON.parse(terminal.out) : {};
  return { code, out: terminal.out, json: Object.fromEntries(Object.entries(json ?? {})) };
}

const apply = (action: StoreAction, changes: Partial<StoreOptions> = {}) =>
  run(action, { isApplied: true, ...changes });

async function checksum(table: TableDeclaration, directory = dataDir) {
  const store = await openDuckDbStore({ file: join(directory, STORE_FILE) });
  try {
    const { rows, hex } = await sumOf(store, table, EVER);
    return { rows, hex };
  } finally {
    await store.close();
  }
}

/** Tables of the lake, as `strata store status` tells them. */
async function lakeOf(directory: string): Promise<string> {
  const { json } = await run({ kind: 'status' }, { dataDir: directory, isJson: true });
  return JSON.stringify(json['lake']).replace(directory, '');
}

const ARCHIVE: StoreAction = { kind: 'archive', tables: [] };
const RESTORE = {
  kind: 'restore',
  tables: [],
  from: undefined,
  until: undefined,
  session: undefined,
  backup: undefined,
} as const;

/**
 * Each opens the store several times, a thread each: a loaded machine takes long for that, and a
 * test that was given up would go on with the store and be in the way of the next ones.
 */
const PATIENT = { timeout: 90_000 };

describe('strata store', PATIENT, () => {
  it('says what it would archive, and changes nothing', async () => {
    const before = await checksum(bars);
    const said = await run(ARCHIVE);

    expect(said.code).toBe(0);
    expect(said.out).toMatch(/bars 2025-01-01 to 2025-01-31: \d+ rows/);
    expect(said.out).toContain(`${ROWS + 1} rows of`);
    expect(said.out).toContain('--apply');
    expect(existsSync(join(dataDir, 'lake'))).toBe(false);
    expect(await checksum(bars)).toEqual(before);
  });

  it('refuses to fill the disk, and drops nothing then', async () => {
    const full = join(root, 'full.yaml');
    writeFileSync(full, 'store:\n  lifecycle: { freeMbMin: 900000000 }\n');
    const before = await checksum(bars);

    await expect(apply(ARCHIVE, { config: full })).rejects.toMatchObject({ code: 'LAKE_FULL' });
    expect(await checksum(bars)).toEqual(before);
  });

  it('archives, and leaves facts where they are', async () => {
    const fact = await checksum(incidents);
    await apply(ARCHIVE);

    expect((await checksum(bars)).rows).toBe(0);
    expect((await checksum(layout)).rows).toBe(0);
    expect(await checksum(incidents)).toEqual(fact);
    const { json, code } = await run({ kind: 'status' }, { isJson: true });
    expect(code).toBe(0);
    expect(json['due']).toEqual({ parts: 0, rows: 0 });
    expect(JSON.stringify(json['lake'])).toContain(`"rows":${ROWS}`);
  });

  it('restores the days that it is asked for', async () => {
    await apply({ ...RESTORE, tables: ['bars'], until: 20_250_131 });

    const { rows } = await checksum(bars);
    expect(rows).toBeGreaterThan(0);
    expect(rows).toBeLessThan(ROWS);
  });

  it('restores all the rest, to the bit', async () => {
    const { rows } = await checksum(bars);
    const said = await apply(RESTORE);

    expect(said.out).toContain(`${rows} rows were there already and stay`);
    expect(await checksum(bars)).toEqual(whole.bars);
    expect(await checksum(layout)).toEqual(whole.layout);
  });

  it('joins what lies in pieces, and says before what it would join', async () => {
    const { out } = await run({ kind: 'compact', tables: [] });
    expect(out).toContain('0 files of 0 partitions');
    expect(out).toMatch(/bars 2025-01-01 to 2025-01-31: \d+ rows by symbol/);
    expect(out).toContain('would be arranged by symbol');
    expect(out).toContain('--apply');
    writeFileSync(join(dataDir, 'lake', strayIn(join(dataDir, 'lake'))), 'half');
    const dry = await run({ kind: 'compact', tables: ['bars'] }, { isJson: true });
    expect(JSON.stringify(dry.json)).toContain('"strays":1');
    const before = await checksum(bars);
    const done = await apply({ kind: 'compact', tables: [] });
    expect(done.out).toContain('were arranged by symbol');
    expect(await checksum(bars)).toEqual(before);
    const after = await run({ kind: 'compact', tables: [] });
    expect(after.out).toContain('0 files that no manifest names would be removed');
    expect(after.out).toContain('0 rows of 0 parts would be arranged');
    expect(after.out).not.toContain('--apply');
  });

  it('arranges one table of the store where one is named, and not on a full disk', async () => {
    const store = await openDuckDbStore({ file: join(dataDir, STORE_FILE) });
    for (const batch of seededMinutes({ seed: 1, symbols: 3, days: 4, minutes: 5, step: 10 })) {
      await store.append(batch);
    }
    await store.close();
    const full = join(root, 'full.yaml');
    writeFileSync(full, 'store:\n  lifecycle: { freeMbMin: 900000000 }\n');
    const compact: StoreAction = { kind: 'compact', tables: ['bars'] };
    await expect(apply(compact, { config: full })).rejects.toMatchObject({ code: 'LAKE_FULL' });
    const unknown: StoreAction = { kind: 'compact', tables: ['barz'] };
    await expect(run(unknown)).rejects.toThrow('there is no table barz');
    const other = await run({ kind: 'compact', tables: ['trades'] });
    expect(other.out).toContain('0 rows of 0 parts would be arranged');
    expect((await apply(compact)).out).toContain(`${ROWS} rows of`);
  });

  it('backs up to an empty folder, and brings all back into an empty data directory', async () => {
    const to = join(root, 'backup');
    const dry = await run({ kind: 'backup', to });
    expect(dry.out).toContain(`${ROWS + 2} rows would be copied`);
    expect(existsSync(to)).toBe(false);
    await apply({ kind: 'backup', to });
    await expect(apply({ kind: 'backup', to })).rejects.toThrow('name an empty place');
    const other = join(root, 'other');
    await apply({ ...RESTORE, backup: to }, { dataDir: other });

    for (const table of [bars, incidents, layout]) {
      expect(await checksum(table, other)).toEqual(await checksum(table));
    }
    const [here, there] = await Promise.all([lakeOf(dataDir), lakeOf(other)]);
    expect(here).toContain('"name":"bars"');
    expect(there).toBe(here);
    // Out of the files that came back, not by their manifests alone.
    rmSync(join(other, STORE_FILE));
    await apply(RESTORE, { dataDir: other });
    expect(await checksum(bars, other)).toEqual(whole.bars);
  });

  it('says which partitions of the lake a backup could not bring back', async () => {
    const [to, other] = [join(root, 'thin-backup'), join(root, 'thin')];
    const elsewhere = join(root, 'elsewhere.yaml');
    writeFileSync(elsewhere, `store:\n  lake: { directory: ${join(root, 'elsewhere')} }\n`);
    await apply({ kind: 'backup', to });
    // As of a bucket, of which a backup has the manifests alone.
    const manifest = join(to, 'backup.json');
    const thin = readFileSync(manifest, 'utf8').replaceAll(
      /\{"path":"[^"]*\.parquet"[^}]*\},/g,
      '',
    );
    writeFileSync(manifest, thin);
    const said = await apply({ ...RESTORE, backup: to }, { dataDir: other, config: elsewhere });

    expect(said.out).toMatch(/\d+ partitions of the lake did not come back: .*elsewhere has not/);
  });

  it('says that an engine holds the store, and waits for it with all that changes it', async () => {
    const claim = await claimDataDirectory(dataDir, {
      describe: () => ({ sessionId: 'demo-1', sinceUs: 1 }),
      answer: () => Promise.resolve({}),
      fault: () => undefined,
    });
    try {
      const status = await run({ kind: 'status' });
      expect(status.code).toBe(0);
      expect(status.out).toContain(`process ${process.pid}, session demo-1`);
      await expect(run(ARCHIVE)).rejects.toMatchObject({ code: 'STORE_LOCKED' });
      const refused = await apply(ARCHIVE).catch((error: unknown) => error);
      expect(describeFailure(refused).what).toContain('held by process');
      expect(describeFailure(refused).action).toContain('strata status');
    } finally {
      await claim.release();
    }
  });

  it('names a table or a session that is not there', async () => {
    await expect(run({ kind: 'archive', tables: ['bars', 'wrong'] })).rejects.toThrow(
      /no table wrong in the store, only .*bars/,
    );
    const said = await run({ ...RESTORE, session: 'nobody' });
    expect(said.code).toBe(2);
  });

  it('names the variable that a bucket needs, and that it has none', async () => {
    const bucket = join(root, 'bucket.yaml');
    writeFileSync(bucket, 'store:\n  lake: { kind: bucket, bucket: some-bucket }\n');

    await expect(run({ kind: 'status' }, { config: bucket })).rejects.toThrow(
      'STRATA_LAKE_ACCESS_KEY',
    );
    await expect(run({ kind: 'status' }, { config: bucket })).rejects.toMatchObject({
      code: 'LAKE_REFUSED',
    });
  });

  it('has nothing to do, and makes nothing, where there is no store', async () => {
    const nothing = join(root, 'nothing');
    const status = await run({ kind: 'status' }, { dataDir: nothing });
    const archive = await run(ARCHIVE, { dataDir: nothing });

    expect(status.out).toContain('a session makes it, or strata store migrate --apply');
    expect(archive.out).toContain('there is no store yet');
    expect(existsSync(nothing)).toBe(false);
  });
});

/** A name beside the files of some partition. */
function strayIn(lake: string): string {
  const paths = readdirSync(lake, { recursive: true, encoding: 'utf8' });
  const path = paths.find((one) => one.startsWith('bars') && one.endsWith('.parquet')) ?? '';
  return path.replace(/[^/]+$/, '000099-00000000.parquet');
}
