import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, nearestWord } from '../../../src/core/nearest-word.ts';

describe('editDistance', () => {
  it('counts letters inserted, deleted and replaced', () => {
    expect(editDistance('kitten', 'sitting')).toBe(3);
    expect(editDistance('', 'abc')).toBe(3);
    expect(editDistance('risk', 'risk')).toBe(0);
  });

  it('is a distance: symmetric, zero only for the same word, never longer by a detour', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });

    fc.assert(
      fc.property(word, word, word, (a, b, c) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b) === 0).toBe(a === b);
        expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c));
      }),
    );
  });
});

describe('nearestWord', () => {
  it('answers the closest candidate, the first of equals, whatever the case', () => {
    expect(nearestWord('leyer1', ['layer2', 'layer1'])).toBe('layer1');
    expect(nearestWord('ZENTER', ['zExit', 'zEnter'])).toBe('zEnter');
    expect(nearestWord('layer3', ['layer1', 'layer2'])).toBe('layer1');
  });

  it('answers nothing when more than a third of the letters differ', () => {
    expect(nearestWord('zebra', ['risk', 'broker'])).toBeUndefined();
    expect(nearestWord('x', [])).toBeUndefined();
  });
});
