import { CANDLE_PATTERNS } from '../../../src/domain/indicators/candles/candle-table.ts';
import type { Flat } from './market.ts';

/** Only a doji is no more than nothing; every other pattern asks for more of something. */
export const CANDLES_FLAT: Readonly<Record<string, Flat>> = {
  ...Object.fromEntries(CANDLE_PATTERNS.map(({ name }) => [name, [0]])),
  doji: [100],
  candlePatterns: CANDLE_PATTERNS.map(({ name }) => (name === 'doji' ? 100 : 0)),
};
