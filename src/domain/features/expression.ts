/**
 * A rule of a scanner or a derived feature, read but not yet checked: a tree of plain objects,
 * whoever read it. Numbers and conditions are two kinds and never stand for each other.
 */
export type Expression =
  | { readonly kind: 'number'; readonly value: number; readonly at: number }
  | {
      readonly kind: 'name';
      /** As a plan of features reads it: `close`, `sma(20, volume)`, `bollinger(20, 2).upper`. */
      readonly name: string;
      readonly timeframe?: string;
      readonly at: number;
    }
  | {
      readonly kind: 'operation';
      readonly operator: Operator;
      readonly operands: readonly Expression[];
      /** Column of its first number or name in the text, from 1; so everywhere. */
      readonly at: number;
    };

/** `choose` is `condition ? number : number`, or between two conditions. */
export type Operator = keyof typeof OPERATORS;

/** What goes in and what comes out; `same`: the branches are of one kind, and it is of that. */
export const OPERATORS = {
  add: { takes: 'number', makes: 'number' },
  subtract: { takes: 'number', makes: 'number' },
  multiply: { takes: 'number', makes: 'number' },
  divide: { takes: 'number', makes: 'number' },
  negate: { takes: 'number', makes: 'number' },
  abs: { takes: 'number', makes: 'number' },
  sqrt: { takes: 'number', makes: 'number' },
  log: { takes: 'number', makes: 'number' },
  exp: { takes: 'number', makes: 'number' },
  min: { takes: 'number', makes: 'number' },
  max: { takes: 'number', makes: 'number' },
  below: { takes: 'number', makes: 'condition' },
  atMost: { takes: 'number', makes: 'condition' },
  above: { takes: 'number', makes: 'condition' },
  atLeast: { takes: 'number', makes: 'condition' },
  equal: { takes: 'number', makes: 'condition' },
  unequal: { takes: 'number', makes: 'condition' },
  and: { takes: 'condition', makes: 'condition' },
  or: { takes: 'condition', makes: 'condition' },
  not: { takes: 'condition', makes: 'condition' },
  choose: { takes: 'same', makes: 'same' },
} as const;

/** Written as calls, with so many operands; any other call is one of an indicator. */
export const FUNCTIONS: ReadonlyMap<string, FunctionForm> = new Map<string, FunctionForm>([
  ['abs', { operator: 'abs', least: 1, most: 1 }],
  ['sqrt', { operator: 'sqrt', least: 1, most: 1 }],
  ['log', { operator: 'log', least: 1, most: 1 }],
  ['exp', { operator: 'exp', least: 1, most: 1 }],
  ['min', { operator: 'min', least: 2, most: 16 }],
  ['max', { operator: 'max', least: 2, most: 16 }],
]);

export interface FunctionForm {
  readonly operator: Operator;
  readonly least: number;
  readonly most: number;
}

/** What is wrong with an expression that somebody wrote. */
export interface ExpressionFault {
  /** In its text, from 1. */
  readonly column: number;
  /** What there is, or what was expected. */
  readonly reason: string;
  /** What was probably meant, where something is near. */
  readonly nearest?: string;
}

/** `column 7: no feature, column or indicator is called rsy14; did you mean rsi14?` */
export function describeExpressionFault({ column, reason, nearest }: ExpressionFault): string {
  const hint = nearest === undefined ? '' : `; did you mean ${nearest}?`;
  return `column ${column}: ${reason}${hint}`;
}
