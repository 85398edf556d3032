import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Curve } from '../../../src/cli/curve.ts';
import { refusalText, signalMeasure } from '../../../src/cli/describe.ts';
import {
  bytesText,
  clock,
  count,
  dateOf,
  dollars,
  measure,
  percent,
  priceText,
  signedDollars,
  span,
} from '../../../src/cli/figures.ts';
import { html, table } from '../../../src/cli/html-text.ts';
import { Recent } from '../../../src/cli/recent.ts';
import { ByteReader, ByteWriter } from '../../../src/core/bytes.ts';
import { HOUR, MINUTE, MS, SECOND } from '../../../src/core/time.ts';
import { refusalCode } from '../../../src/domain/risk/refusal.ts';
import { OPEN_US } from './session-script.ts';

describe('figures', () => {
  it('writes money to the cent, grouped, without a minus before nothing', () => {
    expect([dollars(12_345_678_900), dollars(-150), dollars(-49), dollars(0)]).toEqual([
      '1,234,567.89',
      '-0.02',
      '0.00',
      '0.00',
    ]);
    expect([signedDollars(10_000), signedDollars(-10_000), signedDollars(30)]).toEqual([
      '+1.00',
      '-1.00',
      '0.00',
    ]);
  });

  it('writes prices to their last place, and nothing for none', () => {
    expect([priceText(1_892_500), priceText(1_892_534.4), priceText(Number.NaN)]).toEqual([
      '189.25',
      '189.2534',
      '-',
    ]);
  });

  it('writes counts, measures, ratios and sizes', () => {
    expect([count(0), count(999), count(1_000), count(-1_234_567)]).toEqual([
      '0',
      '999',
      '1,000',
      '-1,234,567',
    ]);
    expect([measure(-2.31456), measure(123_456), measure(Number.NaN)]).toEqual([
      '-2.315',
      '123,456',
      '-',
    ]);
    expect([percent(0.00123), percent(-0.5), percent(0.000001), percent(Number.NaN)]).toEqual([
      '+0.12 %',
      '-50.00 %',
      '0.00 %',
      '-',
    ]);
    expect([bytesText(999), bytesText(12_345_678), bytesText(1e15)]).toEqual([
      '999 B',
      '12.3 MB',
      '1000 TB',
    ]);
  });

  it("shows New York's clocks, and spans in two units", () => {
    expect(`${dateOf(OPEN_US)} ${clock(OPEN_US)}`).toBe('2013-10-07 09:30:00');
    expect([span(3 * HOUR + 5 * MINUTE), span(90 * SECOND), span(1.5 * SECOND)]).toEqual([
      '3 h 5 min',
      '1 min 30 s',
      '1.5 s',
    ]);
    expect([span(20 * MS), span(14)]).toEqual(['20 ms', '14 us']);
  });
});

describe('Curve', () => {
  it('stays within its limit and keeps the last value, however long it runs', () => {
    const steps = fc.array(fc.integer({ min: 0, max: 100 * SECOND }), { maxLength: 300 });

    fc.assert(
      fc.property(steps, fc.integer({ min: 2, max: 20 }), (gaps, samplesMax) => {
        const curve = new Curve(samplesMax);
        let us = 0;
        for (const [at, gap] of gaps.entries()) {
          us += gap;
          curve.add(us, [at]);
        }
        const { samples } = curve;
        expect(samples.length).toBeLessThanOrEqual(samplesMax);
        expect(samples.at(-1)?.values[0]).toBe(gaps.length === 0 ? undefined : gaps.length - 1);
        const times = samples.map((sample) => sample.us);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
      }),
    );
  });

  it('spreads its values evenly with the last among them', () => {
    const curve = new Curve();
    for (let at = 1; at <= 10; at += 1) curve.add(at * SECOND, [at]);

    expect(curve.spread(0, 5)).toEqual([2, 4, 6, 8, 10]);
    expect(curve.spread(0, 99)).toHaveLength(10);
  });
});

describe('Recent', () => {
  it('keeps the last so many and counts all', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.integer({ min: 1, max: 9 }), (items, itemsMax) => {
        const recent = new Recent<number>(itemsMax);
        for (const item of items) recent.add(item);
        expect(recent.last()).toEqual(items.slice(-itemsMax));
        expect(recent.total).toBe(items.length);
        expect(recent.last(0)).toEqual([]);
      }),
    );
  });
});

describe('refusalText', () => {
  it('knows every code that risk may answer', () => {
    const codes = Array.from({ length: 256 }, (_, place) => {
      const writer = new ByteWriter(1);
      writer.u8(place);
      try {
        return refusalCode.read(new ByteReader(writer.copy()));
      } catch {
        return undefined; // Past the last code.
      }
    }).filter((code) => code !== undefined);

    expect(codes.length).toBeGreaterThan(20);
    for (const code of codes) expect(refusalText(code, 1, 2)).not.toBe('1, limit 2');
    expect(refusalText('FROM_ANOTHER_BUILD', 1, 2)).toBe('1, limit 2');
  });

  it('says ages as spans and money as dollars', () => {
    expect(refusalText('QUOTE_STALE', 6_200, 5_000)).toBe('the quote was 6.2 s old, limit 5.0 s');
    expect(refusalText('CASH_SHORT', 1_892_500, 10_000)).toBe(
      'a share costs $189.25, free cash is $1.00',
    );
    expect(refusalText('REDUCE_ONLY', 1, 0)).toContain('the broker is not up');
  });
});

it('says how long a position was held as a length of time', () => {
  const held = { reason: 'held too long', value: 31 * MINUTE, threshold: 30 * MINUTE };

  expect(signalMeasure(held)).toBe('31 min 0 s / 30 min 0 s');
  expect(signalMeasure({ reason: 'score', value: 0.61, threshold: 0.6 })).toBe('0.61 / 0.6');
});

describe('html', () => {
  it('leaves no character that a page would take for its own', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(html(text)).not.toMatch(/[<>"'\p{Cc}]/u);
      }),
    );
  });

  it('says how many rows a table leaves out', () => {
    const column = { title: 'N', text: (row: number) => String(row) };

    expect(table([column], [8, 9], 9)).toContain('The last 2 of 9');
    expect(table([column], [])).toContain('None.');
  });
});
