import { describe, expect, it } from 'vitest';
import { present } from '../../../../src/core/assert.ts';
import { PRICE_SCALE } from '../../../../src/core/money.ts';
import { DAY, MINUTE } from '../../../../src/core/time.ts';
import type { FeatureUnits } from '../../../../src/domain/features/feature.ts';
import { FeatureEngine } from '../../../../src/domain/features/feature-engine.ts';
import {
  createFeatureSet,
  type FeatureSet,
  isFeatureSet,
} from '../../../../src/domain/features/feature-set.ts';
import { STANDARD_REGISTRY } from '../../../../src/domain/features/standard-registry.ts';
import {
  configure,
  type ConfiguredIndicator,
} from '../../../../src/domain/indicators/declaration.ts';
import {
  BAR_WIDTH,
  CLOSE,
  HIGH,
  LOW,
  OPEN,
  SESSION,
  SINCE_OPEN_US,
  START_US,
  VOLUME,
} from '../../../../src/domain/indicators/indicator.ts';
import { parseIndicator } from '../../../../src/domain/indicators/parse-indicator.ts';
import { INDICATORS } from '../../../../src/domain/indicators/registry.ts';
import { BAR, BAR_FINAL, EventBatch } from '../../../../src/domain/market/event-batch.ts';
import { BarSource } from '../../../reference/bars.ts';

const SEED = 71;
const SESSION_BARS = 60;
/** In dollars. */
const BARS = new BarSource(SEED, SESSION_BARS).take(24 * SESSION_BARS);

describe('the column of an indicator', () => {
  // The arc sine of a price of a dollar or more is none.
  const ofPrices = INDICATORS.filter(({ name }) => name !== 'acos' && name !== 'asin');
  it.each(ofPrices)('$name is, bit by bit, that of bars in dollars', (declaration) => {
    expectAlike([configure(declaration)]);
  });

  it.each([
    'linearRegressionAngle(5)',
    'variance@volume',
    'multiply@close+volume',
    'divide@close+volume',
    'mavp(3,20)@close+high',
    'sarExtended(100)',
    'ln@volume',
    'sma20@sinceOpenUs',
  ])('%s is too, of other series and parameters', (name) => {
    expectAlike([indicatorOf(name)]);
  });

  it('is what a formula makes of dollars: a price of $189.34 at every step', () => {
    const still = flatBars(189.34, SESSION_BARS);
    const told = (name: string) => present(rowsOf([indicatorOf(name)], still).at(-1)?.[0], name);

    expect(told('ln')).toBeCloseTo(5.243_544_340_7, 9);
    expect(told('sqrt')).toBeCloseTo(13.760_087_209, 9);
    expect(told('floor')).toBe(189);
    expect(told('ceil')).toBe(190);
    expect(told('exp') / 1.695_575_776_8e82).toBeCloseTo(1, 9);
    const half = rowsOf(['acos', 'asin'].map(indicatorOf), flatBars(0.5, 3)).at(-1);
    expect(half?.[0]).toBeCloseTo(Math.PI / 3, 12);
    expect(half?.[1]).toBeCloseTo(Math.PI / 6, 12);
  });

  it('is the angle of a line in dollars by bars, and the variance of shares in shares', () => {
    const rising = flatBars(100, SESSION_BARS).map((bar, at) => {
      const one = bar.slice();
      one.fill(100 + at, OPEN, VOLUME);
      one[VOLUME] = at % 2 === 0 ? 100 : 300;
      return one;
    });
    const told = (name: string) => rowsOf([indicatorOf(name)], rising).at(-1)?.[0];

    expect(told('linearRegressionAngle(14)')).toBeCloseTo(45, 9);
    expect(told('variance(10)@volume')).toBeCloseTo(100 * 100, 6);
    expect(told('multiply@close+volume')).toBe(159 * 300);
    expect(told('divide@close+volume')).toBe(159 / 300);
  });

  it.each<[string, FeatureUnits]>([
    ['sma20', 'dollars'],
    ['sma20@volume', 'shares'],
    ['variance', 'dollars2'],
    ['variance@volume', 'number'],
    ['multiply@close+high', 'dollars2'],
    ['multiply@close+volume', 'number'],
    ['add@close+volume', 'number'],
    ['linearRegressionAngle', 'degrees'],
    ['vwap', 'dollars'],
    ['obv', 'shares'],
    ['rsi14', 'percent'],
  ])('%s says that it is in %s', (name, units) => {
    expect(setOf([indicatorOf(name)]).columns[0]?.units).toBe(units);
  });
});

/** Every output of each, after every bar, against the indicator alone. */
function expectAlike(indicators: readonly ConfiguredIndicator[]): void {
  const rows = rowsOf(indicators, BARS);
  expect(rows).toHaveLength(BARS.length);
  const alone = indicators.map(({ width, reset }) => {
    const state = new Float64Array(width);
    reset(state, 0);
    return state;
  });
  let numbers = 0;
  BARS.forEach((bar, at) => {
    const expected = indicators.flatMap(({ update, outputs }, which) => {
      const state = present(alone[which], 'its slots');
      update(state, 0, bar);
      return [...state.subarray(0, outputs.length)];
    });
    const row = present(rows[at], 'a row');
    const differs = expected.findIndex((value, column) => !Object.is(row[column], value));
    expect(differs, `bar ${at}: ${row[differs]} is not ${expected[differs]}`).toBe(-1);
    numbers += expected.filter((value) => value === value).length;
  });
  // Of NaN alone it would prove nothing.
  expect(numbers).toBeGreaterThan(0);
}

/** Rows after each bar, told by the venue in ten-thousandths; NaN where a value is not known. */
function rowsOf(
  indicators: readonly ConfiguredIndicator[],
  bars: readonly Float64Array[],
): readonly number[][] {
  const set = setOf(indicators);
  const rows: number[][] = [];
  const out = new Float64Array(set.width);
  const flags = new Uint8Array(set.width);
  const engine = new FeatureEngine({
    set,
    symbolsMax: 1,
    from: { kind: 'bars', spanUs: MINUTE, graceUs: MINUTE },
    barClosed: () => {
      engine.row(0, out, flags, 0);
      rows.push(Array.from(out, (value, column) => (flags[column] === 0 ? value : NaN)));
    },
  });
  engine.name(0, 'TEST', '');
  const batch = new EventBatch();
  for (const bar of bars) {
    const startUs = bar[START_US] ?? NaN;
    if (bar[SINCE_OPEN_US] === 0) {
      const closeUs = startUs + SESSION_BARS * MINUTE;
      const session = { openUs: startUs, closeUs, coreOpenUs: startUs, isExtended: false };
      engine.openSession(session, startUs);
    }
    batch.clear();
    const at = batch.add(BAR, 0, startUs, BAR_FINAL, 0);
    batch.a[at] = ticks(bar[OPEN]);
    batch.b[at] = ticks(bar[HIGH]);
    batch.c[at] = ticks(bar[LOW]);
    batch.d[at] = ticks(bar[CLOSE]);
    batch.e[at] = bar[VOLUME] ?? NaN;
    batch.f[at] = MINUTE;
    batch.endFrame(startUs + MINUTE);
    engine.take(batch);
  }
  return rows;
}

function setOf(indicators: readonly ConfiguredIndicator[]): FeatureSet {
  const names = indicators.flatMap(({ label, outputs }) => outputs.map((one) => `${label}.${one}`));
  const set = createFeatureSet(STANDARD_REGISTRY, { feed: 'any', names }, 1);
  if (!isFeatureSet(set)) throw new Error(`these cannot be planned: ${JSON.stringify(set)}`);
  return set;
}

function indicatorOf(name: string): ConfiguredIndicator {
  const parsed = parseIndicator(name);
  if (!parsed.isOk) throw new Error(`${name} is no indicator`);
  return parsed.indicator;
}

function ticks(dollars = NaN): number {
  return Math.round(dollars * PRICE_SCALE);
}

/** Of one session, all at one price. */
function flatBars(dollars: number, count: number): readonly Float64Array[] {
  return Array.from({ length: count }, (_, minute) => {
    const bar = new Float64Array(BAR_WIDTH).fill(dollars, OPEN, VOLUME);
    bar[VOLUME] = 1_000;
    bar[SESSION] = 20_000;
    bar[START_US] = 20_000 * DAY + 870 * MINUTE + minute * MINUTE;
    bar[SINCE_OPEN_US] = minute * MINUTE;
    return bar;
  });
}
