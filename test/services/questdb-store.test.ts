import { afterAll, beforeAll } from 'vitest';
import { openQuestDb } from '../../src/store/questdb/questdb.ts';
import type { StoreRig } from '../contract/time-series-rig.ts';
import { describeTimeSeriesStore } from '../contract/time-series.ts';
import { describeWith } from './describe-with.ts';
import { type QuestDbServer, startQuestDb } from './questdb.ts';

let server: QuestDbServer | undefined;

function url(): string {
  return `http://127.0.0.1:${server?.httpPort ?? 0}`;
}

const rig: StoreRig = {
  name: 'QuestDB',
  open: () => Promise.resolve(openQuestDb({ url: url() })),
  /** A reader waits by itself; what looks at counts and parts as well. */
  async settled(_, table) {
    const store = openQuestDb({ url: url() });
    await store.settled(table);
    await store.close();
  },
  async alter(statement) {
    const answer = await fetch(`${url()}/exec?query=${encodeURIComponent(statement)}`);
    if (!answer.ok) throw new Error(await answer.text());
  },
  alterations: [
    {
      what: 'of whose column the type was changed',
      statement: (table) => `ALTER TABLE ${table} ALTER COLUMN price TYPE VARCHAR`,
      names: ['price', 'VARCHAR', 'DOUBLE'],
    },
    {
      what: 'that lost a key',
      statement: (table) => `ALTER TABLE ${table} DROP COLUMN number`,
      names: ['number', 'no such column', 'LONG'],
    },
    {
      what: 'that lost a column whose values are always known',
      statement: (table) => `ALTER TABLE ${table} DROP COLUMN is_open`,
      names: ['is_open', 'no such column', 'BOOLEAN'],
    },
  ],
  runs: 15,
};

await describeWith(['questdb'], 'on a real server', () => {
  beforeAll(async () => {
    server = await startQuestDb();
  }, 120_000);

  afterAll(async () => {
    await server?.stop();
  });

  describeTimeSeriesStore(rig);
});
