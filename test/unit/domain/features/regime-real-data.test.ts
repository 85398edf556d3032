import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { present } from '../../../../src/core/assert.ts';
import { DAY, HOUR, MINUTE } from '../../../../src/core/time.ts';
import { FeatureEngine } from '../../../../src/domain/features/feature-engine.ts';
import { createFeatureSet, isFeatureSet } from '../../../../src/domain/features/feature-set.ts';
import { DAILY_REGIME } from '../../../../src/domain/features/sources/regime-daily.ts';
import { fitRegimeModel } from '../../../../src/domain/features/sources/regime-model.ts';
import { STANDARD_REGISTRY } from '../../../../src/domain/features/standard-registry.ts';
import { barSessions } from '../../../../src/domain/market/bars/bar-session.ts';
import { newYorkToUs, tradingDay } from '../../../../src/domain/market/calendar.ts';
import type { DailyBar } from '../../../../src/domain/market/daily-bar.ts';
import { BAR, BAR_FINAL, EventBatch } from '../../../../src/domain/market/event-batch.ts';
import { readDailyHistory } from '../../../../src/streams/recorded/daily-history.ts';

// Real market data lies outside the repository and is never committed.
const DATA = process.env['STRATA_DATA'] ?? '../shared/data';
const DAILY = join(DATA, 'daily/lean_us_equity/daily');
const VIX = join(DATA, 'macro/vix_daily_1990_2026.csv');

beforeEach((context) => {
  if (!existsSync(DAILY)) context.skip(`no market data in ${DATA}: set STRATA_DATA to its folder`);
});

const NAMES = [
  'regimeCode',
  'regimeAge',
  'regimeBearProbability',
  'regimeChoppyProbability',
  'regimeBullProbability',
  'vix',
];

/**
 * Made once with numpy 2 out of the same two files, by the table in sources/regime-rules.ts and
 * the forward pass written out: means, deviations and ranks over slices of the whole arrays.
 */
const MEASURED = {
  days: [2_427, 708, 1_705, 810],
  switches: 201,
  shortest: 3,
  at: [
    [20030310, 3, 0.04916920335077874, 0.9507499166855874, 8.08799636338387e-5],
    [20081010, 3, 0.9665076146273295, 0.03349238463306285, 7.396076782268768e-10],
    [20170630, 0, 0.0003145683479373188, 0.06946227077220374, 0.930223160879859],
    [20180214, 3, 0.663901789688402, 0.3305304814938404, 0.005567728817757593],
    [20200316, 3, 1, 5.61985704544263e-17, 8.989872509260928e-80],
    [20210331, 2, 0.0037103005370128623, 0.5723053386250105, 0.42398436083797664],
  ],
} as const;

describe('SPY from 1998-01-02 to 2021-03-31, and VIX', () => {
  it('F1 is bullish, bearish, choppy and volatile on as many days as measured', () => {
    const rows = rowsOf(spyDays());
    expect(rows.length).toBe(5_849);
    const codes = rows.map(({ values }) => values[0] ?? NaN);
    const counts = [0, 1, 2, 3].map((code) => codes.filter((one) => one === code).length);
    expect(counts).toEqual(MEASURED.days);
    // Before the 200th day there is no mean to be above or below.
    expect(codes.filter((code) => Number.isNaN(code)).length).toBe(199);
    const starts = rows.filter(({ values: [, age] }, at) => at > 0 && age === 0);
    expect(starts.length).toBe(MEASURED.switches + 1);
    const lengths = starts.slice(1).map(({ at }, place) => at - (starts[place]?.at ?? NaN));
    expect(Math.min(...lengths)).toBe(MEASURED.shortest);
  });

  it('F1 has the filtered probabilities that an independent pass has', () => {
    const rows = new Map(rowsOf(spyDays()).map((row) => [row.date, row.values]));
    for (const [date, code, ...probabilities] of MEASURED.at) {
      const row = rows.get(date) ?? [];
      expect(row[0], String(date)).toBe(code);
      probabilities.forEach((value, of) => {
        expect(Math.abs((row[2 + of] ?? NaN) - value), `${date} ${of}`).toBeLessThan(1e-9);
      });
    }
  });

  it('F6 looked the same on the day as it does with hindsight', () => {
    const days = spyDays();
    const whole = rowsOf(days);
    for (const cut of [1_000, 2_716, 5_600]) {
      expect(rowsOf(days.slice(0, cut))).toEqual(whole.slice(0, cut));
    }
  });

  it('has the model that is stored, fitted anew to the days up to 2012', () => {
    const closes = spyDays().flatMap(({ date, close }) => (date <= 20121231 ? [close] : []));
    const returns = closes.map((close, at) => 100 * (close / (closes[at - 1] ?? NaN) - 1)).slice(1);
    expect(returns.length).toBe(3_772);
    const { hmm } = present(fitRegimeModel(Float64Array.from(returns), 3, DAY), 'a model');
    for (const part of ['initial', 'transition', 'means', 'variances'] as const) {
      DAILY_REGIME.hmm[part].forEach((value, at) => {
        expect(hmm[part][at], `${part} ${at}`).toBeCloseTo(value, 9);
      });
    }
  });
});

function spyDays(): readonly DailyBar[] {
  const { bars, faults } = readDailyHistory(DAILY, ['SPY'], 20210401, 10_000);
  expect(faults.count).toBe(0);
  return bars.get('SPY') ?? [];
}

/** Closes of VIX by their dates, from the year before the first of SPY's in which a year fits. */
function vixDays(): readonly { readonly date: number; readonly value: number }[] {
  const [, ...lines] = readFileSync(VIX, 'utf8').trim().split('\n');
  return lines
    .map((line) => line.split(','))
    .map(([day = '', , , , close]) => ({
      date: Number(day.replaceAll('-', '')),
      value: Number(close),
    }))
    .filter(({ date }) => date >= 19960101);
}

interface Row {
  readonly at: number;
  readonly date: number;
  readonly values: readonly number[];
}

/** The row when a day's bar has closed: VIX was told at a quarter past four, the bar after that. */
function rowsOf(days: readonly DailyBar[]): readonly Row[] {
  const set = createFeatureSet(STANDARD_REGISTRY, { feed: 'lean', names: NAMES }, 1);
  if (!isFeatureSet(set)) throw new Error(set.reason);
  const rows: Row[] = [];
  const [out, flags] = [new Float64Array(set.width), new Uint8Array(set.width)];
  const engine: FeatureEngine = new FeatureEngine({
    set,
    symbolsMax: 1,
    from: { kind: 'bars', spanUs: 30 * MINUTE, graceUs: 30 * MINUTE },
    barClosed() {
      engine.row(0, out, flags, 0);
      const values = [...out].map((value, at) => (flags[at] === 1 ? NaN : value));
      rows.push({ at: rows.length, date: days[rows.length]?.date ?? 0, values });
    },
  });
  engine.name(0, 'SPY', '');
  const batch = new EventBatch();
  let vix = vixDays();
  for (const day of days) {
    const session = present(tradingDay(day.date), 'a day of trading');
    engine.openSession(barSessions(session)[1], session.openUs);
    batch.clear();
    const at = batch.add(BAR, 0, session.openUs, BAR_FINAL, 0);
    batch.a[at] = day.open;
    batch.b[at] = day.high;
    batch.c[at] = day.low;
    batch.d[at] = day.close;
    batch.e[at] = day.volume;
    batch.f[at] = 30 * MINUTE;
    batch.endFrame(session.openUs + 30 * MINUTE);
    engine.take(batch);
    const told = vix.filter(({ date }) => date <= day.date);
    vix = vix.slice(told.length);
    for (const { date, value } of told) {
      const nowUs = newYorkToUs(date, 16 * HOUR + 15 * MINUTE);
      set.marketFact(engine.market, { kind: 'index', index: 'VIX', value, nowUs });
    }
  }
  const last = present(tradingDay(days.at(-1)?.date ?? 0), 'a day of trading');
  engine.openSession(barSessions(last)[2], last.postUs);
  return rows;
}
