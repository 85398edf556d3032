import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { INDICATORS } from '../../src/domain/indicators/registry.ts';
import { rsi } from '../../src/domain/indicators/momentum/rsi.ts';
import { sma } from '../../src/domain/indicators/overlap/sma.ts';
import { indicatorValues, type ValuesByLabel, valuesFault } from './indicator-values.ts';

/**
 * The numbers of every indicator, by the version of its formula: a formula that changes gets a
 * higher `version` in its declaration, which is in every layout hash. Then, from the root:
 * node --import ./test/typescript-threads.mjs test/golden/make-indicator-values.ts
 */
const FILE = new URL('indicator-values.json', import.meta.url);
const golden: ValuesByLabel = JSON.parse(readFileSync(FILE, 'utf8'));
const made = indicatorValues(INDICATORS);

describe('values of the indicators', () => {
  it.each(Object.keys({ ...golden, ...made }))('F2 %s has the numbers of its version', (label) => {
    expect(valuesFault(label, golden[label], made[label])).toBeUndefined();
  });

  it('F2 tells what to do about a formula that changed and kept its version', () => {
    const changed = { ...rsi, build: sma.build };
    const [was, is, raised] = [[rsi], [changed], [{ ...changed, version: 2 }]].map(
      (indicators) => indicatorValues(indicators)['rsi14'],
    );
    expect(valuesFault('rsi14', was, was)).toBeUndefined();
    expect(valuesFault('rsi14', was, is)).toMatch(/`version: 2`.*\n.*make-indicator-values/s);
    expect(valuesFault('rsi14', was, raised)).toMatch(/now version 2, not 1.*\n.*make-indicator/s);
    expect(valuesFault('rsi14', undefined, is)).toContain('is new');
    expect(valuesFault('rsi14', was, undefined)).toContain('is gone');
  });
});
