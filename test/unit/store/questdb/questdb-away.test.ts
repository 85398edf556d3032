import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StoreError } from '../../../../src/ports/store-error.ts';
import type { Appended, RowBatch, TimeSeriesStore } from '../../../../src/ports/time-series.ts';
import { openQuestDb } from '../../../../src/store/questdb/questdb.ts';
import { BARS, rowsFrom as anyRowsFrom } from '../sink/sink-scene.ts';
import { FakeQuestDb, type Fault } from './fake-questdb.ts';

const SILENCE_MS = 300;

let server: FakeQuestDb;
let store: TimeSeriesStore;

beforeEach(async () => {
  server = new FakeQuestDb();
  await server.start();
  store = openQuestDb({ url: server.url, silenceMsMax: SILENCE_MS, applyMsMax: 400 });
});

afterEach(async () => {
  await store.close();
  await server.stop();
});

/** Their lines hold no byte of a line's end but at the end. */
function rowsFrom(from: number, rows = 1): RowBatch {
  const batch = anyRowsFrom(from, rows);
  const empty = Array.from({ length: rows }, () => new Float64Array(0));
  return { ...batch, columns: batch.columns.with(2, new Float64Array(rows)).with(4, empty) };
}

/** As whoever keeps the batch does. */
async function untilSettled(batch: RowBatch): Promise<Appended> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await store.append(batch);
    } catch (error) {
      const isAway = error instanceof StoreError && error.code === 'STORE_AWAY';
      if (!isAway || tries === 3) throw error;
    }
  }
}

function symbols(): readonly string[] {
  return server.taken.map((line) => /symbol=(S\d+)/.exec(line)?.[1] ?? '');
}

const FAULTS: readonly (readonly [what: string, fault: Fault])[] = [
  ['answers 503', (_, response) => response.writeHead(503).end('{"message":"busy"}')],
  ['answers 500', (_, response) => response.writeHead(500).end()],
  ['closes the connection', (request) => request.socket.destroy()],
  ['closes it in the middle of a head', (request) => request.socket.end('HTTP/1.1 20')],
  ['says nothing', () => {}],
  ['speaks of other things', (request) => request.socket.end('220 mail.example ESMTP\r\n')],
];

describe('a QuestDB that cannot be reached', () => {
  it('is opened all the same, and is there when it is there', async () => {
    await server.stop();
    const early = openQuestDb({ url: server.url, silenceMsMax: SILENCE_MS });
    const away = { code: 'STORE_AWAY' };

    await expect(early.append(rowsFrom(0))).rejects.toMatchObject(away);
    await expect(early.migrate([BARS])).rejects.toMatchObject(away);
    await expect(early.migrate([BARS])).rejects.toThrow(/127\.0\.0\.1/);
    await server.start();
    await early.migrate([BARS]);
    expect(await early.append(rowsFrom(0, 3))).toEqual({ accepted: 3, refused: [] });
    await early.close();
  });

  it.each(FAULTS)('%s: the batch is unsettled, and sent again it is there', async (_, fault) => {
    await store.migrate([BARS]);
    await store.append(rowsFrom(0, 2));
    server.next('/write', fault);
    // The reason is asked for: the same again.
    server.next('/write', fault);

    await expect(store.append(rowsFrom(2, 2))).rejects.toMatchObject({ code: 'STORE_AWAY' });
    server.faults.length = 0;
    expect(await store.append(rowsFrom(2, 2))).toEqual({ accepted: 2, refused: [] });
    expect(symbols()).toEqual(['S0', 'S1', 'S2', 'S3']);
  });

  it('is full by its own word', async () => {
    await store.migrate([BARS]);
    const full: Fault = (_, response) =>
      response.writeHead(500).end('{"message":"could not extend file: No space left on device"}');
    server.next('/write', full);
    server.next('/write', full);

    await expect(store.append(rowsFrom(0))).rejects.toMatchObject({ code: 'STORE_FULL' });
  });

  it('keeps the order of batches that come at once, also behind one that failed', async () => {
    await store.migrate([BARS]);
    server.next('/write', (request) => request.socket.destroy());
    const settled = await Promise.allSettled(
      [0, 10, 20].map((from) => store.append(rowsFrom(from, 2))),
    );

    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    expect(symbols()).toEqual(['S10', 'S11', 'S20', 'S21']);
  });

  it('is slow, and that is no fault', async () => {
    await store.migrate([BARS]);
    server.next('/write', (_, response) => {
      setTimeout(() => response.writeHead(204).end(), SILENCE_MS / 2);
    });

    expect(await store.append(rowsFrom(0))).toEqual({ accepted: 1, refused: [] });
  });
});

describe('a QuestDB that refuses', () => {
  function poisoned(rows: number, bad: readonly number[]): RowBatch {
    const batch = rowsFrom(0, rows);
    const names = batch.columns[1]?.values();
    const marked = [...(names ?? [])].map((name, at) => (bad.includes(at) ? 'BAD' : String(name)));
    return { ...batch, columns: batch.columns.with(1, marked) };
  }

  it.each([
    [1, [0]],
    [2, [1]],
    [100, [0, 17, 18, 99]],
    [64, [63]],
    [5, [0, 1, 2, 3, 4]],
  ])('of %i rows those at %j: the others are written, each once', async (rows, bad) => {
    await store.migrate([BARS]);
    server.poison = 'BAD';
    const { accepted, refused } = await store.append(poisoned(rows, bad));

    expect(accepted).toBe(rows - bad.length);
    expect(refused.map(({ row }) => row)).toEqual(bad);
    for (const { reason } of refused) expect(reason).toMatch(/column: price; not a number/);
    expect(server.taken).toHaveLength(rows - bad.length);
    expect(symbols()).toEqual(
      Array.from({ length: rows }, (_, at) => `S${at}`).filter((_, at) => !bad.includes(at)),
    );
  });

  it('and breaks off before the reason: the rows are tried again', async () => {
    await store.migrate([BARS]);
    server.next('/write', (request) => {
      request.socket.end('HTTP/1.1 400 Bad\r\nContent-Length: 90\r\n\r\n{"mess');
    });

    expect(await store.append(rowsFrom(0, 4))).toEqual({ accepted: 4, refused: [] });
    expect(symbols()).toEqual(['S0', 'S1', 'S2', 'S3']);
  });

  it('our login: no row is at fault', async () => {
    await store.migrate([BARS]);
    const denied: Fault = (_, response) => response.writeHead(401).end('Unauthorized');
    server.next('/write', denied);
    server.next('/write', denied);

    const refused = store.append(rowsFrom(0, 10));
    await expect(refused).rejects.toMatchObject({ code: 'STORE_REFUSED' });
    await expect(refused).rejects.toThrow(/does not know us/);
  });

  it('rows of a table that was altered meanwhile: the table is named, not the rows', async () => {
    await store.migrate([BARS]);
    await store.append(rowsFrom(0));
    server.tables.get('bars')?.columns.set('price', { type: 'VARCHAR', isKey: false });
    server.poison = 'S';

    const refused = store.append(rowsFrom(1, 50));
    await expect(refused).rejects.toMatchObject({ code: 'STORE_SCHEMA' });
    await expect(refused).rejects.toThrow(/bars, column price: found VARCHAR, expected DOUBLE/);
  });
});

describe('a QuestDB that was restored from an older backup', () => {
  it('gets its columns and tables again before a row is sent', async () => {
    await store.migrate([BARS]);
    await store.append(rowsFrom(0));
    await server.stop();
    server.tables.get('bars')?.columns.delete('state');
    await server.start();

    expect(await untilSettled(rowsFrom(1))).toMatchObject({ accepted: 1 });
    expect(server.statements.filter((sql) => sql.startsWith('ALTER'))).toEqual([
      'ALTER TABLE "bars" ADD COLUMN IF NOT EXISTS "state" DOUBLE[]',
    ]);
    await server.stop();
    server.tables.clear();
    await server.start();
    expect(await untilSettled(rowsFrom(2))).toMatchObject({ accepted: 1 });
    expect(server.tables.get('bars')?.partition).toBe('DAY');
    expect(server.tables.get('bars')?.columns.get('symbol')).toEqual({
      type: 'SYMBOL',
      isKey: true,
    });
    expect(server.taken).toHaveLength(3);
  });

  it('is not written to where nobody migrated it', async () => {
    const other = openQuestDb({ url: server.url });

    await expect(other.append(rowsFrom(0))).rejects.toMatchObject({ code: 'STORE_SCHEMA' });
    expect(server.writes).toBe(0);
    await other.close();
  });

  it('closes every connection after its answer, and is written to all the same', async () => {
    await store.migrate([BARS]);
    for (let at = 0; at < 3; at += 1) {
      server.next('/ping', (_, response) => {
        response.writeHead(204, { connection: 'close' }).end();
      });
      server.next('/write', (request, response) => {
        server.taken.push(`bars,symbol=S${at} `);
        response.writeHead(204, { connection: 'close' }).end();
        request.resume();
      });
      expect(await store.append(rowsFrom(at))).toEqual({ accepted: 1, refused: [] });
    }
    expect(symbols()).toEqual(['S0', 'S1', 'S2']);
  });
});

describe('reading from a QuestDB', () => {
  const HEAD = '{"query":"x","columns":[{"name":"a","type":"LONG"}],"timestamp":-1,"dataset":[';

  async function read(): Promise<number> {
    let rows = 0;
    for await (const batch of store.read({ table: BARS, fromUs: 0, untilUs: 1e15 })) {
      rows += batch.rows;
    }
    return rows;
  }

  beforeEach(async () => {
    await store.migrate([BARS]);
  });

  it('takes an answer that comes byte by byte, with brackets and quotes in its texts', async () => {
    const row = '[5,"a\\"]],[[ü\\\\",null,true,[1.5,null],[null,0.0]]';
    server.answerPieces = [...`${HEAD}${row},${row}],"count":2}`];
    const batches: RowBatch[] = [];
    for await (const batch of store.read({ table: BARS, fromUs: 0, untilUs: 9 })) {
      batches.push(batch);
    }

    expect(batches.map(({ rows }) => rows)).toEqual([2]);
    expect(batches[0]?.columns).toEqual([
      Float64Array.of(5, 5),
      ['a"]],[[ü\\', 'a"]],[[ü\\'],
      Float64Array.of(Number.NaN, Number.NaN),
      Uint8Array.of(1, 1),
      [Float64Array.of(1.5, Infinity), Float64Array.of(1.5, Infinity)],
    ]);
  });

  it.each([
    ['half a row', `${HEAD}[5,"a"`],
    ['no end', `${HEAD}[5,"a",1.0,true,[],null]`],
    ['nothing', ''],
    ['no JSON', 'It works!'],
    ['broken JSON', `${HEAD}[5,"a",,true]],"count":1}`],
  ])('that answers %s is away', async (_, answer) => {
    server.answer = answer;

    await expect(read()).rejects.toMatchObject({ code: 'STORE_AWAY' });
  });

  it('that dies in the middle of an answer is away, after the rows that came', async () => {
    server.next('/exec', (_, response) => response.end('{"c":[],"d":[[1,1,false,""]]}'));
    server.next('/exec', (request, response) => {
      response.write(`${HEAD}[5,"a",1.0,true,[],null],[5,"b"`);
      setTimeout(() => request.socket.destroy(), 30);
    });

    await expect(read()).rejects.toMatchObject({ code: 'STORE_AWAY' });
  });

  it('that falls silent in the middle of an answer is away', async () => {
    server.next('/exec', (_, response) => response.end('{"c":[],"d":[[1,1,false,""]]}'));
    server.next('/exec', (_, response) => void response.write(`${HEAD}[5,"a",1.0,true,[],null],`));

    await expect(read()).rejects.toMatchObject({ code: 'STORE_AWAY' });
  });

  it('may take longer for a batch than a server may be silent', async () => {
    server.next('/exec', (_, response) => response.end('{"c":[],"d":[[1,1,false,""]]}'));
    server.next('/exec', (_, response) => {
      response.write(`${HEAD}[5,"a",1.0,true,[],null],[6,"a",1.0,true,[],null]`);
      setTimeout(() => response.end(',[7,"a",1.0,true,[],null]],"count":3}'), 2 * SILENCE_MS);
    });
    const times: unknown[] = [];
    const query = { table: BARS, fromUs: 0, untilUs: 9, batchRows: 1 };
    for await (const batch of store.read(query)) {
      times.push(batch.columns[0]?.[0]);
      if (times.length === 1) await new Promise((resolve) => setTimeout(resolve, 3 * SILENCE_MS));
    }

    expect(times).toEqual([5, 6, 7]);
  });

  it('whose table is suspended says why, and what to do', async () => {
    const table = server.tables.get('bars');
    if (table !== undefined) table.isSuspended = true;

    await expect(read()).rejects.toMatchObject({ code: 'STORE_DAMAGED' });
    await expect(read()).rejects.toThrow(/no room; .*ALTER TABLE bars RESUME WAL/);
  });
});

describe('who we are to a QuestDB', () => {
  const SECRET = 'pa;ss:wörd"=';

  it('is told in a header, for rows and questions, and stands in no error', async () => {
    const login = { user: 'strata', password: SECRET };
    const known = openQuestDb({ url: server.url, login, silenceMsMax: SILENCE_MS });
    await known.migrate([BARS]);
    await known.append(rowsFrom(0));
    const basic = `Basic ${Buffer.from(`strata:${SECRET}`).toString('base64')}`;

    expect(new Set(server.headers.map(({ authorization }) => authorization))).toEqual(
      new Set([basic]),
    );
    const denied: Fault = (_, response) => response.writeHead(403).end('denied');
    for (let at = 0; at < 2; at += 1) server.next('/write', denied);
    await expect(known.append(rowsFrom(0))).rejects.not.toThrow(/wörd/);
    await server.stop();
    await expect(known.append(rowsFrom(0))).rejects.not.toThrow(/wörd/);
    await known.close();
  });

  it('may be a token', async () => {
    const known = openQuestDb({ url: server.url, login: { token: 'qt1abc' } });
    await known.migrate([BARS]);
    await known.append(rowsFrom(0));

    expect(server.headers.every(({ authorization }) => authorization === 'Bearer qt1abc')).toBe(
      true,
    );
    await known.close();
  });

  it.each([
    'http://strata:secret@127.0.0.1:9000',
    'http://127.0.0.1:9000/?password=secret',
    'ftp://127.0.0.1/secret',
    'secret',
  ])('is never part of an address: %s', (url) => {
    expect(() => openQuestDb({ url })).toThrow(/not http:\/\/host:port/);
    expect(() => openQuestDb({ url })).not.toThrow(/secret/);
  });

  it('is refused where it cannot be sent, without being repeated', () => {
    const logins = [{ token: 'two\nlines secret' }, { user: 'a:b', password: 'secret' }];
    for (const login of logins) {
      expect(() => openQuestDb({ url: server.url, login })).toThrow(/cannot be sent/);
      expect(() => openQuestDb({ url: server.url, login })).not.toThrow(/secret/);
    }
  });
});
