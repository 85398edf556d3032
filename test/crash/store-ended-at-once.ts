// Appends without end, and ends itself at once after so many milliseconds: DIRECTORY MS.
import { join } from 'node:path';
import { openDuckDbStore } from '../../src/store/duckdb/duckdb-store.ts';
import { bars } from '../../src/store/tables/market.ts';
import { barRows } from './store-rows.ts';

const [, , directory = '', ms = ''] = process.argv;
const store = await openDuckDbStore({ file: join(directory, 'strata.duckdb') });
await store.migrate([bars]);
setTimeout(() => process.exit(1), Number(ms));
for (let batch = 0; ; batch += 1) await store.append(barRows(batch * 500, 500));
