import { assert, present } from '../../core/assert.ts';
import type { FeatureRegistry } from './registry.ts';
import { isPlanFault, type Place, planFeatures } from './resolve.ts';

/**
 * Closed bars until a feature of the registry can be a number: of the columns beneath it, that
 * which waits longest, each on bars of its own timeframe. 0 where bars are nothing to it. What
 * waits for a session, a filing or a quote besides may wait longer.
 */
export function lookbackOf(registry: FeatureRegistry, name: string): number {
  const plan = planFeatures(registry, [name]);
  assert(!isPlanFault(plan), `${name} can be made`);
  const sources = plan.sources.map(({ declaration }) =>
    declaration.build({ symbolsMax: 1, spanUs: 0 }),
  );
  const barsOf = (place: Place) => {
    if (place.kind === 'feature') return 0; // Its own inputs are in the plan too.
    const { columns, warmupBars } = present(sources[place.source], 'a source');
    return columns[place.column]?.bars ?? warmupBars;
  };
  const places = [...plan.asked, ...plan.features.flatMap(({ inputs }) => inputs)];
  return Math.max(0, ...places.map(barsOf));
}
