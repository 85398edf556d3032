import type { IndicatorFamily } from '../../../src/domain/indicators/declaration.ts';
import { CYCLE_JUDGED } from './cycle.ts';
import { MATH_JUDGED } from './math.ts';
import { MOMENTUM_JUDGED } from './momentum.ts';
import { OVERLAP_JUDGED } from './overlap.ts';
import { PRICE_JUDGED } from './price.ts';
import { SESSION_JUDGED } from './session.ts';
import { STATISTICS_JUDGED } from './statistics.ts';
import { VOLATILITY_JUDGED } from './volatility.ts';
import { VOLUME_JUDGED } from './volume.ts';
import type { Judged } from './series.ts';

/**
 * By family, then by name. Candlestick patterns are not here: they are yes or no, and are held to
 * TA-Lib's own answers.
 */
export const JUDGED: Readonly<
  Record<Exclude<IndicatorFamily, 'candles'>, Readonly<Record<string, Judged>>>
> = {
  overlap: OVERLAP_JUDGED,
  momentum: MOMENTUM_JUDGED,
  volatility: VOLATILITY_JUDGED,
  volume: VOLUME_JUDGED,
  session: SESSION_JUDGED,
  statistics: STATISTICS_JUDGED,
  cycle: CYCLE_JUDGED,
  price: PRICE_JUDGED,
  math: MATH_JUDGED,
};
