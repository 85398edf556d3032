import { it } from 'vitest';
import { openQuestDb } from '../../src/store/questdb/questdb.ts';
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
});
