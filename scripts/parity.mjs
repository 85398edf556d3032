// `npm run parity`: holds every function of TA-Lib against the indicator that reproduces it, prints
// the table, and writes what is made of it: src/cli/talib-parity.ts (what `strata indicators`
// shows) and docs/indicators.md (the reference). With --check it writes nothing and fails where
// one of them is out of step. Exit code 1 where a function is missing or not equal. It reads
// TypeScript:
//   node --import ./test/typescript-threads.mjs scripts/parity.mjs
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { indicatorsDocument, parityModule, parityTable } from '../test/golden/parity-table.ts';
import { measureParity } from '../test/golden/talib-parity.ts';

const MODULE = new URL('../src/cli/talib-parity.ts', import.meta.url);
const DOCUMENT = new URL('../docs/indicators.md', import.meta.url);

const rows = measureParity();
process.stdout.write(parityTable(rows));
const made = [
  [MODULE, parityModule(readFileSync(MODULE, 'utf8'), rows)],
  [DOCUMENT, indicatorsDocument(rows)],
];
for (const [place, text] of made) {
  if (existsSync(place) && readFileSync(place, 'utf8') === text) continue;
  if (process.argv.includes('--check')) {
    process.stderr.write(`${place.pathname} is out of step: run npm run parity\n`);
    process.exitCode = 1;
    continue;
  }
  mkdirSync(new URL('.', place), { recursive: true });
  writeFileSync(place, text);
  process.stderr.write(`${place.pathname} written\n`);
}
if (!rows.every(({ isGreen }) => isGreen)) process.exitCode = 1;
