import { describe, expect, it } from 'vitest';
import { createRegistry, extendRegistry } from '../../../../src/domain/features/registry.ts';
import { SHORT_NAMES } from '../../../../src/domain/features/short-names.ts';
import { STANDARD_REGISTRY } from '../../../../src/domain/features/standard-registry.ts';
import { namesIndicator } from '../../../../src/domain/indicators/parse-indicator.ts';

const [some] = STANDARD_REGISTRY.features.values();
if (some === undefined) throw new Error('the house has features');
const named = (name: string) => ({ ...some, name });

describe('the names of features', () => {
  it.each(['overnightGap', 'relativeVolume5', 'rsi', 'rsi14', 'rsi1', 'macd12-26-9', 'sma20'])(
    '%s is refused: it is the name of an indicator',
    (name) => {
      expect(() => createRegistry([named(name)], [])).toThrow(/indicator/);
      expect(() => extendRegistry(STANDARD_REGISTRY, [named(name)])).toThrow(/indicator/);
    },
  );

  it.each([...SHORT_NAMES.keys()])('%s is refused: it is short for something else', (name) => {
    expect(() => createRegistry([named(name)], [])).toThrow(/short name/);
  });

  it('are taken once', () => {
    expect(() => extendRegistry(STANDARD_REGISTRY, [some])).toThrow(/one name/);
    expect(extendRegistry(STANDARD_REGISTRY, [named('own')]).features.get('own')?.name).toBe('own');
  });

  it('may begin as the name of an indicator does', () => {
    expect(namesIndicator('sma20')).toBe(true);
    expect(['smaDistance', 'betaSpy60', 'volumeSurge5'].map(namesIndicator)).toEqual([
      false,
      false,
      false,
    ]);
  });
});
