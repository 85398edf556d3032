// Writes docs/tables.md, the reference of the store's tables. Run it after a change to
// src/store/tables; a test compares the two. It reads TypeScript, so:
//   node --import ./test/typescript-threads.mjs scripts/write-tables.mjs
import { writeFileSync } from 'node:fs';
import { tablesDocument } from '../test/golden/tables-document.ts';

writeFileSync(new URL('../docs/tables.md', import.meta.url), tablesDocument());
