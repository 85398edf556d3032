import type { BarLearner } from '../indicators/rewarm.ts';
import type { Plan } from './resolve.ts';
import type { FeatureSource, MarketSource, SymbolSource } from './source.ts';
import { spanOf } from './timeframe.ts';

/** A source with its places: in the state of its scope, and among the values of a row. */
export type Placed<Source> = {
  readonly source: Source;
  readonly timeframe: string;
  readonly stateAt: number;
  readonly valueAt: number;
};

/** What learns from bars of one timeframe alone: it can be put back, and taught again. */
export interface BarPart extends BarLearner {
  /** Where in a symbol's stride it begins. */
  readonly offset: number;
}

/**
 * Values stand in the order of the plan, the symbol's own first: they are what travels. State
 * stands so that what can be learned again lies side by side.
 */
export function placeSources(plan: Plan, symbolsMax: number, timeframe: string) {
  const built = plan.sources.map(({ timeframe: own, declaration }, at) => {
    const source = declaration.build({ symbolsMax, spanUs: spanOf(own) ?? 0 });
    return { source, timeframe: own, at };
  });
  const timeframes = [...new Set([timeframe, ...built.map((one) => one.timeframe)])];
  const rank = (one: Built) =>
    isOfBars(one.source) ? timeframes.indexOf(one.timeframe) : timeframes.length;
  const stateAts = new Map<FeatureSource, number>();
  const valueAts: number[] = [];
  let columns = 0;
  for (const scope of ['symbol', 'market'] as const) {
    const ofScope = built.filter(({ source }) => source.scope === scope);
    let stateAt = 0;
    for (const { source } of ofScope.toSorted((one, other) => rank(one) - rank(other))) {
      stateAts.set(source, stateAt);
      stateAt += source.width;
    }
    for (const { source, at } of ofScope) {
      valueAts[at] = columns;
      columns += source.columns.length;
    }
  }
  const symbols: Placed<SymbolSource>[] = [];
  const markets: Placed<MarketSource>[] = [];
  for (const { source, timeframe: own, at } of built) {
    const stateAt = stateAts.get(source) ?? NaN;
    const places = { timeframe: own, stateAt, valueAt: valueAts[at] ?? NaN };
    if (source.scope === 'symbol') symbols.push({ source, ...places });
    else markets.push({ source, ...places });
  }
  return { symbols, markets, valueAts, columns };
}

export function widthOf(
  sources: readonly { readonly source: { readonly width: number } }[],
): number {
  return sources.reduce((sum, { source }) => sum + source.width, 0);
}

export function barPart(sources: readonly Placed<SymbolSource>[], timeframe: string): BarPart {
  const own = sources.filter((one) => one.timeframe === timeframe && isOfBars(one.source));
  const offset = Math.min(...own.map(({ stateAt }) => stateAt));
  const parts = own.map(({ source, stateAt }) => ({ source, place: stateAt - offset }));
  return {
    offset: own.length === 0 ? 0 : offset,
    width: widthOf(own),

    reset(state, at) {
      for (const { source, place } of parts) source.reset(state, at + place);
    },

    update(state, at, bar) {
      for (const { source, place } of parts) source.bar?.(state, at + place, bar);
    },
  };
}

type Built = { readonly source: FeatureSource; readonly timeframe: string };

/** Does it hear closed bars of its symbol and nothing else? */
function isOfBars(source: FeatureSource): boolean {
  if (source.scope === 'market' || source.bar === undefined) return false;
  return source.trade === undefined && source.quote === undefined && source.fact === undefined;
}
