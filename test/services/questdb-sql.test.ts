import { expect, it } from 'vitest';
import { openQuestDb } from '../../src/store/questdb/questdb.ts';
import {
  answersOf,
  batchOf,
  everyKind,
  everything,
  readBatches,
  row,
} from '../contract/time-series-rig.ts';
import { describeWith } from './describe-with.ts';
import { startQuestDb } from './questdb.ts';

await describeWith(['questdb'], "a person's question to a real QuestDB", () => {
  it('changes nothing in any dress, and is answered where it only reads', async () => {
    await using server = await startQuestDb();
    const store = openQuestDb({ url: `http://127.0.0.1:${server.httpPort}` });
    const table = everyKind();
    const { name } = table;
    await store.migrate([table]);
    await store.append(
      batchOf(table, [row({ number: 2 ** 53 - 1, note: '1234567890123456789', state: [1] })]),
    );
    await store.settled(table);

    // Its page for reading renames tables and makes checkpoints when it is told to.
    for (const text of [
      `RENAME TABLE ${name} TO gone`,
      'CHECKPOINT CREATE',
      `REINDEX TABLE ${name} LOCK EXCLUSIVE`,
      `SELECT 1; DROP TABLE ${name}`,
      `SELECT 1); DROP TABLE ${name}; SELECT * FROM (SELECT 1`,
      `SELECT 1) -- \n; DROP TABLE ${name}`,
      `/* */ TRUNCATE TABLE ${name}`,
      `EXPLAIN DROP TABLE ${name}`,
      `explain\nINSERT INTO ${name} (at_us) VALUES (1)`,
      `WITH x AS (SELECT 1) UPDATE ${name} SET price = 0`,
    ]) {
      await expect(answersOf(store, text), text).rejects.toMatchObject({ code: 'STORE_REFUSED' });
    }
    expect((await readBatches(store, everything(table))).map(({ rows }) => rows)).toEqual([1]);

    const one = `SELECT number, number * 1000 big, note, state FROM ${name} -- and nothing else;`;
    expect((await answersOf(store, one)).rows).toEqual([
      [2 ** 53 - 1, '9007199254740991000', '1234567890123456789', [1]],
    ]);
    expect((await answersOf(store, `WITH x AS (${name}) SELECT count() FROM x;`)).rows).toEqual([
      [1],
    ]);
    expect((await answersOf(store, 'SHOW TABLES')).rows).toContainEqual([name]);
    expect((await answersOf(store, `EXPLAIN SELECT * FROM ${name}`)).names).toEqual(['QUERY PLAN']);
    await store.close();
  }, 120_000);
});
