import { describe, expect, it } from 'vitest';
import { present } from '../../../../src/core/assert.ts';
import { DAY, HOUR, MINUTE } from '../../../../src/core/time.ts';
import { CROSS_ASSET } from '../../../../src/domain/features/families/cross-asset.ts';
import { REGIME } from '../../../../src/domain/features/families/regime.ts';
import type { MarketSource } from '../../../../src/domain/features/source.ts';
import { BENCHMARKS, SECTORS } from '../../../../src/domain/features/source.ts';
import { breadthSource } from '../../../../src/domain/features/sources/breadth-source.ts';
import { relativeSource } from '../../../../src/domain/features/sources/relative-source.ts';

const SPY = { symbol: 0, sector: -1, benchmark: 0 };
const STOCK = { symbol: 1, sector: -1, benchmark: -1 };
const OPEN_US = 14 * HOUR;

/** A bar of a minute of some day, at one price but for its close. */
function minuteBar(day: number, minute: number, close: number, open = 1e6): Float64Array {
  const session = 20_000 + day;
  const [high, low] = [Math.max(open, close), Math.min(open, close)];
  const sinceUs = minute * MINUTE;
  return Float64Array.of(
    open,
    high,
    low,
    close,
    5,
    session,
    session * DAY + OPEN_US + sinceUs,
    sinceUs,
  );
}

class Heard {
  readonly #source: MarketSource;
  readonly #state: Float64Array;

  constructor(declaration: typeof breadthSource, symbolsMax = 12) {
    const source = declaration.build({ symbolsMax, spanUs: MINUTE });
    if (source.scope !== 'market') throw new Error('it is of the market');
    this.#source = source;
    this.#state = new Float64Array(source.width);
    source.reset(this.#state, 0);
  }

  bar(bar: Float64Array, who = STOCK): this {
    this.#source.bar?.(this.#state, 0, bar, who);
    return this;
  }

  session(day: number, minutes: number): this {
    const openUs = (20_000 + day) * DAY + OPEN_US;
    const [closeUs, nowUs] = [openUs + minutes * MINUTE, openUs - HOUR];
    this.#source.fact?.(this.#state, 0, {
      kind: 'session',
      day: 20_000 + day,
      openUs,
      closeUs,
      nowUs,
    });
    return this;
  }

  read(column: string, who = STOCK): number {
    const out = new Float64Array(this.#source.columns.length);
    this.#source.read(this.#state, 0, 0, out, 0, who);
    return out[this.#source.columns.findIndex(({ name }) => name === column)] ?? Infinity;
  }
}

describe('sources of the whole market', () => {
  it.each([-1, -300, 390, 600])('take no bar %i minutes after the open', (minute) => {
    const heard = new Heard(breadthSource).bar(minuteBar(0, minute, 1_200_000));
    expect(heard.read('members')).toBe(0);
    expect(heard.bar(minuteBar(0, 389, 1_100_000)).read('members')).toBe(1);
    expect(heard.read('marketReturn')).toBeCloseTo(0.1, 12);
  });

  it('end with the session of a half day, where it was told', () => {
    const heard = new Heard(breadthSource).session(0, 210).bar(minuteBar(0, 209, 1_100_000));
    heard.bar(minuteBar(0, 210, 1_900_000));
    expect(heard.read('marketReturn')).toBeCloseTo(0.1, 12);
    // What was told of one day is nothing for the next.
    heard.bar(minuteBar(1, 300, 1_200_000));
    expect(heard.read('marketReturn')).toBeCloseTo(0.2, 12);
  });

  it('F2 count a bar that is none, and change nothing else', () => {
    for (const declaration of [breadthSource, relativeSource]) {
      const heard = new Heard(declaration).bar(minuteBar(0, 0, 1_000_100), SPY);
      const bad = [
        minuteBar(0, 1, NaN),
        minuteBar(0, 1, Infinity),
        minuteBar(0, 1, 0),
        minuteBar(0, 1, 1e6).with(4, -1),
        minuteBar(0, 1, 1e6).with(5, NaN),
      ];
      for (const bar of bad) heard.bar(bar);
      expect(heard.read('unplaced')).toBe(5);
      expect(heard.bar(minuteBar(0, 0, 1_000_200)).read('unplaced')).toBe(5);
    }
  });

  it('count a bar that comes after a later one of its symbol, and keep the later', () => {
    const heard = new Heard(relativeSource);
    for (let minute = 0; minute < 10; minute += 1) {
      heard.bar(minuteBar(0, minute, 1e6), SPY).bar(minuteBar(0, minute, 1e6 + minute));
    }
    const before = heard.read('overSpy5');
    heard.bar(minuteBar(0, 8, 9e6)).bar(minuteBar(0, 9, 9e6));
    expect(heard.read('unplaced')).toBe(2);
    expect(heard.read('overSpy5')).toBe(before);
    const breadth = new Heard(breadthSource).bar(minuteBar(1, 0, 1_100_000));
    breadth.bar(minuteBar(0, 0, 9e6));
    expect([breadth.read('unplaced'), breadth.read('members')]).toEqual([1, 1]);
  });

  it('know no shares until half as many have told as were there the day before', () => {
    const heard = new Heard(breadthSource);
    const tell = (day: number, count: number) => {
      for (let symbol = 0; symbol < count; symbol += 1)
        heard.bar(minuteBar(day, 0, 1_000_100), { ...STOCK, symbol });
    };
    tell(0, 6);
    expect(heard.read('upShare')).toBe(1);
    tell(1, 2);
    expect([heard.read('upShare'), heard.read('rank')]).toEqual([NaN, NaN]);
    tell(1, 3);
    expect([heard.read('upShare'), heard.read('rank')]).toEqual([1, 0.5]);
  });

  it('rank returns beyond a fifth as alike, and those within a basis point', () => {
    const heard = new Heard(breadthSource);
    const closes = [500_000, 700_000, 1_000_000, 1_000_040, 1_000_100, 1_300_000, 1_900_000];
    closes.forEach((close, symbol) => heard.bar(minuteBar(0, 0, close), { ...STOCK, symbol }));
    const ranks = closes.map((_, symbol) => 7 * heard.read('rank', { ...STOCK, symbol }));
    expect(ranks.map((rank) => Math.round(2 * rank) / 2)).toEqual([1, 1, 3, 3, 4.5, 6, 6]);
  });

  it('count no fund among the universe, but rank it', () => {
    const heard = new Heard(breadthSource).bar(minuteBar(0, 0, 1_100_000), SPY);
    heard.bar(minuteBar(0, 0, 1_050_000)).bar(minuteBar(0, 0, 900_000), { ...STOCK, symbol: 2 });
    expect([heard.read('members'), heard.read('upShare')]).toEqual([2, 0.5]);
    expect(heard.read('rank', SPY)).toBe(1);
  });

  it('F1 keep the mean of returns exact through jumps of a milliard', () => {
    const heard = new Heard(breadthSource);
    for (let minute = 0; minute < 300; minute += 1) {
      const close = minute % 3 === 0 ? 1e15 : 1_000_000 + minute;
      heard.bar(minuteBar(0, minute, close)).bar(minuteBar(0, minute, 1_000_700), SPY);
      heard.bar(minuteBar(0, minute, 1_000_300), { ...STOCK, symbol: 2 });
    }
    const own = 1_000_299 / 1e6 - 1;
    expect(Math.abs(heard.read('marketReturn') - (own + 1_000_300 / 1e6 - 1) / 2)).toBeLessThan(
      1e-15,
    );
  });
});

describe('the funds', () => {
  it('have one place each, with the sectors in their order', () => {
    const funds = BENCHMARKS.map(({ fund }) => fund);
    expect(new Set(funds).size).toBe(funds.length);
    expect(new Set(BENCHMARKS.map(({ label }) => label)).size).toBe(funds.length);
    const sectors = BENCHMARKS.filter(({ role }) => role === 'sector').map(({ fund }) => fund);
    expect(sectors).toEqual(SECTORS.map(({ fund }) => fund));
  });
});

describe('formulas of', () => {
  const all = [...CROSS_ASSET, ...REGIME];
  it.each<[string, readonly number[], number]>([
    ['betaSpy60', [37], 10],
    ['betaSpy60', [-0.5], -0.5],
    ['betaSpy60', [NaN], NaN],
    ['sectorMomentum', [0.03, 0.01], 0.02],
    ['riskAppetite', [NaN, NaN, NaN, NaN], NaN],
    ['riskAppetite', [0.02, NaN, 0.04, NaN], 0.03],
    ['trendRegime', [0.01, 0.01], 1],
    ['trendRegime', [-0.01, -0.01], -1],
    ['trendRegime', [0.01, -0.01], 0],
    ['trendRegime', [0.01, NaN], NaN],
    ['volatilityRegime', [0.2], 0],
    ['volatilityRegime', [0.25], 1],
    ['volatilityRegime', [0.95], 2],
    ['volatilityRegime', [NaN], NaN],
    ['vixRegime', [14.99], 0],
    ['vixRegime', [15], 1],
    ['vixRegime', [20], 2],
    ['vixRegime', [30], 2],
    ['vixRegime', [30.01], 3],
    ['vixRegime', [NaN], NaN],
    ['vixTermRatio', [22, 20], 1.1],
    ['vixBackwardation', [22, 20], 1],
    ['vixBackwardation', [20, 20], 0],
    ['vixBackwardation', [20, NaN], NaN],
    ['bearWarning', [-0.01, 0.39], 1],
    ['bearWarning', [-0.01, 0.4], 0],
    ['bearWarning', [0.01, 0.1], 0],
    ['bearWarning', [NaN, 0.1], NaN],
    ['bearWarning', [-0.01, NaN], NaN],
  ])('%s of %j say %d', (name, inputs, value) => {
    const { formula } = present(
      all.find((feature) => feature.name === name),
      name,
    );
    const answer = formula(Float64Array.from(inputs));
    expect(Object.is(answer, value) || Math.abs(answer - value) < 1e-12, String(answer)).toBe(true);
  });
});
