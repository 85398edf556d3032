import { exp, log, log10, tanh } from '../../../core/math.ts';
import { cosh, sinh } from '../../../core/math-hyperbolic.ts';
import { acos, asin, atan } from '../../../core/math-inverse.ts';
import { cos, sin, tan } from '../../../core/math-trig.ts';
import type { IndicatorBody, IndicatorDeclaration, Units } from '../declaration.ts';

type Transform = {
  readonly name: string;
  readonly title: string;
  readonly tells: string;
  readonly units: Units;
  readonly compute: (x: number) => number;
  readonly undefinedWhere?: string;
};

const TOO_LARGE = 'the result passes 1.8e308';
const OUTSIDE_ONE = 'x lies outside -1 to 1';

const TRANSFORMS: readonly Transform[] = [
  {
    name: 'acos',
    title: 'Arc cosine',
    tells: 'The angle whose cosine is x, in radians.',
    units: 'radians',
    compute: acos,
    undefinedWhere: OUTSIDE_ONE,
  },
  {
    name: 'asin',
    title: 'Arc sine',
    tells: 'The angle whose sine is x, in radians.',
    units: 'radians',
    compute: asin,
    undefinedWhere: OUTSIDE_ONE,
  },
  {
    name: 'atan',
    title: 'Arc tangent',
    tells: 'The angle whose tangent is x, in radians: any x, put between -pi/2 and pi/2.',
    units: 'radians',
    compute: atan,
  },
  {
    name: 'ceil',
    title: 'Rounded up',
    tells: 'The next whole number at or above x.',
    units: 'series',
    compute: Math.ceil,
  },
  {
    name: 'cos',
    title: 'Cosine',
    tells: 'The cosine of x, taken as radians.',
    units: 'ratio',
    compute: cos,
  },
  {
    name: 'cosh',
    title: 'Hyperbolic cosine',
    tells: 'The mean of e^x and e^-x.',
    units: 'ratio',
    compute: cosh,
    undefinedWhere: TOO_LARGE,
  },
  {
    name: 'exp',
    title: 'Exponential',
    tells: 'e to the power of x: what a logarithm becomes again.',
    units: 'ratio',
    compute: exp,
    undefinedWhere: TOO_LARGE,
  },
  {
    name: 'floor',
    title: 'Rounded down',
    tells: 'The next whole number at or below x.',
    units: 'series',
    compute: Math.floor,
  },
  {
    name: 'ln',
    title: 'Natural logarithm',
    tells: 'The logarithm of x: equal steps of it are equal percentages.',
    units: 'ratio',
    compute: log,
    undefinedWhere: 'x is 0 or below',
  },
  {
    name: 'log10',
    title: 'Logarithm to base 10',
    tells: 'The size of x in decades.',
    units: 'ratio',
    compute: log10,
    undefinedWhere: 'x is 0 or below',
  },
  {
    name: 'sin',
    title: 'Sine',
    tells: 'The sine of x, taken as radians.',
    units: 'ratio',
    compute: sin,
  },
  {
    name: 'sinh',
    title: 'Hyperbolic sine',
    tells: 'Half the difference of e^x and e^-x.',
    units: 'ratio',
    compute: sinh,
    undefinedWhere: TOO_LARGE,
  },
  {
    name: 'sqrt',
    title: 'Square root',
    tells: 'The square root of x, as for a deviation from a variance.',
    units: 'ratio',
    compute: Math.sqrt,
    undefinedWhere: 'x is below 0',
  },
  {
    name: 'tan',
    title: 'Tangent',
    tells: 'The tangent of x, taken as radians.',
    units: 'ratio',
    compute: tan,
  },
  {
    name: 'tanh',
    title: 'Hyperbolic tangent',
    tells: 'Any x, put smoothly between -1 and 1.',
    units: 'ratio',
    compute: tanh,
  },
];

/**
 * TA-Lib's Math Transforms: a function of each value alone. What is not finite is NaN here, also
 * where TA-Lib answers an infinity: an output is a number or there is none.
 */
export const MATH_TRANSFORMS: readonly IndicatorDeclaration[] = TRANSFORMS.map(
  ({ name, title, tells, units, compute, undefinedWhere }) => ({
    name,
    title,
    family: 'math',
    tells,
    formula: `${name}(x), the same bits on every machine.`,
    source: `TA-Lib ${name.toUpperCase()}`,
    parameters: [],
    inputs: ['close'],
    takesAnySeries: true,
    outputs: [{ name, units, talib: 'outReal' }],
    talib: name.toUpperCase(),
    ...(undefinedWhere === undefined ? {} : { undefinedWhere }),
    build: (_, [place = NaN]) => build(compute, place),
  }),
);

function build(compute: (x: number) => number, place: number): IndicatorBody {
  return {
    width: 1,
    warmupBars: 1,

    reset(state, at) {
      state[at] = NaN;
    },

    update(state, at, bar) {
      const x = bar[place] ?? NaN;
      if (x - x !== 0) return;
      const value = compute(x);
      state[at] = value - value === 0 ? value : NaN;
    },
  };
}
