import { Random } from '../../../../src/core/random.ts';
import { DAY, MINUTE } from '../../../../src/core/time.ts';
import { tradingDay } from '../../../../src/domain/market/calendar.ts';
import type { Samples } from '../../../../src/models/data/samples.ts';

export interface NoiseOptions {
  readonly seed: number;
  readonly days: number;
  readonly symbols: number;
  readonly perDay: number;
  /** Minutes until an outcome is known. */
  readonly openMinutes?: number;
  /** How much the first feature says of the return. */
  readonly skill?: number;
  readonly width?: number;
}

const OPEN_US = tradingDay(20180305)?.openUs ?? Number.NaN;

/** Features of noise, of which the first says as much of the return as is asked. */
export function noiseSamples(options: NoiseOptions): Samples {
  const { seed, days, symbols, perDay, openMinutes = 10, skill = 0, width = 3 } = options;
  const random = new Random(seed);
  const count = days * perDay * symbols;
  const features = new Float64Array(count * width).map(() => random.normal());
  const atUs = Float64Array.from({ length: count }, (_, at) => {
    const moment = Math.floor(at / symbols);
    return OPEN_US + Math.floor(moment / perDay) * DAY + (1 + (moment % perDay)) * 10 * MINUTE;
  });
  const forwardReturn = new Float64Array(count).map(
    (_, at) => 0.01 * (random.normal() + skill * (features[at * width] ?? 0)),
  );
  return {
    count,
    width,
    features,
    symbol: Int32Array.from({ length: count }, (_, at) => at % symbols),
    symbols: Array.from({ length: symbols }, (_, at) => `S${at}`),
    atUs,
    knownUs: atUs.map((us) => us + openMinutes * MINUTE),
    label: forwardReturn.map((value) => Number(value > 0)),
    forwardReturn,
    weight: new Float64Array(count).fill(1),
  };
}
