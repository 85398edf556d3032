import { DAY } from '../../src/core/time.ts';
import type { FeatureEngine } from '../../src/domain/features/feature-engine.ts';
import { FUNDAMENTAL_FIELDS } from '../../src/domain/features/sources/fundamental-source.ts';

const DAYS = 800;
const QUARTER = 91;

/** What no market tells, made up: so that rows have to compute all that they can. */
export function tellPast(engine: FeatureEngine, symbols: number, beforeUs: number): void {
  const lastDay = Math.floor(beforeUs / DAY);
  for (let day = lastDay - DAYS; day < lastDay; day += 1) {
    const nowUs = day * DAY;
    const wave = ((day * 37) % 101) / 101;
    engine.marketFact({ kind: 'index', index: 'VIX', value: 12 + 10 * wave, nowUs });
    engine.marketFact({ kind: 'index', index: 'VIX3M', value: 14 + 8 * wave, nowUs });
    const macro = (series: string, value: number, lagDays: number) => {
      engine.marketFact({ kind: 'macro', series, value, observedDay: day - lagDays, nowUs });
    };
    macro('T10Y2Y', wave - 0.5, 1);
    if (day % 7 === 0) macro('ICSA', 200_000 + 50_000 * wave, 7);
    if (day % 30 === 0) {
      macro('M2SL', 20_000 + day + 100 * wave, 30);
      macro('INDPRO', 100 + 5 * wave, 30);
      macro('PMI', 45 + 10 * wave, 30);
    }
    if (day % QUARTER !== 0) continue;
    for (let symbol = 0; symbol < symbols; symbol += 1) {
      FUNDAMENTAL_FIELDS.forEach((field, at) => {
        engine.symbolFact(symbol, { kind: 'fundamental', field, value: 1 + at + wave, nowUs });
      });
      engine.symbolFact(symbol, { kind: 'earnings', day: day - 14, nowUs });
      engine.symbolFact(symbol, { kind: 'earnings', day: day + 77, nowUs });
    }
  }
  const nowUs = lastDay * DAY;
  for (let symbol = 0; symbol < symbols; symbol += 1) {
    for (const layer of [0, 1, 2, 3]) {
      engine.symbolFact(symbol, { kind: 'layerMoved', layer, isMember: true, nowUs });
    }
    for (let at = 0; at < 5; at += 1) {
      const headline = `Company ${symbol} says something of note ${at}`;
      engine.symbolFact(symbol, { kind: 'news', headline, sentiment: at / 5 - 0.4, nowUs });
    }
  }
}
