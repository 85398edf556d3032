import { describe, expect, it } from 'vitest';
import { EXIT_CODES } from '../../../src/cli/exit-codes.ts';
import { allCards, indicatorsVerb } from '../../../src/cli/indicators.ts';
import { indicatorsMarkdown } from '../../../src/cli/indicators-markdown.ts';
import type { IndicatorsOptions } from '../../../src/cli/verbs.ts';
import { configure, INDICATOR_FAMILIES } from '../../../src/domain/indicators/declaration.ts';
import { INDICATORS } from '../../../src/domain/indicators/registry.ts';
import { CollectingTerminal } from './collecting-terminal.ts';

const PLAIN: IndicatorsOptions = {
  dataDir: '.strata',
  config: undefined,
  isJson: false,
  name: undefined,
  family: undefined,
  isMarkdown: false,
};

function run(options: Partial<IndicatorsOptions>, columns = 80) {
  const terminal = new CollectingTerminal();
  terminal.columns = columns;
  const code = indicatorsVerb({ ...PLAIN, ...options }, terminal);
  return { code, out: terminal.out, errors: terminal.errors };
}

describe('strata indicators', () => {
  it.each([50, 80, 132])('lists every indicator within %i columns', (columns) => {
    const { code, out, errors } = run({}, columns);
    expect(code).toBe(EXIT_CODES.ok);
    expect(errors).toBe('');
    const lines = out.split('\n');
    for (const { name } of INDICATORS) {
      expect(
        lines.filter((line) => line.startsWith(`  ${name} `)),
        name,
      ).toHaveLength(1);
    }
    for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(columns);
  });

  it('tells figures, parameters with their range, inputs, outputs and units of each', () => {
    const { out } = run({ family: 'overlap' });
    expect(out).toMatch(/^ {2}sma +19 +192 {2}SMA +(?:exact|\d\.\de-\d+)$/m);
    expect(out).toContain('    period 20 (2 to 10,000), deviations 2 (0.01 to 100)');
    expect(out).toContain('    close, or any series -> upper, middle, lower: series');
    expect(out).not.toContain('  rsi ');
  });

  it('gives JSON as an array of one object each, lookback and bytes as built', () => {
    const { code, out } = run({ isJson: true });
    const told: readonly unknown[] = JSON.parse(out);
    expect(code).toBe(EXIT_CODES.ok);
    expect(told).toHaveLength(INDICATORS.length);
    INDICATORS.forEach((declaration, at) => {
      const { warmupBars, width, label, parameters } = configure(declaration);
      const { name, family, tells, talib = 'none', warmupSessions } = declaration;
      const lookback = warmupSessions
        ? { lookbackSessions: warmupSessions(parameters) }
        : { lookback: warmupBars - 1 };
      const figures = { ...lookback, stateBytes: 8 * width };
      expect(told[at]).toMatchObject({ name, label, family, tells, talib, ...figures });
      expect(told[at]).toHaveProperty('parity');
    });
  });

  it('gives JSON of one family and of one indicator as arrays too', () => {
    const family: readonly unknown[] = JSON.parse(run({ isJson: true, family: 'session' }).out);
    expect(family.length).toBeGreaterThan(0);
    for (const one of family) expect(one).toMatchObject({ family: 'session' });
    expect(JSON.parse(run({ isJson: true, name: 'sma(50)' }).out)).toMatchObject([
      {
        label: 'sma50',
        lookback: 49,
        parameters: [{ name: 'period', value: 50, usual: 20, isWhole: true }],
        inputs: ['close'],
        outputs: [{ name: 'sma', units: 'series' }],
      },
    ]);
  });

  it.each(INDICATORS)('prints all that $name declares', (declaration) => {
    const { code, out } = run({ name: declaration.name });
    const { title, tells, formula, source, family, parameters, outputs } = declaration;
    const told = out.replaceAll(/\s+/g, ' ');
    expect(code).toBe(EXIT_CODES.ok);
    const names = [...parameters, ...outputs].map(({ name }) => name);
    for (const text of [title, tells, formula, source, family, ...names]) {
      expect(told).toContain(text.replaceAll(/\s+/g, ' '));
    }
    for (const line of out.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  });

  it('tells lookback and state of the parameters that were typed', () => {
    const { out } = run({ name: 'bollinger(50, 2.5)' });
    expect(out).toContain('bollinger50-2.5: Bollinger bands');
    expect(out).toContain('Lookback    49 bars');
    expect(out).toContain('bollinger50-2.5 or bollinger(50, 2.5)');
  });

  it('tells lookback in sessions where no number of bars says it', () => {
    const { out } = run({ name: 'averageSessionRange(10)' });
    expect(out).toContain('Lookback    10 sessions: the first value comes during the next one');
    expect(run({ family: 'session' }).out).toMatch(/^ {2}averageSessionRange +14 sessions +\d+ /m);
    expect(run({ family: 'session' }).out).toMatch(/^ {2}previousSession +1 session +\d+ /m);
    expect(run({ isMarkdown: true }).out).toMatch(/`relativeVolumeByTime`.*\| 20 sessions \|/);
    expect(JSON.parse(run({ name: 'overnightGap', isJson: true }).out)).toEqual([
      expect.not.objectContaining({ lookback: expect.anything() }),
    ]);
  });

  it('ends with 2 and the nearest name where there is no such indicator', () => {
    const { code, out, errors } = run({ name: 'bolinger' });
    expect(code).toBe(EXIT_CODES.notFound);
    expect(out).toBe('');
    expect(errors).toContain('no indicator is called bolinger; did you mean bollinger?');
    const json = run({ name: 'bolinger', isJson: true });
    expect(json).toMatchObject({ code: EXIT_CODES.notFound, out: '[]\n', errors });
    expect(run({ name: '\u001b[2Jx' }).errors).not.toContain('\u001b');
  });

  it('ends with 1 and what was expected where a parameter is wrong', () => {
    const { code, errors } = run({ name: 'rsi(1)' });
    expect(code).toBe(EXIT_CODES.error);
    expect(errors).toContain('rsi: period is a whole number from 2 to 10000, not 1');
  });

  it('ends with 2 where the indicator is of another family', () => {
    const { code, errors } = run({ name: 'rsi', family: 'overlap' });
    expect(code).toBe(EXIT_CODES.notFound);
    expect(errors).toContain('rsi is of family momentum, not overlap');
  });

  it('writes the whole reference as a document', () => {
    const { out } = run({ isMarkdown: true });
    expect(out.match(/^# /gm)).toHaveLength(1);
    for (const { name } of INDICATORS) expect(out).toContain(`\n### ${name}\n`);
    const families = INDICATOR_FAMILIES.filter((of) =>
      allCards().some((card) => card.family === of),
    );
    expect(out.match(/^## /gm)?.length).toBeGreaterThanOrEqual(families.length);
    // A bar or a star of a formula would be read as the document's own.
    const formulas = out.split('\n').filter((line) => line.startsWith('- Formula: '));
    expect(formulas).toHaveLength(INDICATORS.length);
    for (const line of formulas) expect(line).not.toMatch(/(?<!\\)[*|]/);
    expect(out.includes('\n\n\n')).toBe(false);
  });

  it('shows in the document what TA-Lib loses and what it is measured by', () => {
    const parities = {
      SMA: { firstIndex: 29, worst300: 7.3e-16, worst2000: 0, talibLoses: 2.3e-8 },
      GONE: { firstIndex: 1, worst300: 0, worst2000: 0 },
    };
    const text = indicatorsMarkdown(allCards(parities), parities);
    expect(text).toContain('| SMA | `sma` | 29 | 7.3e-16 | exact | 2.3e-8 |');
    expect(text).not.toContain('GONE');
  });
});
