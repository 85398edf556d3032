import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDuckDbStore, STORE_FILE } from '../../../src/store/duckdb/duckdb-store.ts';
import { owningDirectory } from '../../../src/compose/store-claim.ts';
import { countRecords, writeTextFile } from '../../../src/compose/export-text.ts';
import { latency } from '../../../src/store/tables/latency.ts';
import { bars } from '../../../src/store/tables/market.ts';
import { barRows } from '../../crash/store-rows.ts';
import { Workplace } from './workplace.ts';

const place = new Workplace();
const out = join(place.dataDir, 'out');
const FEED = 'a "feed", of\r\nours';
const ROWS = 3_000;

beforeAll(async () => {
  mkdirSync(out);
  const store = await openDuckDbStore({ file: join(place.dataDir, STORE_FILE) });
  await store.migrate([bars, latency]);
  for (const symbol of ['AAPL', 'MSFT']) {
    const rows = barRows(0, ROWS, symbol);
    const columns = rows.columns.with(
      2,
      Array.from({ length: ROWS }, () => FEED),
    );
    const vwap = Float64Array.from({ length: ROWS }, (_, at) => (at % 2 === 0 ? at : Number.NaN));
    await store.append({ ...rows, columns: columns.with(9, vwap) });
  }
  await store.close();
});

afterAll(() => place.remove());

/** As another program reads a file. */
async function readElsewhere(query: string): Promise<readonly (readonly unknown[])[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const rows = await (await connection.run(query)).getRowsJson();
  connection.closeSync();
  instance.closeSync();
  return rows;
}

describe('strata query', () => {
  it('shows a table, says how many rows there are, and cuts what is too many', async () => {
    const text = 'SELECT symbol, count(*) AS n, NULL AS nothing FROM bars GROUP BY 1 ORDER BY 1';

    expect(await place.run('query', text)).toEqual({
      exitCode: 0,
      out: [
        'symbol     n  nothing',
        '------  ----  -------',
        'AAPL    3000  -',
        'MSFT    3000  -',
        '',
      ].join('\n'),
      errors: '2 rows\n',
    });
    const cut = await place.run('query', 'SELECT * FROM range(5000) AS many(x)');
    expect(cut.out.split('\n')).toHaveLength(1_000 + 3);
    expect(cut.errors).toMatch(/^1,000 rows, and there are more/);
    const one = await place.run('query', 'SELECT * FROM range(5000) AS many(x)', '--limit', '1');
    expect(one.out).toBe('x\n-\n0\n');
  });

  it('says which tables there are, where it is asked nothing', async () => {
    const tables = await place.run('query');

    expect(tables.exitCode).toBe(0);
    expect(tables.out).toBe(
      [`bars     6,000  ${bars.tells}`, `latency      0  ${latency.tells}`, ''].join('\n'),
    );
    expect(tables.errors).toContain('--tables NAME');
  });

  it('says what the columns of a table hold', async () => {
    const { out: text } = await place.run('query', '--tables', 'bars');
    expect(text).toContain('  vwap       double  dollars; NaN: not told\n');
    expect(text).toContain('  one row for each start_us, symbol, feed, timeframe\n');
    expect(text).not.toContain(latency.tells);

    const all = await place.run('query', '--tables', '--json');
    const { tables } = JSON.parse(all.out);
    expect(tables).toMatchObject([
      { name: 'bars', rows: 2 * ROWS, columns: bars.columns.map(({ name }) => ({ name })) },
      { name: 'latency', rows: 0 },
    ]);
    const csv = await place.run('query', '--tables', '--csv');
    expect(csv.out).toContain('bars,vwap,double,dollars; NaN: not told\r\n');
  });

  it('names the tables that there are where another is wanted, and asks one thing', async () => {
    const wrong = await place.run('query', '--tables', 'bras');
    expect(wrong.exitCode).toBe(1);
    expect(wrong.errors).toContain('no table bras in the store, only bars, latency');
    const both = await place.run('query', 'SELECT 1', '--tables');
    expect(both).toMatchObject({ exitCode: 1, out: '' });
    expect(both.errors).toContain('--tables asks nothing else');
  });

  it('keeps what texts hold from the terminal', async () => {
    const { out: shown } = await place.run('query', "SELECT chr(27) || '[31mred' AS text");

    expect(shown).toContain('�[31mred');
  });

  it('answers all rows as CSV and as one JSON value', async () => {
    const text = 'SELECT start_us, feed, vwap FROM bars ORDER BY symbol, start_us';
    const csv = await place.run('query', text, '--csv');

    expect(csv.out.startsWith('start_us,feed,vwap\r\n')).toBe(true);
    expect(csv.out.split('"a ""feed"", of\r\nours"')).toHaveLength(2 * ROWS + 1);
    expect(csv.errors).toBe('');
    const { value } = await place.json('query', text);
    expect(value).toMatchObject({ names: ['start_us', 'feed', 'vwap'], hasMore: false });
    expect(Object(value['rows'])).toHaveLength(2 * ROWS);
    expect(Object(value['rows'])[1]).toEqual(['2026-01-02T00:01:00.000000Z', FEED, null]);
    const none = await place.json('query', 'SELECT symbol FROM bars WHERE false');
    expect(none.value).toEqual({ names: ['symbol'], rows: [], hasMore: false });
    const few = await place.json('query', text, '--limit', '2');
    expect(few.value).toMatchObject({ hasMore: true });
    expect(Object(few.value['rows'])).toHaveLength(2);
  });

  it('refuses what does more than read, and what it does not understand', async () => {
    for (const text of ['DROP TABLE bars', 'SELEKT', 'SELECT * FROM nothing_here', '']) {
      const { exitCode, out: said, errors } = await place.run('query', text);

      expect([exitCode, said]).toEqual([1, '']);
      expect(errors).toContain('STORE_REFUSED');
    }
  });

  it('says where there is no store, and who holds it', async () => {
    const empty = new Workplace();
    const missing = await empty.run('query', 'SELECT 1');
    empty.remove();

    expect(missing.exitCode).toBe(2);
    expect(missing.errors).toContain('there is no store in');
    await owningDirectory(place.dataDir, 'test', async () => {
      const held = await place.run('query', 'SELECT 1');

      expect(held.exitCode).toBe(1);
      expect(held.errors).toMatch(/is held by process \d+/);
      expect(held.errors).toContain('STORE_LOCKED');
    });
  });
});

describe('strata export', () => {
  it.each([
    ['csv', (path: string) => `read_csv('${path}', header = true, new_line = '\\r\\n')`],
    ['ndjson', (path: string) => `read_json('${path}', format = 'newline_delimited')`],
    ['parquet', (path: string) => `read_parquet('${path}')`],
  ] as const)('writes %s that another program reads right', async (format, reading) => {
    const path = join(out, `some.${format}`);
    const words = ['export', 'bars', '--format', format, '--out', path, '--symbols', 'MSFT'];
    const { exitCode, value } = await place.json(...words, '--from', '2026-01-03');

    // The second day has the bars from 1440 on, the third ends with the last.
    expect([exitCode, value['rows']]).toEqual([0, ROWS - 1_440]);
    const wanted = barRows(1_440, 1);
    const [row] = await readElsewhere(
      `SELECT count(*)::INTEGER, count(vwap)::INTEGER, min(symbol), max(feed),
         epoch_us(min(start_us)::TIMESTAMP)::VARCHAR, arg_min(open, start_us)
       FROM ${reading(path)}`,
    );
    expect(row).toEqual([
      ROWS - 1_440,
      (ROWS - 1_440) / 2,
      'MSFT',
      FEED,
      String(wanted.columns[0]?.[0]),
      wanted.columns[4]?.[0],
    ]);
    expect(readdirSync(out).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('ends with the day that is named, or before the moment', async () => {
    const path = join(out, 'day.csv');
    const words = ['export', 'bars', '--out', path, '--symbols', 'AAPL', '--force'];
    const day = await place.json(...words, '--to', '2026-01-02');
    const moment = await place.json(...words, '--to', '2026-01-02T00:10:00Z');

    expect([day.value['rows'], moment.value['rows']]).toEqual([1_440, 10]);
    expect((await place.run(...words, '--to', 'yesterday')).exitCode).toBe(1);
  });

  it('refuses a span that ends before it begins, and makes no file', async () => {
    const file = join(out, 'backwards.csv');
    const span = ['--from', '2024-06-04', '--to', '2024-06-03'];
    const said = await place.run('export', 'bars', ...span, '--out', file);

    expect(said.exitCode).toBe(1);
    expect(said.errors).toContain('--from is not before --to');
    expect(existsSync(file)).toBe(false);
  });

  it('replaces a file only where it is told to, and leaves none where it fails', async () => {
    const path = join(out, 'mine.csv');
    writeFileSync(path, 'mine');
    const words = ['export', 'bars', '--out', path];
    const refused = await place.run(...words);

    expect([refused.exitCode, readFileSync(path, 'utf8')]).toEqual([1, 'mine']);
    expect((await place.run(...words, '--force')).exitCode).toBe(0);
    expect(countRecords(path, 'csv')).toBe(2 * ROWS);
    const blocked = join(path, 'below', 'a-file.csv');
    expect((await place.run('export', 'bars', '--out', blocked)).exitCode).toBe(1);
    expect(existsSync(blocked)).toBe(false);
  });

  it('says which tables there are, and of which symbols cannot be asked', async () => {
    const path = join(out, 'none.csv');
    const missing = await place.run('export', 'nothing_here', '--out', path);
    const without = await place.run('export', 'latency', '--out', path, '--symbols', 'AAPL');

    expect(missing.exitCode).toBe(2);
    expect(missing.errors).toContain('It has bars, latency.');
    expect(without.exitCode).toBe(1);
    expect(without.errors).toContain('rows of latency have no symbols');
    expect(existsSync(path)).toBe(false);
    const empty = await place.json('export', 'latency', '--out', path);
    expect(empty.value).toMatchObject({ rows: 0 });
    expect(readFileSync(path, 'utf8')).toBe(
      `${latency.columns.map(({ name }) => name).join()}\r\n`,
    );
  });

  it('tells rows of a file that holds fewer than were written', async () => {
    const path = join(out, 'short.csv');
    await writeTextFile(path, 'csv', bars, one());
    const bytes = readFileSync(path);

    expect(countRecords(path, 'csv')).toBe(100);
    writeFileSync(path, bytes.subarray(0, bytes.length / 2));
    expect(countRecords(path, 'csv')).toBeLessThan(100);
  });
});

async function* one() {
  yield await Promise.resolve(barRows(0, 100));
}
