import { DAY } from '../../core/time.ts';
import {
  type BarOptions,
  type BarOptionsFault,
  barOptionsFault,
  type BarSource,
} from '../market/bars/bar-options.ts';
import type { FeatureSet } from './feature-set.ts';
import { spanOf } from './timeframe.ts';

/** A set without bars still keeps to the session: days are made that nobody hears of. */
const UNHEARD = [{ kind: 'time', spanUs: DAY }] as const;

/** The bars that an engine makes for a set. */
export function engineBars({ timeframes }: FeatureSet, from: BarSource): BarOptions {
  const kinds = timeframes.map((timeframe) => {
    return { kind: 'time', spanUs: spanOf(timeframe) ?? Number.NaN } as const;
  });
  return { kinds: kinds.length > 0 ? kinds : UNHEARD, from };
}

/** Why bars of these timeframes cannot be made of that; to be asked before an engine is made. */
export function engineFault(set: FeatureSet, from: BarSource): BarOptionsFault | undefined {
  return barOptionsFault(engineBars(set, from));
}
