import { describe, expect, it } from 'vitest';
import { parseOptions, suitesNamed, UsageError } from '../../../bench/harness/options.ts';
import type { Scale } from '../../../bench/harness/suite.ts';
import { SUITES, SUITES_ASKED_FOR } from '../../../bench/harness/suites.ts';

const KNOWN = ['decode', 'kernel', 'journal'].map((name) => ({
  name,
  load: () => Promise.reject(new Error('not loaded')),
}));
const ASKED_FOR = [{ name: 'each-indicator', load: KNOWN[0]?.load ?? (() => Promise.reject()) }];

function refusal(work: () => unknown): UsageError {
  try {
    work();
  } catch (error) {
    if (error instanceof UsageError) return error;
  }
  throw new Error('it was not refused');
}

describe('the options of a bench', () => {
  it('are five runs of everything, or one where it is quick', () => {
    expect(parseOptions([])).toMatchObject({ suites: [], runs: 5, scale: 'full', isJson: false });
    expect(parseOptions(['--quick'])).toMatchObject({ runs: 1, scale: 'quick' });
    expect(parseOptions(['--quick', '--runs', '3']).runs).toBe(3);
  });

  it.each([
    [['--runs', '0'], '--runs'],
    [['--runs', '1e3'], '--runs'],
    [['--runs', '101'], '--runs'],
    [['--fast'], '--fast'],
    [['--html'], '--html'],
    [['--compare', 'main', '--out', 'x'], '--out'],
    [['--quick', '--out', 'x'], '--out'],
  ])('refuse %j and name the option', (argv, option) => {
    expect(refusal(() => parseOptions(argv)).message).toContain(option);
  });

  it('take suites in the order of the list, each once', () => {
    const suites = ['kernel', 'each-indicator', 'decode', 'kernel'];
    const named = suitesNamed({ suites, scale: 'full' }, KNOWN, ASKED_FOR);

    expect(named.map(({ name }) => name)).toEqual(['decode', 'kernel', 'each-indicator']);
  });

  it('take all that need not be asked for, and in a quick run every one', () => {
    const all = (scale: Scale) => suitesNamed({ suites: [], scale }, KNOWN, ASKED_FOR);

    expect(all('full')).toEqual(KNOWN);
    expect(all('quick')).toEqual([...KNOWN, ...ASKED_FOR]);
  });

  it('say which suite was meant where none has the name', () => {
    const refused = (...suites: readonly string[]) =>
      suitesNamed({ suites, scale: 'full' }, KNOWN, ASKED_FOR);
    const near = refusal(() => refused('kernal'));
    const far = refusal(() => refused('decode', 'weather'));

    expect(near.message).toContain('did you mean kernel?');
    expect(near.isUnknownSuite).toBe(true);
    expect(far.message).toContain('"weather"');
    expect(far.message).toContain('decode, kernel, journal, each-indicator');
  });
});

describe('the suites', () => {
  it('have the names of the list, and say what they measure, leave out and aim at', async () => {
    const entries = [...SUITES, ...SUITES_ASKED_FOR];
    const suites = await Promise.all(entries.map(({ load }) => load()));

    expect(suites.map(({ name }) => name)).toEqual(entries.map(({ name }) => name));
    expect(new Set(entries.map(({ name }) => name)).size).toBe(entries.length);
    for (const { name, measures, leavesOut, target, variants } of suites) {
      expect(measures, name).not.toBe('');
      expect(leavesOut, name).not.toBe('');
      expect(target, name).not.toBe('');
      expect(variants.length, name).toBeGreaterThan(0);
      expect(new Set(variants.map((variant) => variant.name)).size, name).toBe(variants.length);
    }
  }, 60_000);

  it('name floors that they have, and goals by numbers that no other has', async () => {
    const suites = await Promise.all([...SUITES, ...SUITES_ASKED_FOR].map(({ load }) => load()));
    const ids = suites.flatMap(({ goals }) => (goals ?? []).map(({ id }) => id));

    for (const { name, variants } of suites) {
      const known = variants.map((variant) => variant.name);
      for (const { floors } of variants) {
        for (const { variant } of Object.values(floors ?? {})) {
          if (variant !== undefined) expect(known, name).toContain(variant);
        }
      }
    }
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^\d+(?:\.\d+)*$/.test(id))).toEqual([]);
  }, 60_000);
});
