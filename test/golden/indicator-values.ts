import { Hash64 } from '../../src/core/hash.ts';
import {
  type ConfiguredIndicator,
  configure,
  type IndicatorDeclaration,
  parameterFault,
} from '../../src/domain/indicators/declaration.ts';
import { VOLUME } from '../../src/domain/indicators/indicator.ts';
import { BarSource } from '../reference/bars.ts';
import { candleBars } from './candle-market.ts';

/** What an indicator made of the bars below, and by which version of its formula. */
export type KnownValues = { readonly version: number; readonly hash: string };
/** By label: an indicator with parameters. */
export type ValuesByLabel = Readonly<Record<string, KnownValues>>;

/** With the usual parameters, and with the least ones where they go together. */
export function indicatorValues(indicators: readonly IndicatorDeclaration[]): ValuesByLabel {
  const known = indicators.flatMap((declaration) => {
    const { version = 1, family } = declaration;
    const least = declaration.parameters.map((parameter) => parameter.least);
    const sets = parameterFault(declaration, least) === undefined ? [[], least] : [[]];
    return sets.map((parameters) => {
      const indicator = configure(declaration, parameters);
      const markets = family === 'candles' ? [CANDLES] : SESSIONS;
      return [indicator.label, { version, hash: hashOutputs(indicator, markets) }] as const;
    });
  });
  return Object.fromEntries(known);
}

/** What is to be done about an entry that is not as it was; undefined where it is. */
export function valuesFault(
  label: string,
  was: KnownValues | undefined,
  is: KnownValues | undefined,
): string | undefined {
  if (was === undefined) return `${label} is new: write its values with\n${MAKE}`;
  if (is === undefined) return `${label} is gone: take out its values with\n${MAKE}`;
  if (was.version === is.version && was.hash !== is.hash) {
    return (
      `${label} gives other numbers than version ${was.version} of its formula: if that is ` +
      `meant, write \`version: ${was.version + 1}\` into its declaration (and into those that ` +
      'are built of it), so that checkpoints and models of the old numbers are not taken for the ' +
      `new; then\n${MAKE}`
    );
  }
  if (was.version === is.version) return undefined;
  const versions = `version ${is.version}, not ${was.version}`;
  return `${label} is now ${versions}: write its values with\n${MAKE}`;
}

const MAKE = 'node --import ./test/typescript-threads.mjs test/golden/make-indicator-values.ts';

const BARS = 400;
const SEED = 20_261_120;
/** Sessions of the usual length, and so short that more than twenty of them are over. */
const DOLLARS = [390, 18].map((sessionBars) => new BarSource(SEED, sessionBars).take(BARS));
/** And prices under 1, for what is defined there alone. */
const SESSIONS = [...DOLLARS, new BarSource(SEED).take(BARS).map(small)];
/** Bars in which every pattern is found. */
const CANDLES = candleBars();

type Bars = readonly Float64Array[];

function small(bar: Float64Array): Float64Array {
  return bar.map((value, place) => (place < VOLUME ? value / 1_000 : value));
}

/** Of every bit of every output after every bar. */
function hashOutputs(indicator: ConfiguredIndicator, markets: readonly Bars[]): string {
  const hash = new Hash64();
  const many = indicator.outputs.length;
  const told = new Float64Array(many);
  const bytes = new Uint8Array(told.buffer);
  for (const bars of markets) {
    const state = new Float64Array(indicator.width);
    indicator.reset(state, 0);
    for (const bar of bars) {
      indicator.update(state, 0, bar);
      // Which of its many NaNs an engine writes is its own affair.
      for (let slot = 0; slot < many; slot += 1) {
        const value = state[slot] ?? Number.NaN;
        told[slot] = 0;
        if (Number.isNaN(value)) bytes.fill(0xff, 8 * slot, 8 * slot + 8);
        else told[slot] = value;
      }
      hash.bytes(bytes);
    }
  }
  return hash.hex();
}
