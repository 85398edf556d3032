import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND } from '../../../../src/core/time.ts';
import { spanOf, timeframeOf } from '../../../../src/domain/features/timeframe.ts';

describe('a timeframe', () => {
  it.each([
    ['2s', 2 * SECOND],
    ['10s', 10 * SECOND],
    ['90s', 90 * SECOND],
    ['1m', MINUTE],
    ['2m', 2 * MINUTE],
    ['13m', 13 * MINUTE],
    ['1h', HOUR],
    ['1d', DAY],
  ])('%s names one span, and the span names it', (timeframe, spanUs) => {
    expect(spanOf(timeframe)).toBe(spanUs);
    expect(timeframeOf(spanUs)).toBe(timeframe);
  });

  it.each(['', 'm', '0m', '01m', '60s', '24h', '2d', '7s', '1.5s', '-1m', '1w', '1m '])(
    'is not %j: such bars are not made, or are called otherwise',
    (timeframe) => {
      expect(spanOf(timeframe)).toBeUndefined();
    },
  );
});
