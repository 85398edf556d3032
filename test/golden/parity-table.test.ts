import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { present } from '../../src/core/assert.ts';
import { TALIB_PARITY } from '../../src/cli/talib-parity.ts';
import { INDICATORS } from '../../src/domain/indicators/registry.ts';
import { indicatorsDocument, paritiesOf, parityModule, parityTable } from './parity-table.ts';
import { measureParity } from './talib-parity.ts';

const rows = measureParity();
const text = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

describe('what `npm run parity` writes is in step with what it measures', () => {
  it('F1 strata indicators shows the errors that are measured', () => {
    expect(TALIB_PARITY).toEqual(paritiesOf(rows));
    const module = text('src/cli/talib-parity.ts');
    expect(parityModule(module, rows)).toBe(module);
  });

  it('docs/indicators.md says what the declarations say', () => {
    expect(text('docs/indicators.md')).toBe(indicatorsDocument(rows));
  });
});

describe('the parity table', () => {
  it('F1 is green for all 161 functions of TA-Lib', () => {
    const red = rows.filter(({ isGreen }) => !isGreen);
    expect(red.map(({ talib }) => talib)).toEqual([]);
    expect(parityTable(rows)).toContain('161 of 161 functions are green');
  });

  it('says where an indicator is missing, and where it is wrong', () => {
    const sma = present(
      INDICATORS.find(({ talib }) => talib === 'SMA'),
      'SMA',
    );
    const wrong = { ...sma, talib: 'WMA' };
    const lines = parityTable(measureParity([sma, wrong])).split('\n');
    expect(lines.find((line) => line.startsWith('SMA '))).toMatch(/ 29 +29 .* green/);
    expect(lines.find((line) => line.startsWith('WMA '))).toMatch(/ sma .* RED$/);
    expect(lines.find((line) => line.startsWith('EMA '))).toMatch(/ MISSING +29 +RED$/);
    expect(lines.at(-2)).toContain('1 of 161 functions are green');
  });

  it('says where TA-Lib keeps of a price that is gone what the indicator does not', () => {
    const row = present(
      rows.find(({ talib }) => talib === 'SMA'),
      'SMA',
    );
    expect(row.jumpsTheirs).toBeGreaterThan(1e-9);
    expect(row.jumpsOurs).toBeLessThan(1e-12);
    const line = parityTable(rows)
      .split('\n')
      .find((one) => one.startsWith('SMA '));
    expect(line).toContain('differs from it after a jump');
  });
});
