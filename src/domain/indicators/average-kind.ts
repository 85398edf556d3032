import { assert, present } from '../../core/assert.ts';
import type { IndicatorBody, IndicatorDeclaration, ParameterDeclaration } from './declaration.ts';
import { dema } from './overlap/dema.ts';
import { ema } from './overlap/ema.ts';
import { kama } from './overlap/kama.ts';
import { mama } from './overlap/mama.ts';
import { sma } from './overlap/sma.ts';
import { t3 } from './overlap/t3.ts';
import { tema } from './overlap/tema.ts';
import { trima } from './overlap/trima.ts';
import { wma } from './overlap/wma.ts';

/**
 * TA-Lib's kinds of moving average, each at its number (`MAType`). Other parameters than the period
 * are the usual ones: T3's factor, and the limits of MAMA, which has no period.
 */
export const AVERAGES: readonly IndicatorDeclaration[] = [
  sma,
  ema,
  wma,
  dema,
  tema,
  trima,
  kama,
  mama,
  t3,
];

/** The kinds that formulas name. */
export const SIMPLE = 0;
export const EXPONENTIAL = 1;
export const WEIGHTED = 2;

/** Which moving average is taken: 0 to 8, the simple one where nothing is said. */
export function averageKindParameter(
  talib = 'optInMAType',
  name = 'averageKind',
): ParameterDeclaration {
  const most = AVERAGES.length - 1;
  return { name, least: 0, most, usual: 0, isWhole: true, isQuiet: true, talib };
}

/**
 * A moving average of the values at `place`, its value in its first slot. As in TA-Lib an average
 * of one bar is the value itself, whatever the kind.
 */
export function averageOf(kind: number, period: number, place: number): IndicatorBody {
  const declaration = present(AVERAGES[kind], `an average of kind ${kind}`);
  assert(Number.isInteger(period) && period > 0, 'an average is over a whole number of bars');
  if (period === 1) return itself(place);
  const parameters = declaration.parameters.map(({ name, usual }) =>
    name === 'period' ? period : usual,
  );
  return declaration.build(parameters, [place]);
}

function itself(place: number): IndicatorBody {
  return {
    width: 1,
    warmupBars: 1,

    reset(state, at) {
      state[at] = NaN;
    },

    update(state, at, bar) {
      const value = bar[place] ?? NaN;
      if (value - value === 0) state[at] = value;
    },
  };
}
