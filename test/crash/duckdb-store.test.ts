import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TimeSeriesStore } from '../../src/ports/time-series.ts';
import { openDuckDbStore } from '../../src/store/duckdb/duckdb-store.ts';
import { bars } from '../../src/store/tables/market.ts';
import { barRows, START_US } from './store-rows.ts';

const WRITER = fileURLToPath(new URL('store-writer.ts', import.meta.url));
const LOADER = fileURLToPath(new URL('../typescript-threads.mjs', import.meta.url));
const ROWS = 1_000;

let folder = '';
let file = '';
const children = new Set<ChildProcess>();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strata-store-'));
  file = join(folder, 'store', 'strata.duckdb');
});

afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts a process that appends, and hands over its lines. */
function startWriter(batches: number, rows: number, limit = ''): Writer {
  const args = ['--import', LOADER, WRITER, file, String(batches), String(rows)];
  const command = `${limit} exec "$0" "$@"`;
  const child = spawn('bash', ['-c', command, process.execPath, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.add(child);
  return { child, lines: createInterface({ input: child.stdout }) };
}

interface Writer {
  readonly child: ChildProcess;
  readonly lines: AsyncIterable<string>;
}

async function withStore<Value>(use: (store: TimeSeriesStore) => Promise<Value>): Promise<Value> {
  const store = await openDuckDbStore({ file });
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

/** How many bars there are; each is looked at. */
async function countBars(store: TimeSeriesStore): Promise<number> {
  let rows = 0;
  const all = { table: bars, fromUs: START_US, untilUs: Number.MAX_SAFE_INTEGER };
  for await (const batch of store.read(all)) {
    const wanted = barRows(rows, batch.rows);
    for (const [place, column] of batch.columns.entries()) {
      expect(column).toEqual(wanted.columns[place]);
    }
    rows += batch.rows;
  }
  return rows;
}

describe('the embedded store and a process that is killed', () => {
  it.each([1, 4, 9])(
    'holds whole and right what was acknowledged by then, after %i batches (J1)',
    async (kills) => {
      const { child, lines } = startWriter(1_000, ROWS);
      let acked = 0;
      for await (const line of lines) {
        if (line.startsWith('ack ')) acked = Number(line.slice(4));
        if (acked === kills) child.kill('SIGKILL');
      }
      const rows = await withStore(countBars);

      expect(rows).toBeGreaterThanOrEqual(acked * ROWS);
      // A batch is there whole or not at all, and at most one was on its way.
      expect([0, ROWS]).toContain(rows - acked * ROWS);
    },
    60_000,
  );

  it('is locked while another process has it, and says which', async () => {
    const { child, lines } = startWriter(100_000, 1);
    for await (const line of lines) if (line === 'open') break;
    const refused = openDuckDbStore({ file });

    await expect(refused).rejects.toMatchObject({ code: 'STORE_LOCKED' });
    await expect(refused).rejects.toThrow(`PID ${child.pid}`);
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(await withStore(countBars)).toBeGreaterThanOrEqual(0);
  }, 60_000);
});

describe('the embedded store and a disk that is full', () => {
  it('refuses what has no room by name, keeps what it had, and takes rows again', async () => {
    const blocks = 8_000;
    const { lines } = startWriter(1_000, 10_000, `ulimit -f ${blocks};`);
    const said: string[] = [];
    for await (const line of lines) said.push(line);
    const acked = said.filter((line) => line.startsWith('ack ')).length;

    expect(acked).toBeGreaterThan(0);
    expect(said.at(-2)).toMatch(/^STORE_FULL .*rows into bars/);
    expect(said.at(-1)).toBe('closed');
    await withStore(async (store) => {
      expect(await countBars(store)).toBe(acked * 10_000);
      await store.append(barRows(acked * 10_000, 10_000));
      expect(await countBars(store)).toBe((acked + 1) * 10_000);
    });
  }, 60_000);
});

describe('a damaged file of the embedded store', () => {
  beforeEach(async () => {
    await withStore(async (store) => {
      await store.migrate([bars]);
      await store.append(barRows(0, 20_000));
    });
  });

  it.each([
    ['is not of the database', () => Buffer.from('not a database, but long enough'.repeat(900))],
    ['was cut short', (bytes: Buffer) => bytes.subarray(0, 9_000)],
    ['has other bytes in its first blocks', (bytes: Buffer) => bytes.fill(0x58, 4_200, 13_000)],
  ])('that %s is refused by name and left as it is', async (_, damage) => {
    const bytes = damage(readFileSync(file));
    writeFileSync(file, bytes);
    const refused = openDuckDbStore({ file });

    await expect(refused).rejects.toMatchObject({ code: 'STORE_DAMAGED' });
    await expect(refused).rejects.toThrow(file);
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });

  it('is told from rows that cannot be read, not only when it is opened', async () => {
    const bytes = readFileSync(file);
    // Where the rows are: the first blocks say what there is.
    bytes.fill(0x58, 274_432 + 100, statSync(file).size - 100);
    writeFileSync(file, bytes);
    const found = await openDuckDbStore({ file }).then(
      async (store) => {
        const read = await countBars(store).catch((error: unknown) => error);
        await store.close();
        return read;
      },
      (error: unknown) => error,
    );

    expect(found).toMatchObject({ code: 'STORE_DAMAGED' });
  });
});
