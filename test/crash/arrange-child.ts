import { writeSync } from 'node:fs';
import { openDuckDbStore } from '../../src/store/duckdb/duckdb-store.ts';
import { bars } from '../../src/store/tables/market.ts';

/** Arranges the minutes of a store, to be killed at it. Says `begin`, and a dot for each part. */
const [, , file = ''] = process.argv;
const store = await openDuckDbStore({ file });
const parts = await store.unarranged(bars, Number.MAX_SAFE_INTEGER);
writeSync(1, 'begin');
for (const { fromUs, untilUs } of parts) {
  await store.arrange(bars, fromUs, untilUs);
  writeSync(1, '.');
}
await store.close();
