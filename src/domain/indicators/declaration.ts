import { assert } from '../../core/assert.ts';
import { BAR_COLUMNS, type BarColumn, type Indicator } from './indicator.ts';

/**
 * An indicator, declared once: this drives the table a person reads, the check of a config, the
 * feature registry and the parity table, so that none of them can say something else.
 */
export interface IndicatorDeclaration {
  /** As config and expressions name it: `sma`, `bollinger`, `threeBlackCrows`. */
  readonly name: string;
  /** As a book names it: `Simple moving average`. */
  readonly title: string;
  readonly family: IndicatorFamily;
  /** What it tells a trader, in one sentence. */
  readonly tells: string;
  /** The formula with its conventions (seeding, smoothing, kind of deviation), in plain text. */
  readonly formula: string;
  /** Where the formula is from: `TA-Lib SMA`, or an author, a title and a year. */
  readonly source: string;
  /** Raised whenever its formula gives other numbers; 1 where left out. */
  readonly version?: number;
  readonly parameters: readonly ParameterDeclaration[];
  /** The columns of a bar that it reads, in the order in which `build` gets their places. */
  readonly inputs: readonly BarColumn[];
  /** Its inputs are any series, and those named are only the usual ones (TA-Lib's `inReal`). */
  readonly takesAnySeries: boolean;
  readonly outputs: readonly OutputDeclaration[];
  /** The function of TA-Lib whose every value it reproduces. */
  readonly talib?: string;
  /** Left out: once ready, always a number. Else where it has none: `NaN outside -1 to 1`. */
  readonly undefinedWhere?: string;
  /**
   * Sessions that must be over before every output can be a number, for those that compare with
   * earlier ones or wait within their own (0): how many bars that is depends on the bars.
   */
  readonly warmupSessions?: (parameters: readonly number[]) => number;
  /** The slot in which it keeps the session of its last bar, where it keeps it. */
  readonly sessionSlot?: number;
  /** Parameters that go badly together: which one is at fault and what was expected of it. */
  readonly refuses?: (parameters: readonly number[]) => Refusal | undefined;
  /**
   * Makes it for checked parameters. `places`: where in the bar each of its inputs stands. Where
   * speed matters its `update` hands over to a function of the module: of that there is one, so V8
   * has the names of the slots as numbers in its code, where a closure of several looks them up.
   */
  readonly build: (parameters: readonly number[], places: readonly number[]) => IndicatorBody;
}

/** What a declaration builds: the formula without its names. */
export type IndicatorBody = Pick<Indicator, 'width' | 'warmupBars' | 'reset' | 'update'>;

/** Of one of an indicator's parameters, by its name. */
export type Refusal = Pick<ParameterFault, 'field' | 'expected'>;

export const INDICATOR_FAMILIES = [
  'overlap',
  'momentum',
  'volatility',
  'volume',
  'session',
  'statistics',
  'cycle',
  'price',
  'math',
  'candles',
] as const;
export type IndicatorFamily = (typeof INDICATOR_FAMILIES)[number];

export interface ParameterDeclaration {
  /** `period`, `deviations`, `averageKind`. */
  readonly name: string;
  readonly least: number;
  readonly most: number;
  /** What traders take where nothing is said. */
  readonly usual: number;
  readonly isWhole: boolean;
  /** Hardly anybody sets it: a label leaves it out where it is the usual one and the last. */
  readonly isQuiet?: boolean;
  /** TA-Lib's name of it: `optInTimePeriod`. */
  readonly talib?: string;
}

export interface OutputDeclaration {
  readonly name: string;
  readonly units: Units;
  /** TA-Lib's name of it: `outReal`. */
  readonly talib?: string;
}

/**
 * `price` in dollars, as the bars have it; `price2` its square; `money` price times shares;
 * `percent` around 0 to 100; `ratio` a pure number; `sign` -1, 0 or 1; `flag` 1 where it holds, 0
 * where it does not; `pattern` TA-Lib's -200 to 200; `series` what its input is in; `number` of a
 * scale of its own.
 */
export type Units =
  | 'price'
  | 'price2'
  | 'money'
  | 'shares'
  | 'percent'
  | 'ratio'
  | 'sign'
  | 'flag'
  | 'bars'
  | 'bits'
  | 'radians'
  | 'degrees'
  | 'pattern'
  | 'series'
  | 'number';

/** TA-Lib takes 100,000; a window this long on minute bars is already a month of sessions. */
export const PERIOD_MAX = 10_000;

/** A whole number of bars: the parameter that most indicators have. */
export function periodParameter(
  usual: number,
  least = 2,
  name = 'period',
  talib?: string,
): ParameterDeclaration {
  const period = { name, least, most: PERIOD_MAX, usual, isWhole: true };
  return talib === undefined ? period : { ...period, talib };
}

/** The same of a function of TA-Lib that has one period. */
export function talibPeriod(usual: number, least = 2): ParameterDeclaration {
  return periodParameter(usual, least, 'period', 'optInTimePeriod');
}

/** An indicator with its parameters and inputs set. */
export interface ConfiguredIndicator extends Indicator {
  readonly declaration: IndicatorDeclaration;
  /** In the order of the declaration: `[12, 26, 9]`. */
  readonly parameters: readonly number[];
  /** Where in the bar each input stands. */
  readonly places: readonly number[];
  /** One of a kind in a set: `sma20`, `macd12-26-9`, `vwap`, `sma20@volume`. */
  readonly label: string;
}

/**
 * An indicator from values of our own; from a config, ask `parameterFault` first.
 *
 * @param parameters left out or short: the usual ones.
 * @param places where its series stand, for an indicator that takes any.
 */
export function configure(
  declaration: IndicatorDeclaration,
  parameters: readonly number[] = [],
  places: readonly number[] = usualPlaces(declaration),
): ConfiguredIndicator {
  const fault = parameterFault(declaration, parameters);
  assert(fault === undefined, `${declaration.name}: ${fault?.expected ?? ''}`);
  assert(places.length === declaration.inputs.length, `${declaration.name} has all its inputs`);
  const whole = declaration.parameters.map(({ usual }, at) => parameters[at] ?? usual);
  return {
    declaration,
    name: declaration.name,
    outputs: declaration.outputs.map(({ name }) => name),
    parameters: whole,
    places: [...places],
    label: labelOf(declaration, whole, places),
    ...declaration.build(kept(whole), kept(places)),
  };
}

/**
 * The same numbers, the whole ones kept as integers. V8 may keep a list of numbers as doubles, also
 * where only a list made in the same place once held a fraction. A period read from it then counts
 * bars in doubles, and the ten take a third longer. A list that held something else does not.
 */
function kept(values: readonly number[]): readonly number[] {
  const list: (number | undefined)[] = values.map(() => undefined);
  for (const [place, value] of values.entries()) {
    list[place] = value === (value | 0) ? value | 0 : value;
  }
  assert(areNumbers(list), 'every number is kept');
  return list;
}

function areNumbers(values: readonly (number | undefined)[]): values is readonly number[] {
  return !values.includes(undefined);
}

/** What is wrong with parameters that somebody wrote. */
export interface ParameterFault {
  readonly indicator: string;
  /** Name of the parameter. */
  readonly field: string;
  readonly value: number;
  readonly expected: string;
}

export function parameterFault(
  declaration: IndicatorDeclaration,
  parameters: readonly number[],
): ParameterFault | undefined {
  const { name: indicator, parameters: declared } = declaration;
  if (parameters.length > declared.length) {
    const expected = `at most ${declared.length} parameters`;
    return { indicator, field: 'parameters', value: parameters.length, expected };
  }
  for (const [at, { name: field, least, most, isWhole }] of declared.entries()) {
    const value = parameters[at];
    if (value === undefined) continue;
    if (value >= least && value <= most && (!isWhole || Number.isInteger(value))) continue;
    const kind = isWhole ? 'a whole number' : 'a number';
    return { indicator, field, value, expected: `${field} is ${kind} from ${least} to ${most}` };
  }
  const whole = declared.map(({ usual }, at) => parameters[at] ?? usual);
  const refusal = declaration.refuses?.(whole);
  if (refusal === undefined) return undefined;
  const value = whole[declared.findIndex(({ name }) => name === refusal.field)] ?? NaN;
  return { indicator, value, ...refusal };
}

/** Places of the columns that an indicator reads unless it is told others. */
export function usualPlaces({ inputs }: IndicatorDeclaration): readonly number[] {
  return inputs.map((column) => BAR_COLUMNS.indexOf(column));
}

function labelOf(
  declaration: IndicatorDeclaration,
  parameters: readonly number[],
  places: readonly number[],
): string {
  const usual = usualPlaces(declaration);
  let told = parameters.length;
  while (told > 0 && isUntold(declaration.parameters[told - 1], parameters[told - 1])) told -= 1;
  const name = declaration.name + parameters.slice(0, told).join('-');
  if (places.every((place, at) => place === usual[at])) return name;
  return `${name}@${places.map((place) => BAR_COLUMNS[place] ?? place).join('+')}`;
}

function isUntold(parameter: ParameterDeclaration | undefined, value: number | undefined): boolean {
  return parameter?.isQuiet === true && value === parameter.usual;
}
