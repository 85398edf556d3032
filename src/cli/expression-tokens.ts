import type { ExpressionFault } from '../domain/features/expression.ts';

/**
 * The words of an expression. Only what an expression may hold has a form here, so that whoever
 * parses the text never sees anything else: no quotes, no assignments, no brackets but a timeframe.
 */
export interface Token {
  readonly kind: 'number' | 'name' | 'timeframe' | 'operator';
  readonly text: string;
  /** From 1. */
  readonly column: number;
}

const FORMS = [
  /(?<number>(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)(?![\w.$])/,
  /(?<name>[A-Za-z_]\w*)(?![\w$])/,
  /\[(?<timeframe>\d+[a-z])\]/,
  /(?<operator><=|>=|==|!=|[-+*/<>(),?:.])/,
];
const TOKEN = new RegExp(`\\s*(?:${FORMS.map(({ source }) => source).join('|')})`, 'y');

/** Words of the parser that are no names here. */
const RESERVED: ReadonlyMap<string, string> = new Map([
  ...['true', 'false', 'null', 'undefined', 'NaN', 'Infinity', 'end'].map(
    (word) => [word, 'a number or the name of a feature is expected'] as const,
  ),
  ...['xor', 'mod', 'to', 'in'].map((word) => [word, `there is no operator ${word}`] as const),
]);

const OPERATOR_WORDS: ReadonlySet<string> = new Set(['and', 'or', 'not']);

/** What somebody probably meant by a sign that has no place. */
const SIGNS: ReadonlyMap<string, string> = new Map([
  ['=', 'two numbers are compared with =='],
  ['&', 'two conditions are joined with the word and'],
  ['|', 'two conditions are joined with the word or'],
  ['!', 'a condition is denied with the word not'],
  ['^', 'a power is written as a product: x * x'],
  ['@', 'the series of an indicator is its last parameter: sma(20, volume)'],
  ['[', 'brackets hold a timeframe and nothing else: rsi14[5m]'],
  ['"', 'names are written without quotes, a timeframe as in rsi14[5m]'],
  ["'", 'names are written without quotes, a timeframe as in rsi14[5m]'],
]);

/** Of text without line ends. */
export function tokensOf(text: string, depthMax: number): readonly Token[] | ExpressionFault {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  let depth = 0;
  TOKEN.lastIndex = 0;
  for (let at = 0; at < end; at = TOKEN.lastIndex) {
    const { groups } = TOKEN.exec(text) ?? {};
    if (groups === undefined) return faultAt(text, at);
    const found = Object.entries(groups).find(([, value]) => value !== undefined);
    const token = tokenOf(found?.[0] ?? '', found?.[1] ?? '', TOKEN.lastIndex);
    const reserved = token.kind === 'name' ? RESERVED.get(token.text) : undefined;
    if (reserved !== undefined) return { column: token.column, reason: reserved };
    if (token.text === '(') depth += 1;
    if (token.text === ')') depth -= 1;
    if (depth > depthMax) {
      return { column: token.column, reason: `at most ${depthMax} parentheses are open at once` };
    }
    tokens.push(token);
  }
  return tokens.length > 0 ? tokens : { column: 1, reason: 'an expression is expected' };
}

function tokenOf(group: string, text: string, endAt: number): Token {
  if (group === 'timeframe') return { kind: group, text, column: endAt - text.length - 1 };
  const column = endAt - text.length + 1;
  if (group === 'number') return { kind: group, text, column };
  const isName = group === 'name' && !OPERATOR_WORDS.has(text);
  return { kind: isName ? 'name' : 'operator', text, column };
}

function faultAt(text: string, from: number): ExpressionFault {
  const at = from + (/\S/.exec(text.slice(from))?.index ?? 0);
  const rest = text.slice(at);
  const sign = String.fromCodePoint(text.codePointAt(at) ?? 0);
  const number = /^[\d.][\w.$]*/.exec(rest)?.[0];
  return { column: at + 1, reason: number === undefined ? signReason(sign) : numberReason(number) };
}

function signReason(sign: string): string {
  return SIGNS.get(sign) ?? `${JSON.stringify(sign)} has no place in an expression`;
}

function numberReason(number: string): string {
  if (/^\d+[smhd]$/.test(number)) return `a timeframe is written in brackets: rsi14[${number}]`;
  return `${number} is neither a number nor a name`;
}
