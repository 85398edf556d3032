import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../../src/core/random.ts';
import { DAY, HOUR, MINUTE } from '../../../../src/core/time.ts';
import { FeatureEngine } from '../../../../src/domain/features/feature-engine.ts';
import { createFeatureSet, isFeatureSet } from '../../../../src/domain/features/feature-set.ts';
import { logDensitiesOf } from '../../../../src/domain/features/gaussian-hmm.ts';
import { filterStates } from '../../../../src/domain/features/hidden-markov.ts';
import { indexSource } from '../../../../src/domain/features/sources/index-source.ts';
import { DAILY_REGIME } from '../../../../src/domain/features/sources/regime-daily.ts';
import { RegimeFilter } from '../../../../src/domain/features/sources/regime-filter.ts';
import {
  fitRegimeModel,
  modelVersion,
  regimeModelFault,
} from '../../../../src/domain/features/sources/regime-model.ts';
import {
  BEAR,
  BULL,
  CHOPPY,
  dwell,
  DWELL_BARS,
  DWELL_WIDTH,
  regimeAge,
  regimeCode,
  regimeOf,
  type RegimeSigns,
  REGIMES,
  resetDwell,
  VOLATILE,
} from '../../../../src/domain/features/sources/regime-rules.ts';
import { regimeSource } from '../../../../src/domain/features/sources/regime-source.ts';
import { STANDARD_REGISTRY } from '../../../../src/domain/features/standard-registry.ts';
import { BAR, BAR_FINAL, EventBatch } from '../../../../src/domain/market/event-batch.ts';

const SPY = { symbol: 0, sector: -1, benchmark: 0 };

/** A calm rise: what a bull looks like, and with which nothing is unknown. */
const CALM: RegimeSigns = {
  vix: 12,
  vixRank: 0.3,
  longVix: 15,
  volatilityRank: 0.3,
  overMean: 0.05,
  meanSlope: 0.01,
  bear: 0.01,
  bull: 0.9,
};

/** Daily bars of SPY about a random walk of some per cent a day. */
function days(seed: number, count: number, volatility = 1): readonly Float64Array[] {
  const random = new Random(seed);
  let price = 4_000_000;
  return Array.from({ length: count }, (_, day) => {
    const open = price;
    const noise = random.below(2_001) + random.below(2_001) + random.below(2_001) - 3_000;
    price = Math.max(1_000, Math.round(price * (1 + (volatility * noise) / 100_000)));
    const [high, low] = [Math.max(open, price), Math.min(open, price)];
    const startUs = (20_000 + day) * DAY + 14 * HOUR;
    return Float64Array.of(open, high, low, price, 1_000, 20_000 + day, startUs, 0);
  });
}

/** The columns of the source after each bar, by name. */
function readings(bars: readonly Float64Array[], vix?: (day: number) => number) {
  const source = regimeSource([DAILY_REGIME]).build({ symbolsMax: 1, spanUs: DAY });
  if (source.scope !== 'market') throw new Error('it is of the market');
  const state = new Float64Array(source.width);
  source.reset(state, 0);
  const out = new Float64Array(source.columns.length);
  return bars.map((bar, day) => {
    const nowUs = (bar[6] ?? 0) + 6 * HOUR;
    const value = vix?.(day);
    if (value !== undefined) source.fact?.(state, 0, { kind: 'index', index: 'VIX', value, nowUs });
    source.bar?.(state, 0, bar, SPY);
    source.read(state, 0, nowUs, out, 0, SPY);
    return new Map(source.columns.map(({ name }, at) => [name, out[at] ?? NaN]));
  });
}

describe('the rules of regimes', () => {
  it.each<[string, Partial<RegimeSigns>, number]>([
    ['a calm rise', {}, BULL],
    ['VIX of a crisis', { vix: 30.01 }, VOLATILE],
    ['VIX at its limit and not among the highest', { vix: 30, longVix: 31 }, BULL],
    [
      'VIX elevated and higher than in nine days of ten',
      { vix: 22, vixRank: 0.91, longVix: 23 },
      VOLATILE,
    ],
    ['VIX low, though higher than in nine days of ten', { vix: 16, vixRank: 0.99 }, BULL],
    ['VIX above VIX3M', { vix: 20, longVix: 19 }, VOLATILE],
    ['VIX above VIX3M in a calm', { vix: 14, longVix: 13 }, BULL],
    [
      'no VIX and the highest volatility',
      { vix: NaN, vixRank: NaN, volatilityRank: 0.95 },
      VOLATILE,
    ],
    ['no VIX and nothing else against it', { vix: NaN, vixRank: NaN, longVix: NaN }, BULL],
    ['the state of a bear', { bear: 0.5, bull: 0.4 }, BEAR],
    ['below a mean that falls', { overMean: -0.01, meanSlope: -0.001 }, BEAR],
    ['below a mean that rises', { overMean: -0.01, meanSlope: 0.001 }, CHOPPY],
    ['above the mean and in between', { bull: 0.3, bear: 0.1 }, CHOPPY],
    ['no mean yet', { overMean: NaN }, NaN],
    ['no mean yet, whatever VIX is', { overMean: NaN, vix: 60 }, NaN],
    ['no states', { bear: NaN, bull: NaN }, NaN],
  ])('say of %s what the table says', (_, signs, code) => {
    expect(regimeOf({ ...CALM, ...signs })).toBe(code);
  });

  it('leave a regime for what was found at three bars in a row, and no sooner', () => {
    const codes = fc.array(fc.constantFrom(BULL, BEAR, CHOPPY, VOLATILE, NaN), { maxLength: 200 });
    const property = fc.property(codes, (found) => {
      const state = new Float64Array(DWELL_WIDTH);
      resetDwell(state, 0);
      let [stands, age] = [NaN, NaN];
      let row: number[] = [];
      for (const code of found) {
        dwell(state, 0, code);
        if (!Number.isNaN(code)) row = row.at(-1) === code ? [...row, code] : [code];
        const isFirst = Number.isNaN(stands) && !Number.isNaN(code);
        const isNew = code !== stands && row.length >= DWELL_BARS && !Number.isNaN(code);
        age = isFirst || isNew ? 0 : age + 1;
        if (isFirst || isNew) stands = code;
        expect([regimeCode(state, 0), regimeAge(state, 0)]).toEqual([stands, age]);
      }
    });
    fc.assert(property);
  });

  it('have a name for every code', () => {
    expect([BULL, BEAR, CHOPPY, VOLATILE].map((code) => REGIMES[code])).toEqual([...REGIMES]);
  });
});

describe('the filter of hidden states', () => {
  it('F1 has the probabilities of the forward pass over the whole series', () => {
    const property = fc.property(fc.integer(), (seed) => {
      const returns = Float64Array.from(days(seed, 300, 2), (bar) => {
        return 100 * ((bar[3] ?? NaN) / (bar[0] ?? NaN) - 1);
      });
      const filter = new RegimeFilter(DAILY_REGIME.hmm);
      const state = new Float64Array(3);
      filter.reset(state, 0);
      const whole = filterStates(DAILY_REGIME.hmm, logDensitiesOf(DAILY_REGIME.hmm, returns));
      returns.forEach((percent, at) => {
        filter.update(state, 0, percent);
        state.forEach((value, of) => {
          expect(value).toBeCloseTo(whole.probabilities[3 * at + of] ?? NaN, 12);
        });
      });
    });
    fc.assert(property, { numRuns: 10 });
  });

  it('F2 stays a probability through returns that no state could make', () => {
    const filter = new RegimeFilter(DAILY_REGIME.hmm);
    const state = new Float64Array(3);
    filter.reset(state, 0);
    for (const percent of [0, -99.9, 1e9, -50, 0, 0, 1e-9, 12]) {
      filter.update(state, 0, percent);
      expect(state.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
      for (const value of state) expect(value >= 0 && value <= 1).toBe(true);
    }
  });
});

describe('the regime of the market', () => {
  it('F6 is of its day: cutting off or altering what comes after changes no bit', () => {
    const property = fc.property(fc.integer(), fc.integer({ min: 1, max: 520 }), (seed, cut) => {
      const bars = days(seed, 521);
      const vix = (day: number) => 12 + ((day * 7) % 25);
      const whole = readings(bars, vix);
      expect(readings(bars.slice(0, cut), vix)).toEqual(whole.slice(0, cut));
      const other = [...bars.slice(0, cut), ...days(seed + 1, 521).slice(cut)];
      const altered = readings(other, (day) => (day < cut ? vix(day) : 80));
      expect(altered.slice(0, cut)).toEqual(whole.slice(0, cut));
      expect(altered.slice(cut)).not.toEqual(whole.slice(cut));
    });
    fc.assert(property, { numRuns: 15 });
  });

  it('F1 has the means, the slope and the deviations of its definitions', () => {
    const bars = days(77, 600);
    const closes = bars.map((bar) => bar[3] ?? NaN);
    const mean = (values: readonly number[]) =>
      values.reduce((sum, value) => sum + value, 0) / values.length;
    const volatilityAt = (day: number) => {
      const returns = closes
        .slice(day - 20, day + 1)
        .map((close, at, all) => Math.log(close / (all[at - 1] ?? NaN)))
        .slice(1);
      const centre = mean(returns);
      const squares = returns.reduce((sum, value) => sum + (value - centre) * (value - centre), 0);
      return 100 * Math.sqrt(squares / 19);
    };
    readings(bars).forEach((reading, day) => {
      const near = (name: string, value: number) => {
        const own = reading.get(name) ?? NaN;
        const isNear = Object.is(own, value) || Math.abs(own - value) < 1e-11;
        expect(isNear, `${name} ${day}: ${own} is not ${value}`).toBe(true);
      };
      const of = (from: number) => mean(closes.slice(day - from - 199, day - from + 1));
      near('overMean', day >= 199 ? (closes[day] ?? NaN) / of(0) - 1 : NaN);
      near('meanSlope', day >= 219 ? of(0) / of(20) - 1 : NaN);
      near('volatility', day >= 20 ? volatilityAt(day) : NaN);
      const year = Array.from({ length: 252 }, (_, back) => volatilityAt(day - 1 - back));
      const below = year.filter((one) => one < volatilityAt(day)).length;
      near('volatilityRank', day >= 272 ? below / 252 : NaN);
    });
  });

  it('F2 is untouched by bars of others, bars out of order and bars that are none', () => {
    const bars = days(3, 260);
    const straight = readings(bars).at(-1);
    const source = regimeSource([DAILY_REGIME]).build({ symbolsMax: 2, spanUs: DAY });
    if (source.scope !== 'market') throw new Error('it is of the market');
    const state = new Float64Array(source.width);
    source.reset(state, 0);
    for (const bar of bars) {
      source.bar?.(state, 0, bar, SPY);
      source.bar?.(
        state,
        0,
        bar.map((value) => 2 * value),
        { ...SPY, symbol: 1, benchmark: 1 },
      );
      source.bar?.(state, 0, bar, SPY);
      source.bar?.(state, 0, bar.with(3, NaN), SPY);
      source.bar?.(state, 0, bar.with(2, -1), SPY);
    }
    const out = new Float64Array(source.columns.length);
    source.read(state, 0, 0, out, 0, SPY);
    source.columns.forEach(({ name }, at) => {
      expect(out[at], name).toBe(name === 'unplaced' ? 3 * bars.length : straight?.get(name));
    });
  });

  it('knows no states for bars of a span that no model is of', () => {
    const source = regimeSource([DAILY_REGIME]).build({ symbolsMax: 1, spanUs: HOUR });
    const state = new Float64Array(source.width);
    source.reset(state, 0);
    if (source.scope !== 'market') throw new Error('it is of the market');
    for (const bar of days(3, 260)) source.bar?.(state, 0, bar, SPY);
    const out = new Float64Array(source.columns.length);
    source.read(state, 0, 0, out, 0, SPY);
    expect([...out.subarray(0, 5)]).toEqual([NaN, NaN, NaN, NaN, NaN]);
    expect(out[5]).not.toBeNaN();
  });
});

describe('the warning of a bear', () => {
  const NAMES = ['bearWarning', 'trendRegime', 'aboveMeanShare:1d'];

  /** A row of a stock after days on which SPY and four others moved so many ten-thousandths. */
  function warned(moves: readonly number[]): readonly number[] {
    const set = createFeatureSet(STANDARD_REGISTRY, { feed: 'any', names: NAMES }, 5);
    if (!isFeatureSet(set)) throw new Error(set.reason);
    const from = { kind: 'bars', spanUs: 30 * MINUTE, graceUs: 30 * MINUTE } as const;
    const engine = new FeatureEngine({ set, symbolsMax: 5, from });
    ['SPY', 'AAA', 'BBB', 'CCC', 'DDD'].forEach((name, at) => engine.name(at, name, ''));
    const prices = [4e6, 1e6, 2e6, 3e6, 5e6];
    const batch = new EventBatch();
    const open = (day: number) => {
      const openUs = (20_000 + day) * DAY + 14 * HOUR;
      const session = { openUs, closeUs: openUs + HOUR, coreOpenUs: openUs, isExtended: false };
      engine.openSession(session, openUs);
      return openUs;
    };
    moves.forEach((move, day) => {
      const openUs = open(day);
      batch.clear();
      prices.forEach((before, symbol) => {
        const close = Math.round(before * (1 + move / 10_000));
        prices[symbol] = close;
        const at = batch.add(BAR, symbol, openUs, BAR_FINAL, 0);
        batch.a[at] = before;
        batch.b[at] = Math.max(before, close);
        batch.c[at] = Math.min(before, close);
        batch.d[at] = close;
        batch.e[at] = 100;
        batch.f[at] = 30 * MINUTE;
        batch.endFrame(openUs + 30 * MINUTE);
      });
      engine.take(batch);
    });
    open(moves.length);
    const [out, flags] = [new Float64Array(3), new Uint8Array(3)];
    engine.row(1, out, flags, 0);
    return [...out].map((value, at) => (flags[at] === 1 ? NaN : value));
  }

  const days = (count: number, move: number) => Array.from({ length: count }, () => move);

  it('comes when SPY and most others have fallen below their means', () => {
    expect(warned(days(230, 10))).toEqual([0, 1, 1]);
    expect(warned([...days(230, 10), ...days(20, -10)])).toEqual([0, 1, 0]);
    expect(warned([...days(230, 1), ...days(30, -40)])).toEqual([1, -1, 0]);
    expect(warned([...days(230, 1), ...days(60, -40), ...days(25, 5)])).toEqual([0, -1, 1]);
    expect(warned(days(150, 10))).toEqual([NaN, NaN, 1]);
  });
});

describe('a model of regimes', () => {
  it('finds the states that made a series, ordered by their means', () => {
    const random = new Random(8);
    const noise = () =>
      (random.below(2_001) + random.below(2_001) + random.below(2_001)) / 1_000 - 3;
    const returns = Float64Array.from({ length: 3_000 }, (_, day) =>
      day % 600 < 200 ? -0.2 + 2 * noise() : 0.1 + 0.5 * noise(),
    );
    const model = fitRegimeModel(returns, 2, DAY);
    const { means = [], variances = [], initial = [] } = model?.hmm ?? {};
    expect(means[0]).toBeCloseTo(-0.2, 0);
    expect(means[1]).toBeCloseTo(0.1, 1);
    // Three uniform numbers over [-1, 1] have the variance 1.
    expect(Math.sqrt(variances[0] ?? NaN)).toBeCloseTo(2, 0);
    expect(Math.sqrt(variances[1] ?? NaN)).toBeCloseTo(0.5, 1);
    expect(initial[0]).toBeCloseTo(1 / 3, 1);
    expect(model === undefined ? 'none' : regimeModelFault(model)).toBeUndefined();
    expect(fitRegimeModel(new Float64Array(600).fill(0.1), 2, DAY)).toBeUndefined();
  });

  it('gives the source another version with every parameter', () => {
    const { hmm } = DAILY_REGIME;
    const others = [
      { ...DAILY_REGIME, spanUs: HOUR },
      { ...DAILY_REGIME, hmm: { ...hmm, means: hmm.means.with(1, 0.001) } },
      { ...DAILY_REGIME, hmm: { ...hmm, variances: hmm.variances.with(2, 0.4) } },
      { ...DAILY_REGIME, hmm: { ...hmm, initial: Float64Array.of(0.2, 0.3, 0.5) } },
    ];
    const versions = [DAILY_REGIME, ...others].map(modelVersion);
    expect(new Set(versions).size).toBe(5);
    for (const version of versions) expect(Number.isSafeInteger(version)).toBe(true);
    const own = STANDARD_REGISTRY.sources.get('regime')?.build({ symbolsMax: 1, spanUs: 0 });
    expect(own?.version).toBe(2 + modelVersion(DAILY_REGIME));
  });

  it('is refused where it could not be one', () => {
    const { hmm } = DAILY_REGIME;
    const faults = [
      { ...hmm, means: hmm.means.toReversed() },
      { ...hmm, variances: hmm.variances.with(0, 0) },
      { ...hmm, transition: hmm.transition.with(0, 0.5) },
      { ...hmm, initial: hmm.initial.with(0, 0.5) },
      { ...hmm, states: 1 },
      { ...hmm, dimensions: 2 },
    ].map((one) => regimeModelFault({ spanUs: DAY, hmm: one }));
    expect(faults.every((fault) => fault !== undefined)).toBe(true);
    expect(regimeModelFault(DAILY_REGIME)).toBeUndefined();
    expect(() => regimeSource([{ spanUs: DAY, hmm: { ...hmm, states: 1 } }])).toThrow(/2 to 8/);
  });
});

describe('the indexes of volatility', () => {
  it('are known for five days, and ranked among the days before', () => {
    const source = indexSource.build({ symbolsMax: 1, spanUs: 0 });
    if (source.scope !== 'market') throw new Error('it is of the market');
    const state = new Float64Array(source.width);
    source.reset(state, 0);
    const closeUs = (day: number) => (20_000 + day) * DAY + 20 * HOUR;
    const tell = (index: string, value: number, nowUs: number) =>
      source.fact?.(state, 0, { kind: 'index', index, value, nowUs });
    const read = (nowUs: number) => {
      const out = new Float64Array(4);
      source.read(state, 0, nowUs, out, 0, SPY);
      return [...out];
    };
    expect(read(closeUs(0))).toEqual([NaN, NaN, NaN, 0]);
    for (let day = 0; day < 252; day += 1) {
      tell('VIX', 99, closeUs(day) - HOUR);
      tell('VIX', 10 + (day % 4), closeUs(day));
    }
    expect(read(closeUs(251))).toEqual([13, NaN, NaN, 0]);
    tell('VIX', 12, closeUs(252));
    tell('VIX3M', 14, closeUs(252));
    tell('SKEW', 1, closeUs(252));
    // Of four values that come in turn, two lie below.
    expect(read(closeUs(252))).toEqual([12, 14, 0.5, 0]);
    expect(read(closeUs(257))).toEqual([12, 14, 0.5, 0]);
    expect(read(closeUs(257) + 1)).toEqual([NaN, NaN, NaN, 0]);
    tell('VIX', -1, closeUs(253));
    tell('VIX', NaN, closeUs(253));
    tell('VIX', 20, closeUs(251));
    expect(read(closeUs(253))).toEqual([12, 14, 0.5, 3]);
  });
});
