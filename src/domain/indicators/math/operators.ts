import type { IndicatorBody, IndicatorDeclaration, Units } from '../declaration.ts';

type Operator = {
  readonly name: string;
  readonly talib: string;
  readonly title: string;
  readonly tells: string;
  readonly formula: string;
  readonly units: Units;
  readonly undefinedWhere: string;
  readonly compute: (x: number, y: number) => number;
};

const TOO_LARGE = 'the result passes 1.8e308';

const OPERATORS: readonly Operator[] = [
  {
    name: 'add',
    talib: 'ADD',
    title: 'Sum of two series',
    tells: 'Two series together.',
    formula: 'x + y',
    units: 'series',
    undefinedWhere: TOO_LARGE,
    compute: (x, y) => x + y,
  },
  {
    name: 'subtract',
    talib: 'SUB',
    title: 'Difference of two series',
    tells: 'How far one series stands above another.',
    formula: 'x - y',
    units: 'series',
    undefinedWhere: TOO_LARGE,
    compute: (x, y) => x - y,
  },
  {
    name: 'multiply',
    talib: 'MULT',
    title: 'Product of two series',
    tells: 'One series weighted by another.',
    formula: 'x * y',
    units: 'price2',
    undefinedWhere: TOO_LARGE,
    compute: (x, y) => x * y,
  },
  {
    name: 'divide',
    talib: 'DIV',
    title: 'Ratio of two series',
    tells: 'How many times the second series the first one is.',
    formula: 'x / y',
    units: 'ratio',
    undefinedWhere: 'y is 0',
    compute: (x, y) => x / y,
  },
];

/** TA-Lib's arithmetic on two series. What is not finite is NaN, where TA-Lib has an infinity. */
export const MATH_OPERATORS: readonly IndicatorDeclaration[] = OPERATORS.map(
  ({ name, talib, title, tells, formula, units, undefinedWhere, compute }) => ({
    name,
    title,
    family: 'math',
    tells,
    formula,
    source: `TA-Lib ${talib}`,
    parameters: [],
    inputs: ['close', 'high'],
    takesAnySeries: true,
    outputs: [{ name, units, talib: 'outReal' }],
    talib,
    undefinedWhere,
    build: (_, [first = NaN, second = NaN]) => build(compute, first, second),
  }),
);

function build(
  compute: (x: number, y: number) => number,
  first: number,
  second: number,
): IndicatorBody {
  return {
    width: 1,
    warmupBars: 1,

    reset(state, at) {
      state[at] = NaN;
    },

    update(state, at, bar) {
      const x = bar[first] ?? NaN;
      const y = bar[second] ?? NaN;
      if (x - x !== 0 || y - y !== 0) return;
      const value = compute(x, y);
      state[at] = value - value === 0 ? value : NaN;
    },
  };
}
