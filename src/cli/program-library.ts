import { type Command, Option } from 'commander';
import { INDICATOR_FAMILIES } from '../domain/indicators/declaration.ts';
import { common, type End, type Typed, verb } from './program-parts.ts';
import type { IndicatorsOptions, Verbs } from './verbs.ts';

interface TypedIndicators extends Typed {
  readonly family?: IndicatorsOptions['family'];
  readonly markdown?: true;
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
}
