import { type Command, Option } from 'commander';
import type { DateNumber } from '../core/time.ts';
import { INDICATOR_FAMILIES } from '../domain/indicators/declaration.ts';
import { parseAnyDate } from './demo-date.ts';
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
    .option('--symbol <name>', 'the row of this symbol')
    .option('--at <time>', 'at this moment, as 2013-10-08T15:00:00Z')
    .option('--source <path>', 'out of these recordings, or of a session of ours')
    .option('--date <date>', 'only this day of the recordings, as 2013-10-07', parseAnyDate)
    .option('--layer <n>', 'all features up to this layer', whole(0, 3), 3)
    .option('--names <list>', 'these, as return5,rsi14,return5:5m', (text) => text.split(','))
    .action(async (typed: TypedFeatures, command: Command) => {
      end(await verbs.features({ ...common(typed), row: rowOf(typed, command) }));
    });
}

/** All three of symbol, moment and source, or none. */
function rowOf(typed: TypedFeatures, command: Command): FeatureRowOptions | undefined {
  const { symbol, at, source, date, layer, names } = typed;
  if (symbol === undefined && at === undefined && source === undefined) return undefined;
  if (symbol !== undefined && at !== undefined && source !== undefined) {
    return { symbol, at, source, date, layer, names };
  }
  const missing = [
    ['--symbol', symbol],
    ['--at', at],
    ['--source', source],
  ].flatMap(([option, value]) => (value === undefined ? [option] : []));
  command.error(`error: a row needs ${missing.join(' and ')} too; no option lists the features`);
}
