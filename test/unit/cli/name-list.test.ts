import { describe, expect, it } from 'vitest';
import { splitNames } from '../../../src/cli/name-list.ts';

describe('names that were typed', () => {
  it.each([
    ['rsi14', ['rsi14']],
    ['return5, rsi14,return5:5m', ['return5', 'rsi14', 'return5:5m']],
    [
      'sma(20, close),bollinger(20, 2.5).upper:5m',
      ['sma(20, close)', 'bollinger(20, 2.5).upper:5m'],
    ],
    ['sma(20,rsi14', ['sma(20,rsi14']],
    ['sma5),rsi14', ['sma5)', 'rsi14']],
    ['', ['']],
  ])('%s are parted where a comma is not within one', (text, names) => {
    expect(splitNames(text)).toEqual(names);
  });
});
