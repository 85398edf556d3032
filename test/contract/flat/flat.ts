import type { IndicatorFamily } from '../../../src/domain/indicators/declaration.ts';
import { CANDLES_FLAT } from './candles.ts';
import { CYCLE_FLAT } from './cycle.ts';
import { MATH_FLAT } from './math.ts';
import { MOMENTUM_FLAT } from './momentum.ts';
import { OVERLAP_FLAT } from './overlap.ts';
import { PRICE_FLAT } from './price.ts';
import { SESSION_FLAT } from './session.ts';
import { STATISTICS_FLAT } from './statistics.ts';
import { VOLATILITY_FLAT } from './volatility.ts';
import type { Flat } from './market.ts';
import { VOLUME_FLAT } from './volume.ts';

/** By family, then by name: an indicator without a line here fails its contract. */
export const FLAT: Readonly<Record<IndicatorFamily, Readonly<Record<string, Flat>>>> = {
  overlap: OVERLAP_FLAT,
  momentum: MOMENTUM_FLAT,
  volatility: VOLATILITY_FLAT,
  volume: VOLUME_FLAT,
  session: SESSION_FLAT,
  statistics: STATISTICS_FLAT,
  cycle: CYCLE_FLAT,
  price: PRICE_FLAT,
  math: MATH_FLAT,
  candles: CANDLES_FLAT,
};
