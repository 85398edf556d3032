import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { INDICATORS } from '../../src/domain/indicators/registry.ts';
import {
  indicatorValues,
  type KnownValues,
  type ValuesByLabel,
  valuesFault,
} from './indicator-values.ts';

/**
 * Writes test/golden/indicator-values.json; an indicator whose numbers changed under the same
 * version keeps what it had there, and is named. Run from the root:
 * node --import ./test/typescript-threads.mjs test/golden/make-indicator-values.ts
 */
const file = new URL('indicator-values.json', import.meta.url);
const was: ValuesByLabel = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
const is = indicatorValues(INDICATORS);
const made: Record<string, KnownValues> = {};
for (const [label, values] of Object.entries(is)) {
  const before = was[label];
  const isUnversioned = before?.version === values.version && before.hash !== values.hash;
  made[label] = isUnversioned ? before : values;
  if (!isUnversioned) continue;
  process.stderr.write(`${valuesFault(label, before, values) ?? ''}\n`);
  process.exitCode = 1;
}
const lines = Object.entries(made)
  .toSorted(([one], [other]) => (one < other ? -1 : 1))
  .map(([label, { version, hash }]) => {
    return `  ${JSON.stringify(label)}: { "version": ${version}, "hash": "${hash}" }`;
  });
writeFileSync(file, `{\n${lines.join(',\n')}\n}\n`);
