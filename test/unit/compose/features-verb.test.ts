import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXIT_CODES } from '../../../src/cli/exit-codes.ts';
import { resolveConfig } from '../../../src/cli/load-config.ts';
import type { FeatureRowOptions, FeaturesOptions } from '../../../src/cli/verbs.ts';
import { chosenSet } from '../../../src/compose/features/chosen-set.ts';
import { featuresVerb } from '../../../src/compose/features/features-verb.ts';
import { HistoryError } from '../../../src/history/history-error.ts';
import { STANDARD_REGISTRY } from '../../../src/domain/features/standard-registry.ts';
import { CollectingTerminal } from '../cli/collecting-terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'strata-features-'));
const ROW: FeatureRowOptions = {
  symbol: 'BAC',
  at: '2013-10-08T15:00:00Z',
  source: folder,
  date: undefined,
  layer: 0,
  names: ['return5'],
  layout: undefined,
  history: undefined,
  files: {
    macro: undefined,
    indices: [],
    earnings: undefined,
    fundamentals: undefined,
    news: undefined,
    sectors: undefined,
  },
};

function asked(row: Partial<FeatureRowOptions>): FeaturesOptions {
  return {
    name: undefined,
    row: { ...ROW, ...row },
    dataDir: folder,
    config: undefined,
    isJson: false,
  };
}

describe('strata features', () => {
  it.each([
    '2013-10-08',
    '2013-10-08T15:00:00',
    '2013-02-30T15:00:00Z',
    '2013-10-08T25:00:00Z',
    'yesterday',
  ])('says what is wrong with the moment %s', async (at) => {
    const terminal = new CollectingTerminal();
    const code = await featuresVerb(asked({ at }), terminal);

    expect(code).toBe(EXIT_CODES.error);
    expect(terminal.errors).toContain(`--at is ${at}; expected a time with its zone`);
  });

  it('stops at a layout that cannot be read, as at any other file', () => {
    const { config } = resolveConfig([{ file: 'own.yaml', text: '' }]);
    const row = { ...ROW, layout: join(folder, 'absent.json') };
    const choose = () => chosenSet(row, STANDARD_REGISTRY, config, 1);

    expect(choose).toThrow(HistoryError);
    expect(choose).toThrow(/cannot read .*absent\.json/);
  });
});

describe('strata features NAME', () => {
  const options = { row: undefined, dataDir: folder, config: undefined, isJson: false };

  it('tells one feature whole', async () => {
    const terminal = new CollectingTerminal();
    expect(await featuresVerb({ ...options, name: 'bandPlace' }, terminal)).toBe(EXIT_CODES.ok);
    expect(terminal.out).toMatch(/tells +Place within the Bollinger bands/);
    expect(terminal.out).toMatch(/reads +bar\.close, bollinger20-2\.upper/);
    expect(terminal.out).toMatch(/needs +20 closed bars/);
    expect(terminal.out).toMatch(/not known +the row is refused/);
  });

  it('has a lookback of each in the list for machines', async () => {
    const terminal = new CollectingTerminal();
    await featuresVerb({ ...options, name: undefined, isJson: true }, terminal);
    const all: unknown = JSON.parse(terminal.out);
    expect(all).toContainEqual(expect.objectContaining({ name: 'dayOfWeek', lookback: 0 }));
    expect(all).toContainEqual(expect.objectContaining({ name: 'trendStrength', lookback: 28 }));
  });

  it('does not find what is not there, and says what was probably meant', async () => {
    const terminal = new CollectingTerminal();
    const code = await featuresVerb({ ...options, name: 'bandPalce' }, terminal);
    expect(code).toBe(EXIT_CODES.notFound);
    expect(terminal.errors).toContain('did you mean bandPlace?');
  });
});
