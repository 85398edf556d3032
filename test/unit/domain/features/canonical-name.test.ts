import { describe, expect, it } from 'vitest';
import { canonicalName } from '../../../../src/domain/features/canonical-name.ts';
import { createFeatureSet, isFeatureSet } from '../../../../src/domain/features/feature-set.ts';
import { STANDARD_REGISTRY } from '../../../../src/domain/features/standard-registry.ts';

const WAYS = [
  ['sma5', ['sma(5)', 'sma5', ' sma5 ', 'sma5:1m', 'sma(5, close)', 'sma5.sma', 'sma(5.0)']],
  ['sma5:5m', ['sma(5):5m', 'sma5:5m']],
  ['macd12-26-9.histogram', ['macd.histogram', 'macd(12, 26, 9).histogram:1m']],
  ['bollinger20-2.5', ['bollinger(20, 2.5)', 'bollinger(20, 2.5).upper']],
  ['sma20@volume', ['sma(20, volume)', 'sma20@volume']],
  ['bar.close', ['bar.close', 'bar.close:1m']],
  ['quote.bid', ['quote.bid', 'quote.bid:5m']],
  ['return5:5m', ['return5:5m']],
  ['return5', ['return5:1m']],
] as const;

describe('a column', () => {
  it.each(WAYS)('has one name: %s', (name, ways) => {
    for (const way of ways) expect(canonicalName(STANDARD_REGISTRY, way)).toBe(name);
  });

  it('is the same by the name as it was written and by its own', () => {
    for (const [name, ways] of WAYS) {
      for (const way of [name, ...ways]) {
        const names = [way.trim()];
        const set = createFeatureSet(STANDARD_REGISTRY, { feed: 'test', names }, 1);
        expect(isFeatureSet(set) && set.columns[0]?.tells).toBeTypeOf('string');
      }
    }
  });

  it('that nobody knows keeps the name that was written', () => {
    for (const name of ['smma5', 'bar.clothes', 'sma(0)', 'rsi14.hight', '', '__proto__']) {
      const known = canonicalName(STANDARD_REGISTRY, name);
      expect(known).toBe(name);
    }
  });

  it('of another usual timeframe is named by that', () => {
    expect(canonicalName(STANDARD_REGISTRY, 'sma(5):5m', '5m')).toBe('sma5');
    expect(canonicalName(STANDARD_REGISTRY, 'sma(5):1m', '5m')).toBe('sma5:1m');
  });
});
