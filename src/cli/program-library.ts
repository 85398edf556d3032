import { type Command, InvalidArgumentError, Option } from 'commander';
import type { DateNumber } from '../core/time.ts';
import { INDICATOR_FAMILIES } from '../domain/indicators/declaration.ts';
import { parseAnyDate } from './demo-date.ts';
import { splitNames } from './name-list.ts';
import { common, type End, type Typed, verb, whole } from './program-parts.ts';
import type { FeatureRowOptions, IndicatorsOptions, Verbs } from './verbs.ts';

interface TypedIndicators extends Typed {
  readonly family?: IndicatorsOptions['family'];
  readonly markdown?: true;
}

interface TypedFeatures extends Typed {
  readonly symbol?: string;
  readonly at?: string;
  readonly source?: string;
  readonly date?: DateNumber;
  readonly layer: number;
  readonly names?: readonly string[];
  readonly layout?: string;
  readonly history?: string;
  readonly macro?: string;
  readonly index: readonly (readonly [string, string])[];
  readonly earnings?: string;
  readonly fundamentals?: string;
  readonly news?: string;
  readonly sectors?: string;
}

/** The verbs that tell what there is to compute with. */
export function addLibrary(program: Command, verbs: Verbs, end: End): void {
  verb(program, 'indicators', 'the indicators: parameters, lookback, cost, parity with TA-Lib')
    .argument('[name]', 'one of them, as rsi or "bollinger(50, 2.5)": all that it declares')
    .addOption(new Option('--family <name>', 'only this family').choices(INDICATOR_FAMILIES))
    .option('--markdown', 'as a document')
    .action(async (name: string | undefined, typed: TypedIndicators) => {
      const { family, markdown } = typed;
      const isMarkdown = markdown === true;
      end(await verbs.indicators({ ...common(typed), name, family, isMarkdown }));
    });
  verb(program, 'features', 'the features; or what they were for a symbol at a moment')
    .argument('[name]', 'one of them: what it tells, reads and needs')
    .option('--symbol <name>', 'the row of this symbol')
    .option('--at <time>', 'at this moment, as 2013-10-08T15:00:00Z')
    .option('--source <path>', 'out of these recordings, or of a session of ours')
    .option('--date <date>', 'only this day of the recordings, as 2013-10-07', parseAnyDate)
    .option('--layer <n>', 'all features up to this layer', whole(0, 3), 3)
    .option('--names <list>', 'these, as return5,rsi14,"sma(20, volume)",return5:5m', splitNames)
    .addOption(
      new Option('--layout <file>', 'a stored layout, as --json tells one').conflicts('names'),
    )
    .option('--history <path>', 'daily bars before the recordings')
    .option('--macro <dir>', 'series of the economy as FRED writes them: M2SL.csv, ICSA.csv')
    .option('--index <name=file>', 'an index by days, as VIX=vix.csv; may be repeated', named, [])
    .option('--earnings <file>', 'dates of reports: symbol,date')
    .option('--fundamentals <file>', 'filings: symbol,field,value,filedDate')
    .option('--news <file>', 'headlines: symbol,time,headline')
    .option('--sectors <file>', 'GICS sectors: symbol,sector')
    .action(async (name: string | undefined, typed: TypedFeatures, command: Command) => {
      end(await verbs.features({ ...common(typed), name, row: rowOf(typed, command) }));
    });
}

/** All three of symbol, moment and source, or none. */
function rowOf(typed: TypedFeatures, command: Command): FeatureRowOptions | undefined {
  const { symbol, at, source, date, layer, names, layout, history } = typed;
  const { macro, index: indices, earnings, fundamentals, news, sectors } = typed;
  if (symbol === undefined && at === undefined && source === undefined) return undefined;
  if (symbol !== undefined && at !== undefined && source !== undefined) {
    const files = { macro, indices, earnings, fundamentals, news, sectors };
    return { symbol, at, source, date, layer, names, layout, history, files };
  }
  const missing = [
    ['--symbol', symbol],
    ['--at', at],
    ['--source', source],
  ].flatMap(([option, value]) => (value === undefined ? [option] : []));
  command.error(`error: a row needs ${missing.join(' and ')} too; no option lists the features`);
}

type Named = readonly (readonly [string, string])[];

/** `VIX=vix.csv`, beside those before it. */
function named(text: string, before: Named): Named {
  const [, name, path] = /^([A-Z][A-Z0-9]{0,15})=(.+)$/.exec(text) ?? [];
  if (name !== undefined && path !== undefined) return [...before, [name, path]];
  throw new InvalidArgumentError('It must be a name and a file, such as VIX=vix.csv.');
}
