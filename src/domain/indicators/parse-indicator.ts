import { nearestWord } from '../../core/nearest-word.ts';
import {
  type ConfiguredIndicator,
  configure,
  type IndicatorDeclaration,
  parameterFault,
  usualPlaces,
} from './declaration.ts';
import { BAR_COLUMNS, type BarColumn } from './indicator.ts';
import { findIndicator, INDICATORS } from './registry.ts';

/** What is wrong with an indicator that somebody wrote. */
export interface IndicatorFault {
  /** Name of the indicator, as far as it was understood. */
  readonly indicator: string;
  /** Name of a parameter, or `indicator`, `parameters`, `series`, `text`. */
  readonly field: string;
  /** As it was written. */
  readonly value: string;
  readonly expected: string;
  /** What was probably meant, where something is near. */
  readonly nearest?: string | undefined;
}

export type ParsedIndicator =
  | { readonly isOk: true; readonly indicator: ConfiguredIndicator }
  | { readonly isOk: false; readonly fault: IndicatorFault };

/**
 * An indicator as config, expressions and people write it: by its label (`rsi14`, `macd12-26-9`,
 * `sma20@volume`) or as a call (`macd(12, 26, 9)`, `sma(20, volume)`). What is left out is usual.
 */
export function parseIndicator(text: string): ParsedIndicator {
  const written = text.trim();
  const found = written.length <= TEXT_MAX ? FORM.exec(written)?.groups : undefined;
  const { head = '', call, series } = found ?? {};
  if (head === '') return unread(written);
  const { name, values } =
    call === undefined ? splitLabel(head) : { name: head, values: words(call) };
  const declaration = findIndicator(name);
  if (declaration === undefined) return unknown(name);
  const named = series === undefined ? [] : series.split('+').map((word) => word.trim());
  return fill(declaration, [...values, ...named]);
}

/** Whether somebody who writes it means an indicator, with sound parameters or without. */
export function namesIndicator(label: string): boolean {
  return findIndicator(splitLabel(label).name) !== undefined;
}

/** One line for a person: `rsi: period is a whole number from 2 to 10000, not 1`. */
export function describeIndicatorFault(fault: IndicatorFault): string {
  const { indicator, field, value, expected, nearest } = fault;
  const hint = nearest === undefined ? '' : `; did you mean ${nearest}?`;
  if (field === 'indicator') return `no indicator is called ${value}${hint}`;
  const of = indicator === '' ? '' : `${indicator}: `;
  return `${of}${expected}, not ${value === '' ? 'empty' : value}${hint}`;
}

const TEXT_MAX = 200;
const FORM = /^(?<head>[\w.+-]*?)\s*(?:\((?<call>[^()@]*)\))?\s*(?:@(?<series>[\w+\s]+))?$/;
const NUMBER = /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/;
/** Where a label's parameters begin is what its name leaves over. */
const NUMBERS = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?(?:--?\d+(?:\.\d+)?(?:e[+-]?\d+)?)*$/;
/** The minus of an exponent, or of a number below zero, separates nothing. */
const NUMBERS_SPLIT = /(?<=\d)-(?=[-\d])/;

type Written = { readonly name: string; readonly values: readonly string[] };

/** `macd12-26-9` is macd with three parameters; `t35` is t3 with one, as there is no t. */
function splitLabel(head: string): Written {
  let best: Written | undefined;
  for (const { name } of INDICATORS) {
    if (!head.startsWith(name) || name.length <= (best?.name.length ?? 0)) continue;
    const rest = head.slice(name.length);
    if (rest === '') best = { name, values: [] };
    else if (NUMBERS.test(rest)) best = { name, values: rest.split(NUMBERS_SPLIT) };
  }
  if (best !== undefined) return best;
  const digits = /-?\d[\d.e+-]*$/.exec(head);
  return { name: digits === null ? head : head.slice(0, digits.index), values: [] };
}

function words(call: string): readonly string[] {
  return call.trim() === '' ? [] : call.split(',').map((word) => word.trim());
}

/** Numbers are parameters and names are series, in whatever order they stand. */
function fill(declaration: IndicatorDeclaration, values: readonly string[]): ParsedIndicator {
  const parameters: number[] = [];
  const places: number[] = [];
  for (const value of values) {
    if (NUMBER.test(value)) {
      parameters.push(Number(value));
      continue;
    }
    const place = BAR_COLUMNS.findIndex((column) => column === value);
    if (place < 0) return unknownWord(declaration, value, parameters.length);
    places.push(place);
  }
  const { name: indicator } = declaration;
  const wrong = parameterFault(declaration, parameters);
  if (wrong !== undefined) return fault({ ...wrong, indicator, value: String(wrong.value) });
  if (places.length === 0) return ok(configure(declaration, parameters));
  const series = seriesFault(declaration, places);
  return series ?? ok(configure(declaration, parameters, places));
}

/** A series that is given must be one that the indicator can take. */
function seriesFault(
  declaration: IndicatorDeclaration,
  places: readonly number[],
): ParsedIndicator | undefined {
  const { name: indicator, inputs, takesAnySeries } = declaration;
  const usual = usualPlaces(declaration);
  const isUsual = places.length === usual.length && places.every((one, at) => one === usual[at]);
  if (isUsual || (takesAnySeries && places.length === inputs.length)) return undefined;
  const value = places.map((place) => BAR_COLUMNS[place]).join('+');
  const expected = takesAnySeries
    ? `series are ${inputs.length} of ${BAR_COLUMNS.join()}`
    : `series are ${inputs.join('+')} and no others`;
  return fault({ indicator, field: 'series', value, expected });
}

function unknownWord(
  declaration: IndicatorDeclaration,
  value: string,
  at: number,
): ParsedIndicator {
  const { name: indicator, parameters, takesAnySeries } = declaration;
  const columns: readonly BarColumn[] = takesAnySeries ? BAR_COLUMNS : [];
  const nearest = nearestWord(value, columns);
  const field = nearest === undefined ? (parameters[at]?.name ?? 'parameters') : 'series';
  const kind = takesAnySeries ? `a number or a series (${columns.join()})` : 'a number';
  const expected = `${field === 'parameters' ? 'a parameter' : field} is ${kind}`;
  const hint = nearest === undefined ? {} : { nearest };
  return fault({ indicator, field, value, expected, ...hint });
}

/** By its name in TA-Lib too, which many know. */
function unknown(name: string): ParsedIndicator {
  const expected = 'the name of an indicator';
  return fault({
    indicator: name,
    field: 'indicator',
    value: name,
    expected,
    // Looked for by who tells it: a plan of features asks of each name whether it is one.
    get nearest() {
      const known = INDICATORS.find(({ talib }) => talib === name.toUpperCase());
      const names = INDICATORS.map((declaration) => declaration.name);
      return known?.name ?? nearestWord(name, names);
    },
  });
}

function unread(written: string): ParsedIndicator {
  const value = written.length <= TEXT_MAX ? written : `${written.slice(0, TEXT_MAX)}...`;
  return fault({
    indicator: '',
    field: 'text',
    value,
    expected: 'an indicator is written rsi, rsi14 or rsi(14)',
  });
}

function ok(indicator: ConfiguredIndicator): ParsedIndicator {
  return { isOk: true, indicator };
}

function fault(what: IndicatorFault): ParsedIndicator {
  return { isOk: false, fault: what };
}
