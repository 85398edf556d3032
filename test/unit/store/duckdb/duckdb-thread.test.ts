import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { present } from '../../../../src/core/assert.ts';
import { openDuckDbStore } from '../../../../src/store/duckdb/duckdb-store.ts';
import {
  type OpenWorker,
  openWorker,
  type WorkerLink,
} from '../../../../src/store/duckdb/worker-link.ts';
import { bars } from '../../../../src/store/tables/market.ts';
import { barRows, START_US } from '../../../crash/store-rows.ts';

const folder = mkdtempSync(join(tmpdir(), 'strata-thread-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ALL = { table: bars, fromUs: START_US, untilUs: Number.MAX_SAFE_INTEGER };

/** The real thread, with its handle kept, so that it can be made to die. */
function held(): { readonly open: OpenWorker; readonly links: WorkerLink[] } {
  const links: WorkerLink[] = [];
  const open: OpenWorker = (settings, hears) => {
    const link = openWorker(settings, hears);
    links.push(link);
    return link;
  };
  return { open, links };
}

describe('the thread of the embedded store', () => {
  it('that dies is named by who was waiting, and started again by the next who asks', async () => {
    const { open, links } = held();
    const store = await openDuckDbStore({ file: join(folder, 'dies.duckdb'), openWorker: open });
    await store.migrate([bars]);
    await store.append(barRows(0, 100));
    const appending = store.append(barRows(100, 100));
    const dying = present(links[0], 'the first thread').terminate();

    await expect(appending).rejects.toMatchObject({ code: 'STORE_AWAY' });
    await expect(appending).rejects.toThrow(/dies\.duckdb.*send the same again/);
    await dying;
    expect(await store.append(barRows(100, 100))).toEqual({ accepted: 100, refused: [] });
    expect((await store.status()).tables).toMatchObject([{ name: 'bars', rows: 200 }]);
    expect(links).toHaveLength(2);
    await store.close();
  });

  it('that dies ends a reader by name, who begins anew', async () => {
    const { open, links } = held();
    const store = await openDuckDbStore({ file: join(folder, 'reads.duckdb'), openWorker: open });
    await store.migrate([bars]);
    await store.append(barRows(0, 1_000));
    const reading = (async () => {
      for await (const batch of store.read({ ...ALL, batchRows: 10 })) {
        expect(batch.rows).toBe(10);
        await present(links[0], 'the first thread').terminate();
      }
    })();

    await expect(reading).rejects.toMatchObject({ code: 'STORE_AWAY' });
    let rows = 0;
    for await (const batch of store.read(ALL)) rows += batch.rows;
    expect(rows).toBe(1_000);
    await store.close();
  });

  it('that hangs at a close is ended when its time is over', async () => {
    const { open } = held();
    const deaf: OpenWorker = (settings, hears) => {
      const link = open(settings, hears);
      return { ...link, post: () => undefined };
    };
    const file = join(folder, 'hangs.duckdb');
    const store = await openDuckDbStore({ file, openWorker: deaf, closeMsMax: 50 });
    await store.close();

    await expect(store.status()).rejects.toMatchObject({ code: 'STORE_AWAY' });
  });

  it('that cannot load the database refuses with what its platform lacks', async () => {
    const message = 'DuckDB has no native part for plan9-vax here';
    const without: OpenWorker = (_, hears) => {
      queueMicrotask(() => {
        hears.message({ kind: 'refused', code: 'STORE_AWAY', message });
        hears.ended('it ended with code 0');
      });
      return { post: () => undefined, terminate: () => Promise.resolve() };
    };
    const refused = openDuckDbStore({ file: join(folder, 'none.duckdb'), openWorker: without });

    await expect(refused).rejects.toMatchObject({ code: 'STORE_AWAY', message });
  });

  it('has a file to itself, by whichever link it is reached, and lets go of it', async () => {
    mkdirSync(join(folder, 'one'));
    symlinkSync(join(folder, 'one'), join(folder, 'link'));
    const file = join(folder, 'one', 'c.duckdb');
    const store = await openDuckDbStore({ file });
    const second = openDuckDbStore({ file: join(folder, 'link', 'c.duckdb') });

    await expect(second).rejects.toMatchObject({ code: 'STORE_LOCKED' });
    await expect(second).rejects.toThrow('is open in this process already');
    await store.close();
    await (await openDuckDbStore({ file })).close();
  });

  it('makes the folder of its file, and says where it cannot', async () => {
    const deep = join(folder, 'a', 'b', 'c.duckdb');
    await (await openDuckDbStore({ file: deep })).close();

    expect(existsSync(deep)).toBe(true);
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const refused = openDuckDbStore({ file: join(file, 'store', 'c.duckdb') });
    await expect(refused).rejects.toMatchObject({ code: 'STORE_REFUSED' });
    await expect(refused).rejects.toThrow(file);
  });
});
