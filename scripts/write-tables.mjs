// Writes docs/tables.md, the reference of the store's tables: `npm run tables`, after a change to
// src/store/tables. A test compares the two.
import { writeFileSync } from 'node:fs';
import { tablesDocument } from '../test/golden/tables-document.ts';

writeFileSync(new URL('../docs/tables.md', import.meta.url), tablesDocument());
