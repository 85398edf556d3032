import { exp, log } from '../../src/core/math.ts';
import type { Expression } from '../../src/domain/features/expression.ts';

/**
 * What an expression says, read off its tree one row at a time: undefined where it is not known.
 * Written for clarity, and apart from the compiler that it is held against.
 */
export type Said = number | boolean | undefined;

export function valueOf(expression: Expression, row: ReadonlyMap<string, number>): Said {
  if (expression.kind === 'number') return expression.value;
  if (expression.kind === 'name') return known(row.get(expression.name) ?? Number.NaN);
  const { operator } = expression;
  const operands = expression.operands.map((operand) => valueOf(operand, row));
  if (operator === 'and') return kleene(operands, false);
  if (operator === 'or') return kleene(operands, true);
  if (operator === 'choose') {
    const [is, then, otherwise] = operands;
    return is === undefined ? undefined : is === true ? then : otherwise;
  }
  if (operands.includes(undefined)) return undefined;
  if (operator === 'not') return operands[0] !== true;
  const [x = Number.NaN, y = Number.NaN] = operands.map(Number);
  switch (operator) {
    case 'below':
      return x < y;
    case 'atMost':
      return x <= y;
    case 'above':
      return x > y;
    case 'atLeast':
      return x >= y;
    case 'equal':
      return x === y;
    case 'unequal':
      return x !== y;
    case 'min':
      return Math.min(...operands.map(Number));
    case 'max':
      return Math.max(...operands.map(Number));
    default:
      return known(ARITHMETIC[operator](x, y));
  }
}

const ARITHMETIC = {
  add: (x: number, y: number) => x + y,
  subtract: (x: number, y: number) => x - y,
  multiply: (x: number, y: number) => x * y,
  divide: (x: number, y: number) => x / y,
  negate: (x: number) => -x,
  abs: (x: number) => Math.abs(x),
  sqrt: (x: number) => Math.sqrt(x),
  log,
  exp,
};

/** `decides`: what one operand alone makes of the whole, whatever the others are. */
function kleene(operands: readonly Said[], decides: boolean): Said {
  if (operands.includes(decides)) return decides;
  return operands.includes(undefined) ? undefined : !decides;
}

function known(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}
