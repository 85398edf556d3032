import { readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { isSymbolName } from '../domain/market/symbols.ts';
import { PURPOSES } from '../models/artefact/card.ts';
import { splitNames } from './name-list.ts';
import { common, type End, type Typed, verb, whole } from './program-parts.ts';
import type { TrainOptions } from './train-options.ts';
import type { Verbs } from './verbs.ts';

interface TypedTraining extends Typed {
  readonly models: readonly string[];
  readonly symbols: readonly string[];
  readonly layer?: number;
  readonly limit?: number;
  readonly lookbackDays?: number;
  readonly source?: string;
  readonly marketSymbols?: number;
  readonly marketDays?: number;
  readonly purpose: TrainOptions['purpose'];
  readonly label?: 'forward' | 'barrier';
  readonly features?: readonly string[];
  readonly sectors?: string;
  readonly actions?: string;
  readonly seed: number;
  readonly name?: string;
  readonly resume?: true;
  readonly checkLeaks?: true;
  readonly out?: string;
}

const SEED_MAX = Number.MAX_SAFE_INTEGER;

/** Models: trained, listed, told of. */
export function addTraining(program: Command, verbs: Verbs, end: End): void {
  addTrain(program, verbs, end);
  const models = program.command('models').description('the models there are, and their cards');
  verb(models, 'list', 'every model of the data directory, and those that came with it').action(
    async (typed: Typed) => {
      end(await verbs.models({ ...common(typed), action: { kind: 'list' } }));
    },
  );
  verb(models, 'show', 'the card of one: data, label, figures beside the baselines')
    .argument('<name>', 'a name, or NAME@VERSION; the one made last where it has no version')
    .option('--html', 'as a page with the loss curve and what its probabilities were worth')
    .action(async (model: string, typed: Typed & { readonly html?: true }) => {
      const action = { kind: 'show', model, isHtml: typed.html === true } as const;
      end(await verbs.models({ ...common(typed), action }));
    });
}

function addTrain(program: Command, verbs: Verbs, end: End): void {
  verb(program, 'train', 'train models out of a market, and say how good they are')
    .option('--models <list>', 'families or groups, as mlp,lstm or ensemble', listOf, ['ensemble'])
    .option('--source <place>', 'a folder of minutes or days, store, store:FEED; else seeded')
    .option('--symbols <list>', 'as AAPL,MSFT, or a file with one on each line', symbolsOf, [])
    .option('--layer <n>', 'symbols of this layer, as measured before the test', whole(0, 3))
    .option('--limit <n>', 'no more symbols than this', whole(1, 20_000))
    .option('--lookback-days <n>', 'only the last trading days', whole(1, 10_000))
    .addOption(
      new Option('--purpose <name>', 'what it is for: its label and how far that looks')
        .choices(PURPOSES)
        .default('momentum'),
    )
    .addOption(
      new Option('--label <kind>', 'where the price is then, or which barrier it meets').choices([
        'forward',
        'barrier',
      ]),
    )
    .option('--features <list>', 'instead of those of the configuration', splitNames)
    .option('--sectors <file>', 'GICS sectors for the sample of layer 0: symbol,sector')
    .option('--actions <file>', 'splits, for days that are unadjusted: symbol,date,split')
    .option('--market-symbols <n>', 'of the seeded market', whole(1, 10_000))
    .option('--market-days <n>', 'of the seeded market', whole(1, 1_000))
    .option('--seed <n>', 'of the market, the sample and the training', whole(0, SEED_MAX), 1)
    .option('--name <prefix>', 'how the models are called: PREFIX-FAMILY', prefixOf)
    .option('--resume', 'go on from the checkpoints of the same command')
    .option('--check-leaks', 'first train on labels without a meaning: nothing may foretell them')
    .option('--out <dir>', 'keep the models there, not in the data directory')
    .action(async (typed: TypedTraining) => end(await verbs.train(optionsOf(typed))));
}

function optionsOf(typed: TypedTraining): TrainOptions {
  const { models, symbols, layer, limit, lookbackDays, source, purpose, label, features } = typed;
  const { sectors, actions, seed, name, resume, checkLeaks, out, marketSymbols, marketDays } =
    typed;
  const market = {
    ...(marketSymbols === undefined ? {} : { symbols: marketSymbols }),
    ...(marketDays === undefined ? {} : { days: marketDays }),
  };
  return {
    ...common(typed),
    models,
    symbols,
    layer,
    limit,
    lookbackDays,
    source,
    market,
    purpose,
    label,
    features,
    sectors,
    actions,
    seed,
    name,
    isResumed: resume === true,
    isCheckingLeaks: checkLeaks === true,
    out,
  };
}

function listOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

const SYMBOLS_BYTES_MAX = 1_048_576;
const FILE = /^\.{0,2}\/|\.(?:txt|csv)$/i;

/** Names between commas, or the name of a file of them. `BTC/USD` is a name, `a.txt` is none. */
function symbolsOf(text: string): readonly string[] {
  const read = fileNames(text);
  if (read === undefined && FILE.test(text)) {
    throw new InvalidArgumentError(
      `"${text.slice(0, 80)}" is no symbol, nor a file that is there.`,
    );
  }
  const names = read ?? listOf(text);
  const wrong = names.find((name) => !isSymbolName(name));
  if (wrong !== undefined) {
    throw new InvalidArgumentError(
      `"${wrong.slice(0, 40)}" is no symbol, nor a file that is there.`,
    );
  }
  if (names.length === 0) throw new InvalidArgumentError('It names no symbol.');
  return [...new Set(names)];
}

/** Undefined where there is no such file. */
function fileNames(path: string): readonly string[] | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  if (text.length > SYMBOLS_BYTES_MAX) throw new InvalidArgumentError('The file is too large.');
  // A table's first column will do: `symbol,...` is its header.
  const rows = text.split(/\r?\n/).map((line) => line.split(/[,\t ]/, 1)[0]?.trim() ?? '');
  return rows.filter((name) => name !== '' && !name.startsWith('#') && !/^symbol$/i.test(name));
}

function prefixOf(text: string): string {
  if (/^[a-z0-9-]{1,48}$/.test(text)) return text;
  throw new InvalidArgumentError('It must be lower-case letters, digits and hyphens, at most 48.');
}
