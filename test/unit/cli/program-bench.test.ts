import { describe, expect, it } from 'vitest';
import { type BenchOptions, benchArguments } from '../../../src/cli/bench-options.ts';
import { EXIT_CODES } from '../../../src/cli/exit-codes.ts';
import { createProgram } from '../../../src/cli/program.ts';
import type { Verbs } from '../../../src/cli/verbs.ts';
import { createVerbs } from '../../../src/compose/verbs.ts';
import { parseOptions } from '../../../bench/harness/options.ts';
import { CollectingTerminal } from './collecting-terminal.ts';

const NOTHING: BenchOptions = {
  suites: [],
  runs: undefined,
  isQuick: false,
  isJson: false,
  isGoals: false,
  isList: false,
  html: undefined,
  baseline: undefined,
  compare: undefined,
  out: undefined,
  readme: undefined,
};

async function typed(line: string) {
  const terminal = new CollectingTerminal();
  const asked: BenchOptions[] = [];
  const verbs: Verbs = {
    ...createVerbs(terminal, () => new AbortController().signal),
    bench: async (options) => {
      asked.push(options);
      return EXIT_CODES.ok;
    },
  };
  const program = createProgram(verbs, terminal, () => undefined);
  const failed = await program
    .parseAsync(line.split(' '), { from: 'user' })
    .then(() => undefined)
    .catch((error: unknown) => String(error));
  return { asked, failed, terminal };
}

describe('strata bench on the command line', () => {
  it.each<[string, Partial<BenchOptions>]>([
    ['bench', {}],
    ['bench decode kernel --runs 3', { suites: ['decode', 'kernel'], runs: 3 }],
    [
      'bench --quick --goals --json --list',
      { isQuick: true, isGoals: true, isJson: true, isList: true },
    ],
    ['bench --html a.html --baseline b.json', { html: 'a.html', baseline: 'b.json' }],
    ['bench --compare main~3', { compare: 'main~3' }],
    ['bench --out bench/results', { out: 'bench/results' }],
    ['bench --readme README.md', { readme: 'README.md' }],
  ])('hands %j to its verb', async (line, options) => {
    const { asked, failed } = await typed(line);

    expect(failed).toBeUndefined();
    expect(asked).toEqual([{ ...NOTHING, ...options }]);
  });

  it.each([
    ['bench --runs 0', '--runs'],
    ['bench --runs many', '--runs'],
    ['bench --compare main --out bench/results', '--out'],
    ['bench --quick --out bench/results', '--out'],
    ['bench --fast', '--fast'],
  ])('refuses %j and names the option', async (line, option) => {
    const { asked, failed, terminal } = await typed(line);

    expect(asked).toEqual([]);
    expect(failed).toBeDefined();
    expect(terminal.errors).toContain(option);
  });

  it('hands every option on in words that the harness reads to the same', () => {
    const options: BenchOptions = {
      suites: ['decode', 'kernel'],
      runs: 3,
      isQuick: true,
      isJson: true,
      isGoals: true,
      isList: true,
      html: '-a.html',
      baseline: 'b c.json',
      compare: undefined,
      out: undefined,
      readme: 'README.md',
    };
    const { isQuick: _, ...same } = options;

    expect(parseOptions(benchArguments(options))).toEqual({ ...same, scale: 'quick' });
    expect(parseOptions(benchArguments({ ...NOTHING, compare: 'v1' })).compare).toBe('v1');
    expect(parseOptions(benchArguments({ ...NOTHING, out: 'results' })).out).toBe('results');
  });
});
