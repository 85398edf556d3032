import { openDuckDbStore } from '../../src/store/duckdb/duckdb-store.ts';
import { bars } from '../../src/store/tables/market.ts';
import { barRows } from './store-rows.ts';

/**
 * Appends batches to the store that it is given, one after the other, and says of each that it was
 * acknowledged, or why not: `ack 3`, `STORE_FULL ...`. Ends at a refusal, or is killed.
 */
const [, , file = '', batches = '', rows = ''] = process.argv;
const store = await openDuckDbStore({ file });
await store.migrate([bars]);
process.stdout.write('open\n');
for (let batch = 0; batch < Number(batches); batch += 1) {
  try {
    await store.append(barRows(batch * Number(rows), Number(rows)));
    process.stdout.write(`ack ${batch + 1}\n`);
  } catch (error) {
    process.stdout.write(`${String(Object(error).code)} ${String(error)}\n`);
    break;
  }
}
await store.close();
process.stdout.write('closed\n');
