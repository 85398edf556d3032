import { describe, expect, it } from 'vitest';
import { MINUTE } from '../../../src/core/time.ts';
import {
  createFeatureSet,
  type FeatureSet,
  isFeatureSet,
} from '../../../src/domain/features/feature-set.ts';
import { MOMENTUM_LAYOUT, STANDARD_OUTPUTS } from '../../../src/domain/features/momentum-set.ts';
import { createRegistry } from '../../../src/domain/features/registry.ts';
import { TICK_BID } from '../../../src/domain/features/source.ts';
import { STANDARD_REGISTRY } from '../../../src/domain/features/standard-registry.ts';
import {
  CHANNEL_BARS,
  CHANNEL_QUOTES,
  CHANNEL_TRADES,
} from '../../../src/domain/market/event-batch.ts';
import { DOLLAR, OPEN_US, RowScene } from './row-scene.ts';

describe('a source that hears ticks', () => {
  it('hears of a trade after the bar that it closes', () => {
    const heard: string[] = [];
    const scene = new RowScene({ features: spiedSet(heard) }, 1);
    scene.trade(0, OPEN_US + 1_000, 100 * DOLLAR);
    scene.trade(0, OPEN_US + MINUTE + 1_000, 101 * DOLLAR);

    expect(heard).toEqual(['begins', 'trade', 'bar', 'trade']);
  });

  it('D6 hears that quotes are lost', () => {
    const heard: string[] = [];
    const scene = new RowScene({ features: spiedSet(heard) }, 1);
    scene.quote(0, OPEN_US + 1_000, 99 * DOLLAR, 101 * DOLLAR);
    scene.gap(0, OPEN_US + 2_000, CHANNEL_QUOTES);

    expect(heard).toEqual(['begins', `quote ${99 * DOLLAR}`, 'quote NaN']);
  });

  it.each([
    ['trades', CHANNEL_TRADES, ['begins']],
    ['trades', CHANNEL_BARS, ['begins']],
    ['venue', CHANNEL_TRADES, ['begins']],
    ['venue', CHANNEL_BARS, []],
  ] as const)(
    'D6 begins anew where bars are of %s and channel %i is lost',
    (bars, channel, now) => {
      const heard: string[] = [];
      const scene = new RowScene({ features: spiedSet(heard), bars }, 1);
      heard.length = 0;
      scene.gap(0, OPEN_US + 2_000, channel);

      expect([...new Set(heard)]).toEqual(now);
    },
  );
});

/** The momentum set, and beside it a source that writes down what it hears. */
function spiedSet(heard: string[]): FeatureSet {
  const columns = [{ name: 'one', units: 'number', tells: 'One.' }] as const;
  const spy = {
    name: 'spy',
    isTimeframed: true,
    build: () => ({
      name: 'spy',
      scope: 'symbol' as const,
      columns,
      version: 1,
      width: 1,
      warmupBars: 0,
      reset: () => void heard.push('begins'),
      bar: () => void heard.push('bar'),
      trade: () => void heard.push('trade'),
      quote: (_state: Float64Array, _at: number, tick: Float64Array) =>
        void heard.push(`quote ${tick[TICK_BID]}`),
      read: (_state: Float64Array, _at: number, _nowUs: number, out: Float64Array, at: number) =>
        void (out[at] = 1),
    }),
  };
  const { features, sources } = STANDARD_REGISTRY;
  const registry = createRegistry([...features.values()], [...sources.values(), spy]);
  const layout = { ...MOMENTUM_LAYOUT, names: [...MOMENTUM_LAYOUT.names, 'spy.one'] };
  const set = createFeatureSet(registry, layout, 1, STANDARD_OUTPUTS);
  if (!isFeatureSet(set)) throw new Error(set.reason);
  return set;
}
