import type { ConfiguredIndicator } from '../domain/indicators/declaration.ts';
import { plural } from './figures.ts';
import type { TalibParity } from './talib-parity.ts';

/** What a reader is told of an indicator: its declaration, and what it costs as configured. */
export interface IndicatorCard {
  readonly name: string;
  /** With its parameters: lookback and state are those of `rsi14`. */
  readonly label: string;
  readonly title: string;
  readonly family: string;
  readonly tells: string;
  readonly formula: string;
  readonly source: string;
  readonly parameters: readonly ParameterCard[];
  readonly inputs: readonly string[];
  readonly takesAnySeries: boolean;
  readonly outputs: readonly { readonly name: string; readonly units: string }[];
  readonly undefinedWhere?: string;
  /** Bars before the first value, as TA-Lib counts: with 14 the fifteenth bar has one. */
  readonly lookback?: number;
  /** Sessions before the one that has the first value, where no number of bars says it. */
  readonly lookbackSessions?: number;
  readonly stateBytes: number;
  /** The function whose every value it reproduces, or `none`. */
  readonly talib: string;
  /** Worst relative error against it, or `none`. */
  readonly parity: number | 'none';
  /** What TA-Lib's running sums lose after a jump of 1e9 and this one does not. */
  readonly talibLoses?: number;
}

export interface ParameterCard {
  readonly name: string;
  readonly value: number;
  readonly usual: number;
  readonly least: number;
  readonly most: number;
  readonly isWhole: boolean;
  /** Hardly anybody sets it. */
  readonly isQuiet: boolean;
}

export type Parities = Readonly<Record<string, TalibParity>>;

export function indicatorCard(indicator: ConfiguredIndicator, parities: Parities): IndicatorCard {
  const { declaration, label, warmupBars, width } = indicator;
  const { name, title, family, tells, formula, source, undefinedWhere, talib } = declaration;
  const parity = parities[talib ?? ''];
  const lookbackSessions = declaration.warmupSessions?.(indicator.parameters);
  return {
    name,
    label,
    title,
    family,
    tells,
    formula,
    source,
    parameters: declaration.parameters.map((parameter, at) => {
      const { usual, least, most, isWhole, isQuiet = false } = parameter;
      const value = indicator.parameters[at] ?? usual;
      return { name: parameter.name, value, usual, least, most, isWhole, isQuiet };
    }),
    inputs: declaration.inputs,
    takesAnySeries: declaration.takesAnySeries,
    outputs: declaration.outputs.map((output) => ({ name: output.name, units: output.units })),
    ...(undefinedWhere === undefined ? {} : { undefinedWhere }),
    ...(lookbackSessions === undefined ? { lookback: warmupBars - 1 } : { lookbackSessions }),
    stateBytes: width * Float64Array.BYTES_PER_ELEMENT,
    talib: talib ?? 'none',
    parity: worstOf(parity),
    ...(parity?.talibLoses === undefined ? {} : { talibLoses: parity.talibLoses }),
  };
}

/** `percent`, or `macd, signal: price; trend: sign` where they are in different units. */
export function outputsText({ outputs }: IndicatorCard): string {
  const groups = new Map<string, string[]>();
  for (const { name, units } of outputs) groups.set(units, [...(groups.get(units) ?? []), name]);
  return [...groups].map(([units, names]) => `${names.join(', ')}: ${units}`).join('; ');
}

/** `19`, `14 sessions`. */
export function lookbackText({ lookback, lookbackSessions }: IndicatorCard): string {
  return lookbackSessions === undefined ? `${lookback ?? 0}` : plural(lookbackSessions, 'session');
}

export function inputsText({ inputs, takesAnySeries }: IndicatorCard): string {
  if (!takesAnySeries) return inputs.join(', ');
  return `${inputs.join(' and ')}, or any ${inputs.length === 1 ? 'series' : 'two series'}`;
}

/** `2e-15`; `exact` where no bit differs. */
export function errorText(error: number | 'none'): string {
  if (error === 'none') return error;
  if (error === Number.POSITIVE_INFINITY) return 'no number';
  return error === 0 ? 'exact' : error.toExponential(1);
}

function worstOf(parity: TalibParity | undefined): number | 'none' {
  return parity === undefined ? 'none' : Math.max(parity.worst300, parity.worst2000);
}
