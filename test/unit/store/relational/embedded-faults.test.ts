import { execFile, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseJson } from '../../../../src/core/json.ts';
import type { Database } from '../../../../src/store/relational/database.ts';
import { lazyDatabase } from '../../../../src/store/relational/lazy-database.ts';
import { openEmbedded } from '../../../../src/store/relational/pglite-database.ts';
import {
  migrateRelational,
  openRelational,
} from '../../../../src/store/relational/relational-store.ts';

const room = mkdtempSync(join(tmpdir(), 'strata-relational-'));
const template = join(room, 'template');
const OPTIONS = { schema: 's', statementMsMax: 30_000 };
/** Making one takes seconds on a busy machine, and every test works on a copy. */
const SLOW_MS = 120_000;

beforeAll(async () => {
  const database = await openEmbedded({ directory: template, ...OPTIONS });
  await database.transact((sql) => sql.script('create schema s; create table kept (x text)'));
  await database.close();
}, SLOW_MS);
afterAll(() => rmSync(room, { recursive: true, force: true }));

describe('the embedded database', () => {
  it('touches nothing before it is first asked, nor in a dry run', async () => {
    const dataDirectory = join(room, 'untouched');
    const options = { kind: 'embedded', dataDirectory, ...SERVER } as const;
    const store = openRelational(options);

    const report = await migrateRelational(options, { isDryRun: true });
    await store.close();

    expect(report).toMatchObject({ from: 0, to: report.steps.length });

    expect(existsSync(dataDirectory)).toBe(false);
    await expect(store.status()).rejects.toMatchObject({ code: 'STORE_AWAY' });
  });

  it(
    'is opened by one process at a time, and keeps what a killed one had committed',
    async () => {
      const directory = copy('killed');
      const holder = fork(join(import.meta.dirname, 'holder.ts'), [directory]);
      await once(holder, 'message');

      await expect(openEmbedded({ directory, ...OPTIONS })).rejects.toMatchObject({
        code: 'STORE_LOCKED',
        message: expect.stringContaining(`process ${holder.pid}`),
      });
      holder.kill('SIGKILL');
      await once(holder, 'exit');

      expect(await kept(directory)).toEqual([{ x: 'committed' }]);
    },
    SLOW_MS,
  );

  it.each([
    ['control file', 'global/pg_control'],
    ['version', 'PG_VERSION'],
  ])(
    'says which directory has a damaged %s, and lets go of it',
    async (_, file) => {
      const directory = copy(`damaged-${file.replace('/', '-')}`);
      writeFileSync(join(directory, 'pg', file), randomBytes(64));

      await expect(openEmbedded({ directory, ...OPTIONS })).rejects.toMatchObject({
        code: 'STORE_DAMAGED',
        message: expect.stringContaining(directory),
      });
      cpSync(join(template, 'pg', file), join(directory, 'pg', file));
      expect(await kept(directory)).toEqual([]);
    },
    SLOW_MS,
  );

  it(
    'is made anew where its process died while it made it',
    async () => {
      const directory = join(room, 'unfinished');
      mkdirSync(join(directory, 'pg.new', 'base'), { recursive: true });
      writeFileSync(join(directory, 'pg.new', 'PG_VERSION'), '18');

      const database = await openEmbedded({ directory, ...OPTIONS });

      expect(await database.query('select 1 as one')).toEqual([{ one: '1' }]);
      expect(existsSync(join(directory, 'pg.new'))).toBe(false);
      await database.close();
    },
    SLOW_MS,
  );

  it('is not opened where a file is in its way', async () => {
    const directory = join(room, 'file');
    writeFileSync(directory, '');

    await expect(openEmbedded({ directory, ...OPTIONS })).rejects.toMatchObject({
      code: 'STORE_REFUSED',
      message: expect.stringContaining(directory),
    });
  });

  it(
    'gives up a question that takes too long, and answers the next one with all it had',
    async () => {
      const directory = copy('slow');
      const statementMsMax = 5_000;
      let opened = 0;
      const database = lazy(async () => {
        opened += 1;
        if (opened === 2) throw new Error('not at this moment');
        return await openEmbedded({ directory, schema: 's', statementMsMax });
      });
      await database.query(`insert into kept values ('before')`);

      const endless = 'insert into kept select count(*)::text from generate_series(1, 1e12)';
      await expect(database.query(endless)).rejects.toMatchObject({
        code: 'STORE_AWAY',
        message: expect.stringContaining('5000 ms'),
      });
      await expect(database.query('select x from kept')).rejects.toThrow('not at this moment');
      expect(await database.query('select x from kept')).toEqual([{ x: 'before' }]);
      await database.close();
    },
    SLOW_MS,
  );

  it(
    'says that there is no room, and has every row that it acknowledged',
    async () => {
      const directory = copy('full');
      const filler = join(import.meta.dirname, 'filler.ts');
      // 40,000 blocks of 512 bytes: its first log fits, and a table of 20 MB is one file too large.
      const limited = 'ulimit -f 40000; exec "$0" "$@"';
      const node = [process.execPath, ...process.execArgv, filler, directory];
      const { stdout } = await promisify(execFile)('sh', ['-c', limited, ...node]);
      const said = parseJson(stdout);

      expect(said).toMatchObject({ code: 'STORE_FULL', next: 'STORE_FULL' });
      const rows = await kept(directory);
      expect(rows).toHaveLength(Number(Reflect.get(Object(said), 'acknowledged')));
    },
    SLOW_MS,
  );

  it(
    'answers nothing more once its lock was removed by hand',
    async () => {
      const directory = copy('unlocked');
      const database = await openEmbedded({ directory, ...OPTIONS });
      rmSync(join(directory, 'engine.sock'));

      await expect(database.query('select 1')).rejects.toMatchObject({ code: 'STORE_LOCKED' });
      await database.close();
    },
    SLOW_MS,
  );

  it(
    'is opened once for all who ask at once, and again after it would not open',
    async () => {
      let opened = 0;
      const database = lazy(async () => {
        opened += 1;
        if (opened === 1) throw new Error('not yet');
        return await openEmbedded({ directory: copy('asked'), ...OPTIONS });
      });

      await expect(database.query('select 1')).rejects.toThrow('not yet');
      await Promise.all([1, 2, 3].map(() => database.query('select 1')));

      expect(opened).toBe(2);
      await database.close();
      await expect(database.query('select 1')).rejects.toMatchObject({ code: 'STORE_AWAY' });
    },
    SLOW_MS,
  );
});

function copy(name: string): string {
  const directory = join(room, name);
  cpSync(template, directory, { recursive: true });
  return directory;
}

async function kept(directory: string): Promise<readonly unknown[]> {
  const database = await openEmbedded({ directory, ...OPTIONS });
  try {
    return await database.query('select x from kept order by x');
  } finally {
    await database.close();
  }
}

function lazy(open: () => Promise<Database>): Database {
  return lazyDatabase({ kind: 'pglite', schema: 's', place: 'here', open });
}

/** What an embedded store does not look at. */
const SERVER = {
  ...OPTIONS,
  host: '127.0.0.1',
  port: 1,
  database: 'none',
  user: 'none',
  tls: 'off',
  password: undefined,
  passwordVariable: 'NONE',
  connectionsMax: 1,
  connectMsMax: 100,
} as const;
