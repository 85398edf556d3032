import { expect, it } from 'vitest';
import { openQuestDb } from '../../src/store/questdb/questdb.ts';
import { expectRestarted, tellRestarted } from '../unit/compose/store-feed/restarted-engines.ts';
import { expectSessionKept, expectWarmed } from '../unit/compose/store-feed/session-in-store.ts';
import { describeWith } from './describe-with.ts';
import { startQuestDb } from './questdb.ts';

await describeWith(['questdb'], 'a session in a real QuestDB', () => {
  it('is found there as its journal tells it, and lets the next one go on', async () => {
    await using server = await startQuestDb();
    const store = openQuestDb({ url: `http://127.0.0.1:${server.httpPort}` });
    await expectSessionKept(store);
    await expectWarmed(store);
    await store.close();
  }, 240_000);

  it('starts 500 symbols anew as an engine that never stopped, bits and decisions', async () => {
    await using server = await startQuestDb();
    const store = openQuestDb({ url: `http://127.0.0.1:${server.httpPort}` });
    const found = await expectRestarted(store);
    tellRestarted('QuestDB', found);
    expect(found.symbols).toBeGreaterThanOrEqual(500);
    await store.close();
  }, 240_000);
});
