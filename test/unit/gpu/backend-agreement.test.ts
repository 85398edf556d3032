import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { minuteRows } from '../../../src/compose/train/minute-rows.ts';
import { MINUTE } from '../../../src/core/time.ts';
import { momentumSet } from '../../../src/domain/features/momentum-set.ts';
import type { BarSource } from '../../../src/domain/market/bars/bar-options.ts';
import { relativeDifference } from '../../../src/gpu/agreement.ts';
import { createBackend } from '../../../src/gpu/create-backend.ts';
import { initialise } from '../../../src/models/graph/parameters.ts';
import { scorer } from '../../../src/models/nets/scorer.ts';
import { writeOnnx } from '../../../src/models/onnx/write-onnx.ts';
import type { ModelSource } from '../../../src/ports/inference-backend.ts';
import type { MarketSource } from '../../../src/ports/market-source.ts';
import { openRecorded } from '../../../src/streams/recorded/open-recorded.ts';
import { createSeededMarket } from '../../../src/venue/market/seeded-market.ts';
import { shippedSource } from '../../inference-models.ts';
import { ARCHITECTURES, type NetworkFamily, sourceOf } from '../../served-models.ts';

const SYMBOLS = 44;
const FILES = 32;
const WINDOW = 4;
const DATA = process.env['STRATA_DATA'] ?? '../shared/data';
const RECORDED = join(DATA, 'intraday/us_minute_2018');
const TRADES: BarSource = { kind: 'trades', graceUs: 250_000 };
const BARS: BarSource = { kind: 'bars', spanUs: MINUTE, graceUs: 250_000 };
const DECISIONS_SAME_MIN = 0.9999;
const isLong = process.env['STRATA_LONG'] === '1';
const FAMILIES = ['mlp', 'transformer'] as const;

describe('all backends over a day of features', () => {
  describe('of a seeded market', () => {
    let day: Day;
    beforeAll(() => {
      const market = { seed: 990, symbols: SYMBOLS, days: 1, tradesPerDay: 2_200 };
      day = dayOf(createSeededMarket({ ...market, extendedHours: false }), TRADES);
    });

    it('decide as plain JavaScript does: the shipped model', async () => {
      expect(day.rows).toBeGreaterThan(10_000);
      await agree(shippedSource, day.features, day.rows);
    });

    it.each(FAMILIES)('decide as plain JavaScript does: %s', async (family) => {
      const windows = windowsOf(day);
      await agree(networkFor(family, day), windows, windows.length / (WINDOW * day.width));
    });
  });

  it('decide as plain JavaScript does over recorded minutes, where there are some', async (ctx) => {
    if (!isLong) ctx.skip('reads thirty files: STRATA_LONG=1');
    if (!existsSync(RECORDED)) ctx.skip(`no recorded minutes in ${RECORDED}: set STRATA_DATA`);
    const days = readdirSync(RECORDED)
      .filter((name) => name.endsWith('.csv.gz'))
      .slice(0, FILES)
      .map((name) => dayOf(openRecorded(join(RECORDED, name), { date: 20180220 }), BARS));
    const width = days[0]?.width ?? 0;
    const series = days.flatMap((one) => one.series);
    const day = { width, series, rows: 0, features: joined(series) };
    const windows = windowsOf(day);
    const rows = windows.length / (WINDOW * width);
    expect(rows).toBeGreaterThan(10_000);
    await agree(networkFor('mlp', day), windows, rows);
  });
});

interface Day {
  readonly width: number;
  readonly rows: number;
  readonly features: Float64Array;
  /** Rows of one symbol, one after another. */
  readonly series: readonly Float64Array[];
}

function dayOf(source: MarketSource, from: BarSource): Day {
  const set = momentumSet();
  const { rows } = minuteRows({
    source,
    wide: { set, layoutHash: set.layoutHash, features: set.layout.names },
    timeframe: set.timeframe,
    from,
    isWanted: () => true,
    sectors: new Map(),
    fromUs: Number.NEGATIVE_INFINITY,
    progress: () => undefined,
  });
  source.close();
  const series = rows.map(({ features }) => features);
  const features = joined(series);
  return { width: set.width, rows: features.length / set.width, features, series };
}

function joined(series: readonly Float64Array[]): Float64Array {
  return Float64Array.from(series.flatMap((one) => [...one]));
}

/** Every run of so many rows of a symbol, as a row of a model with a window. */
function windowsOf({ series, width }: Day): Float64Array {
  const windows: number[] = [];
  for (const one of series) {
    for (let end = WINDOW * width; end <= one.length; end += width) {
      windows.push(...one.subarray(end - WINDOW * width, end));
    }
  }
  return Float64Array.from(windows);
}

/** A network that scales as the day does, so that its curves are bent where the rows are. */
function networkFor(family: NetworkFamily, { features, width }: Day): ModelSource {
  const rows = features.length / width;
  const columns = Array.from({ length: width }, (_, place) =>
    Float64Array.from({ length: rows }, (__, row) => features[row * width + place] ?? 0),
  );
  const mean = columns.map((column) => column.reduce((sum, value) => sum + value, 0) / rows);
  const deviation = columns.map((column, place) =>
    Math.sqrt(column.reduce((sum, value) => sum + (value - (mean[place] ?? 0)) ** 2, 0) / rows),
  );
  const scaling = { mean, deviation, clip: 8 };
  const outputs = ['probability'] as const;
  const options = { window: WINDOW, features: width, scaling, outputs };
  const { graph } = scorer(ARCHITECTURES[family], options).build('serving');
  const bytes = writeOnnx(graph, { parameters: initialise(graph, 11) });
  return sourceOf(bytes, { family, outputs, features: width, window: WINDOW });
}

/** Decisions near the median score, where most rows are: at a threshold as a person writes one. */
async function agree(source: ModelSource, features: Float64Array, rows: number): Promise<void> {
  const { scores: wanted, outputs } = await scoresOf('plain', source, features, rows);
  const chances = wanted.filter((_, at) => at % outputs === 0);
  const median = chances.toSorted()[Math.floor(rows / 2)] ?? Number.NaN;
  const threshold = Math.round(median * 1_000) / 1_000;
  expect(new Set(chances).size).toBeGreaterThan(rows / 2);
  for (const backend of ['onnx', 'tensorflow'] as const) {
    const { scores: given } = await scoresOf(backend, source, features, rows);
    const same = chances.filter(
      (chance, row) => chance > threshold === (given[row * outputs] ?? 0) > threshold,
    );

    expect(relativeDifference(wanted, given, outputs)).toBeLessThan(1e-4);
    expect(same.length / rows).toBeGreaterThanOrEqual(DECISIONS_SAME_MIN);
  }
}

async function scoresOf(
  backend: 'plain' | 'onnx' | 'tensorflow',
  source: ModelSource,
  features: Float64Array,
  rows: number,
): Promise<{ readonly scores: Float64Array; readonly outputs: number }> {
  const model = await createBackend(backend).load(source);
  const { outputs } = model;
  const scores = new Float64Array(rows * outputs);
  await model.score(features, rows, scores);
  await model.release();
  return { scores, outputs };
}
