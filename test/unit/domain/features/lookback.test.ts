import { describe, expect, it } from 'vitest';
import { createFeatureSet, isFeatureSet } from '../../../../src/domain/features/feature-set.ts';
import { lookbackOf } from '../../../../src/domain/features/lookback.ts';
import { STANDARD_REGISTRY } from '../../../../src/domain/features/standard-registry.ts';
import { BarSource } from '../../../reference/bars.ts';

/** They wait for a second session, which bars do not tell. */
const OF_SESSIONS = new Set(['gapReturn']);
const OF_BARS = [...STANDARD_REGISTRY.features.values()].filter(
  ({ name, family }) =>
    (family === 'price-volume' || family === 'technical') && !OF_SESSIONS.has(name),
);

describe('the lookback of a feature', () => {
  it.each(OF_BARS)('of $name is the bar at which it is first known', ({ name }) => {
    const set = createFeatureSet(STANDARD_REGISTRY, { feed: 'any', names: [name] }, 1);
    if (!isFeatureSet(set)) throw new Error(set.reason);
    const state = new Float64Array(set.symbolWidth);
    set.resetSymbol(state, 0);
    const raw = new Float64Array(set.rawWidth);
    const flags = new Uint8Array(1);
    const who = { symbol: 0, sector: -1, benchmark: -1 };
    const firstKnown = new BarSource(3).take(80).findIndex((bar) => {
      set.bar(state, 0, '1m', bar);
      set.readSymbol(state, 0, 0, raw, 0);
      set.compute(raw, 0, new Float64Array(0), who, 0, new Float64Array(1), flags, 0);
      return flags[0] === 0;
    });

    expect(firstKnown + 1).toBe(lookbackOf(STANDARD_REGISTRY, name));
  });

  it('of what hears no bars is none', () => {
    expect(lookbackOf(STANDARD_REGISTRY, 'dayOfWeek')).toBe(0);
  });
});
