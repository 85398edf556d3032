import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { present } from '../../src/core/assert.ts';
import { DAY, MINUTE } from '../../src/core/time.ts';
import { configure } from '../../src/domain/indicators/declaration.ts';
import { SESSION } from '../../src/domain/indicators/session/session.ts';
import { SESSION_JUDGED } from '../reference/indicators/session.ts';
import type { Series } from '../reference/indicators/series.ts';

const OPENS_US = 870 * MINUTE;
const FIRST_DAY = 20_000;
const PRICE_MAX = 150;

/** Those that live by the core session's hours. */
const BY_HOURS = [
  { name: 'averageSessionRange', parameters: [3] },
  { name: 'openingRange', parameters: [15] },
  { name: 'openingRange', parameters: [1] },
  { name: 'overnightGap', parameters: [] },
  { name: 'pivotPoints', parameters: [] },
  { name: 'previousSession', parameters: [] },
  { name: 'relativeVolumeByTime', parameters: [1, 1] },
  { name: 'relativeVolumeByTime', parameters: [2, 30] },
  { name: 'relativeVolumeByTime', parameters: [3, 7] },
  { name: 'sessionRange', parameters: [] },
];

describe('session indicators over days with early and late bars', () => {
  it.each(BY_HOURS)('F1 $name $parameters equals its reference', ({ name, parameters }) => {
    const of = present(
      SESSION.find((declaration) => declaration.name === name),
      name,
    );
    const { reference, scale } = present(SESSION_JUDGED[name], name);
    // A difference of prices may be nothing (a support at 88.92 - 88.92): a floor stands there.
    const floor =
      scale === 'price' ? 1e-3 * PRICE_MAX : typeof scale === 'number' ? 1e-3 * scale : 0;
    const property = fc.property(days(), (bars) => {
      const indicator = configure(of, parameters);
      const state = new Float64Array(indicator.width);
      indicator.reset(state, 0);
      const columns = reference(toSeries(bars), ...parameters);
      bars.forEach((bar, at) => {
        indicator.update(state, 0, bar);
        const outputs = [...state.subarray(0, indicator.outputs.length)];
        const expected = columns.map((column) => column[at] ?? Number.NaN);
        outputs.forEach((value, slot) => {
          const wanted = expected[slot] ?? Number.NaN;
          if (Number.isNaN(wanted)) expect(value, `bar ${at}`).toBeNaN();
          else
            expect(Math.abs(value - wanted), `bar ${at}`).toBeLessThanOrEqual(
              1e-9 * Math.max(Math.abs(wanted), floor),
            );
        });
        const before = state.slice();
        const unknown = bar.slice();
        unknown[7] = Number.NaN;
        indicator.update(state, 0, unknown);
        expect(state, 'a bar of no known session').toEqual(before);
      });
    });
    fc.assert(property, { numRuns: 60 });
  });
});

/** A few days of bars from two hours before the open to three hours after the close. */
function days(): fc.Arbitrary<Float64Array[]> {
  const minute = fc.oneof(
    { weight: 1, arbitrary: fc.integer({ min: -120, max: -1 }) },
    { weight: 6, arbitrary: fc.integer({ min: 0, max: 40 }) },
    { weight: 3, arbitrary: fc.integer({ min: 0, max: 389 }) },
    { weight: 1, arbitrary: fc.integer({ min: 390, max: 570 }) },
  );
  const bar = fc.record({
    minute,
    open: fc.integer({ min: 5_000, max: 15_000 }),
    close: fc.integer({ min: 5_000, max: 15_000 }),
    up: fc.integer({ min: 0, max: 50 }),
    down: fc.integer({ min: 0, max: 50 }),
    volume: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 1_000_000 })),
  });
  const day = fc.uniqueArray(bar, { selector: (one) => one.minute, maxLength: 25 });
  return fc.array(day, { minLength: 1, maxLength: 7 }).map((all) =>
    all.flatMap((bars, at) =>
      bars
        .toSorted((one, other) => one.minute - other.minute)
        .map(({ minute: start, open, close, up, down, volume }) => {
          const session = FIRST_DAY + at;
          const high = Math.max(open, close) + up;
          const low = Math.min(open, close) - down;
          const prices = [open, high, low, close].map((cents) => cents / 100);
          const sinceOpenUs = start * MINUTE;
          const startUs = session * DAY + OPENS_US + sinceOpenUs;
          return Float64Array.of(...prices, volume, session, startUs, sinceOpenUs);
        }),
    ),
  );
}

function toSeries(bars: readonly Float64Array[]): Series {
  const column = (place: number) => bars.map((bar) => bar[place] ?? Number.NaN);
  return {
    open: column(0),
    high: column(1),
    low: column(2),
    close: column(3),
    volume: column(4),
    session: column(5),
    startUs: column(6),
    sinceOpenUs: column(7),
  };
}
