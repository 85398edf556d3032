import { describe, expect, it } from 'vitest';
import { MINUTE } from '../../../../src/core/time.ts';
import { dataHash } from '../../../../src/models/data/data-hash.ts';
import type { Labels } from '../../../../src/models/data/labels.ts';
import { SampleTable, type SampleTableOptions } from '../../../../src/models/data/sample-table.ts';
import { selectSamples, type Samples } from '../../../../src/models/data/samples.ts';
import { MONDAY, minuteUs, TUESDAY } from './minute-bars.ts';

const OPTIONS: SampleTableOptions = { features: 2, window: 2, gapUsMax: MINUTE };

/** Rows whose features tell their place, with labels that are known a minute later. */
function series(symbol: string, times: readonly number[]) {
  const atUs = Float64Array.from(times);
  const label = Float64Array.from(times, (_, at) => at % 2);
  const labels: Labels = {
    label,
    forwardReturn: label.map((value) => value / 100),
    knownUs: atUs.map((us) => us + MINUTE),
  };
  const features = Float64Array.from({ length: 2 * times.length }, (_, at) => at);
  return { rows: { symbol, atUs, features }, labels };
}

function samplesOf(options: Partial<SampleTableOptions>, ...all: ReturnType<typeof series>[]) {
  const table = new SampleTable({ ...OPTIONS, ...options });
  for (const { rows, labels } of all) table.add(rows, labels);
  return { samples: table.samples(), leftOut: table.leftOut };
}

const FOUR = [1, 2, 3, 4].map((minute) => minuteUs(minute));

describe('a table of samples', () => {
  it('makes rows of the window, oldest first', () => {
    const { samples, leftOut } = samplesOf({}, series('A', FOUR));

    expect(samples).toMatchObject({ count: 3, width: 4, symbols: ['A'] });
    expect([...samples.features]).toEqual([0, 1, 2, 3, 2, 3, 4, 5, 4, 5, 6, 7]);
    expect([...samples.label]).toEqual([1, 0, 1]);
    expect([...samples.atUs]).toEqual(FOUR.slice(1));
    expect(leftOut).toMatchObject({ gapInWindow: 1 });
  });

  it('does not look over a gap, nor into the session before', () => {
    const gap = series(
      'A',
      [1, 2, 4, 5].map((minute) => minuteUs(minute)),
    );
    expect([...samplesOf({}, gap).samples.atUs]).toEqual([minuteUs(2), minuteUs(5)]);

    const times = [MONDAY.closeUs - MINUTE, MONDAY.closeUs, minuteUs(1, TUESDAY)];
    const options = { gapUsMax: 24 * 60 * MINUTE };
    expect(samplesOf(options, series('A', times)).samples.count).toBe(1);
    expect(samplesOf({ ...options, acrossSessions: true }, series('A', times)).samples.count).toBe(
      2,
    );
  });

  it('leaves out what has no label or misses a feature, and counts it', () => {
    const { rows, labels } = series('A', FOUR);
    labels.label[3] = Number.NaN;
    rows.features[1] = Number.NaN;

    expect(samplesOf({}, { rows, labels }).leftOut).toEqual({
      noLabel: 1,
      gapInWindow: 1,
      missingFeature: 1,
      thinnedOut: 0,
      full: 0,
    });
    expect(samplesOf({ allowMissing: true }, { rows, labels }).samples.count).toBe(2);
  });

  it('takes every n-th that would do, and no more than its limit', () => {
    const every = samplesOf({ window: 1, every: 3 }, series('A', FOUR));
    expect([...every.samples.atUs]).toEqual([minuteUs(1), minuteUs(4)]);
    expect(every.leftOut).toMatchObject({ thinnedOut: 2 });

    const few = samplesOf({ window: 1, samplesMax: 2 }, series('A', FOUR));
    expect(few.samples.count).toBe(2);
    expect(few.leftOut).toMatchObject({ full: 2 });
  });

  it('is the same in whatever order symbols came, by time and then by name', () => {
    const [a, b] = [series('A', FOUR.slice(1)), series('B', FOUR)];
    const { samples } = samplesOf({}, b, a);

    expect(dataHash(samples)).toBe(dataHash(samplesOf({}, a, b).samples));
    expect([...samples.symbol]).toEqual([1, 0, 1, 0, 1]);
    expect([...samples.atUs]).toEqual([...samples.atUs].toSorted((x, y) => x - y));
  });

  it('refuses rows that go back in time', () => {
    expect(() => samplesOf({}, series('A', [minuteUs(2), minuteUs(1)]))).toThrow(/order of time/);
  });
});

describe('a data hash', () => {
  const { samples } = samplesOf({}, series('A', FOUR), series('B', FOUR));
  const all = Int32Array.from({ length: samples.count }, (_, at) => at);

  it('is of the contents and not of the arrays', () => {
    expect(dataHash(selectSamples(samples, all))).toBe(dataHash(samples));
  });

  it.each(['features', 'atUs', 'knownUs', 'label', 'forwardReturn', 'weight', 'symbol'] as const)(
    'changes with one number of %s',
    (column) => {
      const other = selectSamples(samples, all);
      const values = other[column];
      values[1] = (values[1] ?? 0) + 1;

      expect(dataHash(other)).not.toBe(dataHash(samples));
    },
  );

  it('changes with the names, the order, and with what is missing', () => {
    const missing: Samples = selectSamples(samples, all);
    missing.features[0] = Number.NaN;
    const hashes = [
      samples,
      { ...samples, symbols: ['A', 'C'] },
      selectSamples(samples, all.toReversed()),
      selectSamples(samples, all.subarray(1)),
      missing,
    ].map(dataHash);

    expect(new Set(hashes).size).toBe(hashes.length);
  });
});
