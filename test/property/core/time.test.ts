import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY, daysFromCivil, formatTime, MINUTE, parseTime } from '../../../src/core/time.ts';

const moment = fc.integer({
  min: daysFromCivil(1900, 1, 1) * DAY,
  max: daysFromCivil(2200, 12, 31) * DAY,
});

describe('formatTime and parseTime', () => {
  it('give back every microsecond from 1900 to 2200', () => {
    fc.assert(
      fc.property(moment, (us) => parseTime(formatTime(us)) === us),
      { numRuns: 20_000 },
    );
  });

  it('agree with the engine to the millisecond', () => {
    fc.assert(
      fc.property(moment, (us) => {
        const ms = Math.floor(us / 1_000);

        expect(formatTime(us).slice(0, 23)).toBe(new Date(ms).toISOString().slice(0, 23));
      }),
      { numRuns: 2_000 },
    );
  });

  it('read the same moment in every zone', () => {
    fc.assert(
      fc.property(moment, fc.integer({ min: -1_439, max: 1_439 }), (us, offset) => {
        const size = Math.abs(offset);
        const two = (value: number) => String(value).padStart(2, '0');
        const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
        const local = formatTime(us + offset * MINUTE).replace('Z', zone);

        expect(parseTime(local)).toBe(us);
      }),
      { numRuns: 2_000 },
    );
  });
});
