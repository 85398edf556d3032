// Writes config/schema.json, which editors read to complete and check the YAML files. Run it after
// a change to src/cli/config-schema.ts; a test compares the two. It reads TypeScript, so:
//   node --import ./test/typescript-threads.mjs scripts/write-schema.mjs
import { writeFileSync } from 'node:fs';
import { configJsonSchema } from '../src/cli/config-schema.ts';

writeFileSync(new URL('../config/schema.json', import.meta.url), configJsonSchema());
