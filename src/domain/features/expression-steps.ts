import { exp, log } from '../../core/math.ts';
import type { Operator } from './expression.ts';

/** One operation over so many rows, from registers to a register of the same array. */
export type Step = (values: Float64Array, base: number, from: Int32Array, count: number) => void;

/** `s[to ..]` of `s[a ..]` and `s[b ..]`; one operand: of `s[a ..]`. */
type StepOf = (s: Float64Array, to: number, a: number, b: number) => Step;

/**
 * Each with a loop of its own: one loop for all that called what is done would be compiled for
 * none of them, and would box every number.
 */
export const STEPS: Readonly<Record<Exclude<Operator, 'choose'>, StepOf>> = {
  add: (s, to, a, b) => (_values, _base, _from, count) => {
    for (let row = 0; row < count; row += 1) s[to + row] = known(at(s, a + row) + at(s, b + row));
  },
  subtract: (s, to, a, b) => (_values, _base, _from, count) => {
    for (let row = 0; row < count; row += 1) s[to + row] = known(at(s, a + row) - at(s, b + row));
  },
  multiply: (s, to, a, b) => (_values, _base, _from, count) => {
    for (let row = 0; row < count; row += 1) s[to + row] = known(at(s, a + row) * at(s, b + row));
  },
  divide: (s, to, a, b) => (_values, _base, _from, count) => {
    for (let row = 0; row < count; row += 1) s[to + row] = known(at(s, a + row) / at(s, b + row));
  },
  negate: (s, to, a) => (_values, _base, _from, count) => {
    for (let row = 0; row < count; row += 1) s[to + row] = -at(s, a + row);
  },
  abs: (s, to, a) => (_values, _base, _from, count) => {
    for (let row = 0; row < count; row += 1) s[to + row] = Math.abs(at(s, a + row));
  },
  sqrt: (s, to, a) => (_values, _base, _from, count) => {
    for (let row = 0; row < count; row += 1) s[to + row] = known(Math.sqrt(at(s, a + row)));
  },
  log: (s, to, a) => (_values, _base, _from, count) => {
    for (let row = 0; row < count; row += 1) s[to + row] = known(log(at(s, a + row)));
  },
  exp: (s, to, a) => (_values, _base, _from, count) => {
    for (let row = 0; row < count; row += 1) s[to + row] = known(exp(at(s, a + row)));
  },
  min: (s, to, a, b) => (_values, _base, _from, count) => {
    for (let row = 0; row < count; row += 1) s[to + row] = Math.min(at(s, a + row), at(s, b + row));
  },
  max: (s, to, a, b) => (_values, _base, _from, count) => {
    for (let row = 0; row < count; row += 1) s[to + row] = Math.max(at(s, a + row), at(s, b + row));
  },
  below: (s, to, a, b) => (_values, _base, _from, count) => {
    for (let row = 0; row < count; row += 1) s[to + row] = isBelow(at(s, a + row), at(s, b + row));
  },
  atMost: (s, to, a, b) => (_values, _base, _from, count) => {
    for (let row = 0; row < count; row += 1) s[to + row] = isAtMost(at(s, a + row), at(s, b + row));
  },
  above: (s, to, a, b) => (_values, _base, _from, count) => {
    for (let row = 0; row < count; row += 1) s[to + row] = isBelow(at(s, b + row), at(s, a + row));
  },
  atLeast: (s, to, a, b) => (_values, _base, _from, count) => {
    for (let row = 0; row < count; row += 1) s[to + row] = isAtMost(at(s, b + row), at(s, a + row));
  },
  equal: (s, to, a, b) => (_values, _base, _from, count) => {
    for (let row = 0; row < count; row += 1) s[to + row] = isEqual(at(s, a + row), at(s, b + row));
  },
  unequal: (s, to, a, b) => (_values, _base, _from, count) => {
    for (let row = 0; row < count; row += 1)
      s[to + row] = 1 - isEqual(at(s, a + row), at(s, b + row));
  },
  and: (s, to, a, b) => (_values, _base, _from, count) => {
    for (let row = 0; row < count; row += 1) s[to + row] = both(at(s, a + row), at(s, b + row));
  },
  or: (s, to, a, b) => (_values, _base, _from, count) => {
    for (let row = 0; row < count; row += 1)
      s[to + row] = 1 - both(1 - at(s, a + row), 1 - at(s, b + row));
  },
  not: (s, to, a) => (_values, _base, _from, count) => {
    for (let row = 0; row < count; row += 1) s[to + row] = 1 - at(s, a + row);
  },
};

/** A column of the rows to a register. */
export function loadStep(s: Float64Array, to: number, place: number): Step {
  return (values, base, from, count) => {
    const column = base + place;
    for (let row = 0; row < count; row += 1) s[to + row] = at(values, column + (from[row] ?? 0));
  };
}

export function chooseStep(s: Float64Array, to: number, is: number, a: number, b: number): Step {
  return (_values, _base, _from, count) => {
    for (let row = 0; row < count; row += 1) {
      const held = at(s, is + row);
      s[to + row] = held === 1 ? at(s, a + row) : held === 0 ? at(s, b + row) : NaN;
    }
  };
}

function at(values: Float64Array, place: number): number {
  return values[place] ?? NaN;
}

/** What is no finite number is not known. */
function known(value: number): number {
  return value - value === 0 ? value : NaN;
}

/** 1, 0, or NaN where either side is not known. */
function isBelow(left: number, right: number): number {
  return left < right ? 1 : left >= right ? 0 : NaN;
}

function isAtMost(left: number, right: number): number {
  return left <= right ? 1 : left > right ? 0 : NaN;
}

function isEqual(left: number, right: number): number {
  return left === right ? 1 : left !== left || right !== right ? NaN : 0;
}

/** What does not hold decides alone, whatever is not known beside it. */
function both(left: number, right: number): number {
  return left === 0 || right === 0 ? 0 : left * right;
}
