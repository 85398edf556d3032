import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { DAY, MINUTE } from '../../../src/core/time.ts';
import { tradingDay } from '../../../src/domain/market/calendar.ts';
import { dataHash } from '../../../src/models/data/data-hash.ts';
import { forwardReturns, type LabelBars, type Labels } from '../../../src/models/data/labels.ts';
import { nextDayLabels } from '../../../src/models/data/next-day-labels.ts';
import { SampleTable } from '../../../src/models/data/sample-table.ts';
import { type Samples, selectSamples } from '../../../src/models/data/samples.ts';
import { trailingVolatility } from '../../../src/models/data/trailing-volatility.ts';
import { tripleBarrier } from '../../../src/models/data/triple-barrier.ts';

const SYMBOLS = ['A', 'B', 'C'];
const OPEN_US = tradingDay(20180305)?.openUs ?? Number.NaN;

/** Minutes of three sessions, some of them missing. */
function barsOf(random: Random): LabelBars {
  const closeUs: number[] = [];
  for (let day = 0; day < 3; day += 1) {
    for (let minute = 1; minute <= 25; minute += 1) {
      if (random.chance(0.9)) closeUs.push(OPEN_US + day * DAY + (365 + minute) * MINUTE);
    }
  }
  let price = 100;
  const open = closeUs.map(() => (price *= 1 + 0.004 * random.normal()));
  const close = open.map((value) => value * (1 + 0.004 * random.normal()));
  const far = (sign: number) => (value: number, at: number) =>
    Math.max(sign * value, sign * (close[at] ?? value)) * sign * (1 + sign * 0.002 * random.unit());
  return {
    closeUs: Float64Array.from(closeUs),
    open: Float64Array.from(open),
    high: Float64Array.from(open.map(far(1))),
    low: Float64Array.from(open.map(far(-1))),
    close: Float64Array.from(close),
  };
}

function until(bars: LabelBars, cutUs: number): LabelBars {
  const count = bars.closeUs.filter((us) => us <= cutUs).length;
  return {
    closeUs: bars.closeUs.slice(0, count),
    open: bars.open.slice(0, count),
    high: bars.high.slice(0, count),
    low: bars.low.slice(0, count),
    close: bars.close.slice(0, count),
  };
}

const LABELS: Readonly<Record<string, (bars: LabelBars) => Labels>> = {
  'over bars': (bars) => forwardReturns(bars, { horizon: { bars: 4 }, riseAbove: 0 }),
  'over time': (bars) => forwardReturns(bars, { horizon: { us: 5 * MINUTE } }),
  'across sessions': (bars) =>
    forwardReturns(bars, { horizon: { us: DAY }, acrossSessions: true, tradingDaysMax: 1 }),
  'by barriers': (bars) =>
    tripleBarrier(bars, {
      up: 1.5,
      down: 1,
      volatility: trailingVolatility(bars, 5, 'within'),
      horizonBars: 6,
      trigger: 'range',
      timeout: 'sign',
      sessions: { barUs: MINUTE },
    }),
  'by barriers across sessions': (bars) =>
    tripleBarrier(bars, {
      up: 0.01,
      down: 0.01,
      horizonBars: 6,
      trigger: 'close',
      timeout: 'zero',
      sessions: 'across',
    }),
  'of the next day': ({ closeUs, close }) => nextDayLabels({ closeUs, value: close, close }),
};

/** The whole way from bars to samples, with a feature that looks at the bars before. */
function samplesOf(all: readonly LabelBars[], labelsOf: (bars: LabelBars) => Labels): Samples {
  const table = new SampleTable({ features: 2, window: 3, gapUsMax: 2 * MINUTE });
  all.forEach((bars, at) => {
    const volatility = trailingVolatility(bars, 4, 'across');
    const features = Float64Array.from({ length: 2 * bars.close.length }, (_, place) =>
      place % 2 === 0 ? (bars.close[place / 2] ?? NaN) : (volatility[(place - 1) / 2] ?? NaN),
    );
    table.add({ symbol: SYMBOLS[at] ?? '', atUs: bars.closeUs, features }, labelsOf(bars));
  });
  return table.samples();
}

/** How many samples were compared; throws where those of a past are not those of the whole. */
function compare(labelsOf: (bars: LabelBars) => Labels): number {
  const seeds = fc.integer({ min: 0, max: 1_000_000 });
  const cuts = fc.integer({ min: 0, max: 3 * 24 * 60 });
  let compared = 0;
  fc.assert(
    fc.property(seeds, cuts, (seed, minutes) => {
      const random = new Random(seed);
      const bars = SYMBOLS.map(() => barsOf(random));
      const cutUs = OPEN_US + minutes * MINUTE;
      const past = samplesOf(
        bars.map((of) => until(of, cutUs)),
        labelsOf,
      );
      const whole = samplesOf(bars, labelsOf);
      const places = Int32Array.from(whole.atUs.keys());
      const known = places.filter((at) => (whole.knownUs[at] ?? NaN) <= cutUs);

      expect(dataHash(past)).toBe(dataHash(selectSamples(whole, known)));
      compared += past.count;
    }),
    { numRuns: 40 },
  );
  return compared;
}

describe('samples of a past that ends are those of the whole that were known by then', () => {
  it.each(Object.entries(LABELS))('labelled %s', (_, labelsOf) => {
    expect(compare(labelsOf)).toBeGreaterThan(20);
  });

  it('and a label that looks ahead is found out', () => {
    const ahead = (bars: LabelBars): Labels => {
      const labels = forwardReturns(bars, { horizon: { bars: 4 } });
      const later = Float64Array.from(bars.close, (close, at) => bars.close[at + 9] ?? close);
      return { ...labels, label: labels.label.map((label, at) => label + (later[at] ?? NaN)) };
    };

    expect(() => compare(ahead)).toThrow();
  });
});
