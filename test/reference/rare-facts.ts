import { Random } from '../../src/core/random.ts';
import { DAY, daysOfDate } from '../../src/core/time.ts';
import type { MarketFact, SymbolFact } from '../../src/domain/features/facts.ts';
import { releaseLagOf, releaseUs } from '../../src/domain/features/release-lags.ts';
import type { FeatureSource } from '../../src/domain/features/source.ts';

export type MacroFact = Extract<MarketFact, { readonly kind: 'macro' }>;
export const NOBODY = { symbol: 0, sector: -1, benchmark: -1 };

const FIRST = daysOfDate(20180101);

/** Six years of the economy, in the order of release; a number in thirty is missing. */
export function economy(seed: number): readonly MacroFact[] {
  const random = new Random(seed);
  const facts: MacroFact[] = [];
  const add = (series: string, observedDay: number, value: number) => {
    if (random.chance(1 / 30)) return;
    const lag = releaseLagOf(series);
    if (lag === undefined) throw new Error(series);
    facts.push({ kind: 'macro', series, value, observedDay, nowUs: releaseUs(lag, observedDay) });
  };
  for (let month = 0; month < 72; month += 1) {
    const date = (2018 + Math.floor(month / 12)) * 10_000 + ((month % 12) + 1) * 100 + 1;
    add('M2SL', daysOfDate(date), 14_000 + month * 20 + random.below(500));
    add('INDPRO', daysOfDate(date), 100 + random.below(1_000) / 100);
    // The user's file of the managers index ends after three years.
    if (month < 36) add('PMI', daysOfDate(date), 45 + random.below(150) / 10);
  }
  for (let week = 0; week < 310; week += 1) {
    add('ICSA', FIRST + 5 + week * 7, 200_000 + random.below(100) * 1_000);
  }
  for (let day = 0; day < 2_170; day += 1) {
    if (((FIRST + day + 4) % 7) % 6 !== 0)
      add('T10Y2Y', FIRST + day, random.below(400) / 100 - 1.5);
  }
  return facts.toSorted((left, right) => left.nowUs - right.nowUs);
}

/** Columns by name, as a source answers them now. */
export function columnsOf(
  source: FeatureSource,
  state: Float64Array,
  nowUs: number,
): Readonly<Record<string, number>> {
  const out = new Float64Array(source.columns.length);
  if (source.scope === 'market') source.read(state, 0, nowUs, out, 0, NOBODY);
  else source.read(state, 0, nowUs, out, 0);
  return Object.fromEntries(source.columns.map(({ name }, at) => [name, out[at] ?? NaN]));
}

export function freshState(source: FeatureSource): Float64Array {
  const state = new Float64Array(source.width);
  source.reset(state, 0);
  return state;
}

export function hearMarket(source: FeatureSource, state: Float64Array, fact: MarketFact): void {
  if (source.scope === 'market') source.fact?.(state, 0, fact);
}

export function hearSymbol(source: FeatureSource, state: Float64Array, fact: SymbolFact): void {
  if (source.scope === 'symbol') source.fact?.(state, 0, fact);
}

/** Everything that was said up to a moment, by whoever asks then. */
export function heardBy<Fact extends { readonly nowUs: number }>(
  facts: readonly Fact[],
  nowUs: number,
): readonly Fact[] {
  return facts.filter((fact) => fact.nowUs <= nowUs);
}

export const noon = (date: number): number => daysOfDate(date) * DAY + (17 * DAY) / 24;
