import type { Plan } from './resolve.ts';

/** What a vector costs. */
export interface FeatureCost {
  readonly bytesPerSymbol: number;
  readonly bytesOfMarket: number;
  readonly sources: number;
  /** Features computed for a row, and those of them that more than one other reads. */
  readonly features: number;
  readonly shared: number;
}

/** @param symbolWidth doubles of state of one symbol; `marketWidth`: of the market once. */
export function costOf(plan: Plan, symbolWidth: number, marketWidth: number): FeatureCost {
  const readers = new Map<number, number>();
  for (const { inputs } of plan.features) {
    for (const place of inputs) {
      if (place.kind !== 'feature') continue;
      readers.set(place.feature, (readers.get(place.feature) ?? 0) + 1);
    }
  }
  return {
    bytesPerSymbol: symbolWidth * Float64Array.BYTES_PER_ELEMENT,
    bytesOfMarket: marketWidth * Float64Array.BYTES_PER_ELEMENT,
    sources: plan.sources.length,
    features: plan.features.length,
    shared: [...readers.values()].filter((count) => count > 1).length,
  };
}
