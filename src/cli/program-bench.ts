import { type Command, Option } from 'commander';
import { type End, whole } from './program-parts.ts';
import type { Verbs } from './verbs.ts';

const RUNS_MAX = 100;

interface TypedBench {
  readonly runs?: number;
  readonly quick?: true;
  readonly json?: true;
  readonly goals?: true;
  readonly list?: true;
  readonly html?: string;
  readonly baseline?: string;
  readonly compare?: string;
  readonly out?: string;
  readonly readme?: string;
}

/** It measures this machine and no session: the options that every other verb has are not its. */
export function addBench(program: Command, verbs: Verbs, end: End): void {
  program
    .command('bench')
    .description('what the latency and the throughput are on this machine, and of what they are')
    .argument('[suite...]', 'names of suites; all of them if left out')
    .option('--runs <n>', 'runs of each variant (default: 5, quick 1)', whole(1, RUNS_MAX))
    .option('--quick', 'little of everything, in minutes: it shows that all works')
    .option('--goals', 'only the suites that have goals, and the table of them')
    .option('--list', 'the suites, and what each measures')
    .option('--json', 'one JSON value instead of text')
    .option('--html <file>', 'write one page with charts')
    .option('--baseline <file>', 'compare with the JSON of an earlier run')
    .option('--compare <revision>', 'build another git revision beside, and run both in turn')
    .addOption(
      new Option('--out <dir>', 'keep dated results there').conflicts(['compare', 'quick']),
    )
    .option('--readme <file>', 'run nothing: write the newest kept results between its markers')
    .action(async (suites: readonly string[], typed: TypedBench) => {
      const { runs, quick, json, goals, list, html, baseline, compare, out, readme } = typed;
      const options = {
        suites,
        runs,
        isQuick: quick === true,
        isJson: json === true,
        isGoals: goals === true,
        isList: list === true,
        html,
        baseline,
        compare,
        out,
        readme,
      };
      end(await verbs.bench(options));
    });
}
