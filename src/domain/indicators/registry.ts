import { assert, present } from '../../core/assert.ts';
import { CANDLES } from './candles/candles.ts';
import { CYCLE } from './cycle/cycle.ts';
import { MATH } from './math/math.ts';
import { MOMENTUM } from './momentum/momentum.ts';
import { OVERLAP } from './overlap/overlap.ts';
import { PRICE } from './price/price.ts';
import { SESSION } from './session/session.ts';
import { STATISTICS } from './statistics/statistics.ts';
import { VOLATILITY } from './volatility/volatility.ts';
import { VOLUME } from './volume/volume.ts';
import type { IndicatorDeclaration } from './declaration.ts';

/** Every indicator there is, by family. */
export const INDICATORS: readonly IndicatorDeclaration[] = [
  ...OVERLAP,
  ...MOMENTUM,
  ...VOLATILITY,
  ...VOLUME,
  ...SESSION,
  ...STATISTICS,
  ...CYCLE,
  ...PRICE,
  ...MATH,
  ...CANDLES,
];

const BY_NAME: ReadonlyMap<string, IndicatorDeclaration> = new Map(
  INDICATORS.map((declaration) => [declaration.name, declaration]),
);
assert(BY_NAME.size === INDICATORS.length, 'no two indicators have one name');

/** The indicator of that exact name, or undefined. */
export function findIndicator(name: string): IndicatorDeclaration | undefined {
  return BY_NAME.get(name);
}

/** For names that we wrote ourselves. */
export function indicatorNamed(name: string): IndicatorDeclaration {
  return present(findIndicator(name), `an indicator called ${name}`);
}
