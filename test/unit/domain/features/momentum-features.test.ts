import { describe, expect, it } from 'vitest';
import { Random } from '../../../../src/core/random.ts';
import {
  createMomentumFeatures,
  MOMENTUM_NAMES,
} from '../../../../src/domain/features/momentum-features.ts';
import {
  BAR_WIDTH,
  CLOSE,
  HIGH,
  LOW,
  OPEN,
  SESSION,
  VOLUME,
} from '../../../../src/domain/indicators/indicator.ts';
import { createIndicatorSet } from '../../../../src/domain/indicators/indicator-set.ts';
import { standardTen } from '../../../../src/domain/indicators/standard-ten.ts';
import { configure } from '../../../../src/domain/indicators/declaration.ts';
import { sma } from '../../../../src/domain/indicators/overlap/sma.ts';

const SEED = 5;
const indicators = standardTen();
const features = createMomentumFeatures(indicators);

/** One symbol at a place of larger buffers, fed with a seeded walk. */
class Symbol1 {
  readonly state = new Float64Array(indicators.width + 6).fill(-1);
  readonly history = new Float64Array(features.historyWidth + 8).fill(-1);
  readonly out = new Float64Array(features.width + 4).fill(-1);
  readonly bar = new Float64Array(BAR_WIDTH);
  readonly closes: number[] = [];
  readonly volumes: number[] = [];
  readonly #random = new Random(SEED);
  readonly #scale: number;
  #price = 500_000;

  constructor(scale = 1) {
    this.#scale = scale;
    indicators.reset(this.state, 3);
    features.reset(this.history, 4);
  }

  next(): boolean {
    const open = this.#price;
    this.#price = open * (1 + 0.001 * this.#random.normal());
    const reach = 300 * this.#random.unit();
    this.bar[OPEN] = open * this.#scale;
    this.bar[HIGH] = (Math.max(open, this.#price) + reach) * this.#scale;
    this.bar[LOW] = (Math.min(open, this.#price) - reach) * this.#scale;
    this.bar[CLOSE] = this.#price * this.#scale;
    this.bar[VOLUME] = 100 * (1 + this.#random.below(50));
    this.bar[SESSION] = 19_877;
    return this.take();
  }

  take(): boolean {
    this.closes.push(this.bar[CLOSE] ?? 0);
    this.volumes.push(this.bar[VOLUME] ?? 0);
    indicators.update(this.state, 3, this.bar);
    features.push(this.history, 4, this.bar);
    return features.compute(this.state, 3, this.history, 4, this.out, 2);
  }

  slot(name: string, output: string): number {
    return this.state[3 + indicators.output(name, output)] ?? Number.NaN;
  }

  value(name: (typeof MOMENTUM_NAMES)[number]): number {
    return this.out[2 + MOMENTUM_NAMES.indexOf(name)] ?? Number.NaN;
  }
}

describe('momentum features', () => {
  it('are not ready until the last indicator is, then all of them are numbers', () => {
    const symbol = new Symbol1();
    const answers = Array.from({ length: features.warmupBars + 20 }, () => symbol.next());

    expect(answers.indexOf(true)).toBe(features.warmupBars - 1);
    expect(answers.slice(features.warmupBars).every(Boolean)).toBe(true);
    expect(symbol.out.subarray(2, 2 + features.width).every(Number.isFinite)).toBe(true);
  });

  it('are what their names say', () => {
    const symbol = new Symbol1();
    for (let count = 0; count < 80; count += 1) symbol.next();
    const close = symbol.closes.at(-1) ?? 0;
    const atr = symbol.slot('atr', 'atr');
    const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    const volume20 = mean(symbol.volumes.slice(-20));
    const lower = symbol.slot('bollinger', 'lower');
    const upper = symbol.slot('bollinger', 'upper');
    const wanted = {
      smaDistance: (close - mean(symbol.closes.slice(-20))) / atr,
      averageGap: (symbol.slot('ema', 'ema') - mean(symbol.closes.slice(-20))) / atr,
      rsi: (symbol.slot('rsi', 'rsi') - 50) / 50,
      macdHistogram: symbol.slot('macd', 'histogram') / atr,
      bandPlace: (close - (upper + lower) / 2) / (upper - lower),
      stochasticGap: (symbol.slot('stochastic', 'k') - symbol.slot('stochastic', 'd')) / 100,
      trend: symbol.slot('adx', 'adx') / 100,
      vwapDistance: (close - symbol.slot('vwap', 'vwap')) / atr,
      return1: (close - (symbol.closes.at(-2) ?? 0)) / atr,
      return5: (close - (symbol.closes.at(-6) ?? 0)) / atr,
      relativeVolume1: (symbol.volumes.at(-1) ?? 0) / volume20 - 1,
      relativeVolume5: mean(symbol.volumes.slice(-5)) / volume20 - 1,
    };

    for (const name of MOMENTUM_NAMES) {
      const cut = Math.max(-5, Math.min(5, wanted[name]));
      expect(symbol.value(name), `${name}, seed ${SEED}`).toBeCloseTo(cut, 9);
    }
  });

  it('do not know how much a share costs', () => {
    const cheap = new Symbol1();
    const dear = new Symbol1(64);
    for (let count = 0; count < 60; count += 1) {
      cheap.next();
      dear.next();
    }
    for (const name of MOMENTUM_NAMES) expect(dear.value(name)).toBeCloseTo(cheap.value(name), 9);
  });

  it('write nothing outside their places', () => {
    const symbol = new Symbol1();
    for (let count = 0; count < 60; count += 1) symbol.next();

    expect([...symbol.out.subarray(0, 2), ...symbol.out.subarray(-2)]).toEqual([-1, -1, -1, -1]);
    expect([...symbol.history.subarray(0, 4), ...symbol.history.subarray(-4)]).toEqual(
      Array.from({ length: 8 }, () => -1),
    );
    const { state, history } = symbol;
    const inside = features.width - 1;
    expect(() => features.compute(state, 3, history, 4, new Float64Array(inside), 0)).toThrow(
      'a row lies within its buffer',
    );
  });

  it('are cut at five ranges, and not ready where nothing moves or trades', () => {
    const symbol = new Symbol1();
    for (let count = 0; count < 60; count += 1) symbol.next();
    symbol.bar[CLOSE] = 2 * (symbol.bar[CLOSE] ?? 0);
    symbol.bar[HIGH] = symbol.bar[CLOSE] ?? 0;
    expect(symbol.take()).toBe(true);
    expect(symbol.value('return1')).toBe(5);

    const still = new Symbol1();
    still.bar.fill(250_000);
    still.bar[VOLUME] = 100;
    const answers = Array.from({ length: 60 }, () => still.take());
    expect(answers).not.toContain(true);
  });

  it('forget a bar with a value that is no number', () => {
    const symbol = new Symbol1();
    for (let count = 0; count < 60; count += 1) symbol.next();
    const before = symbol.history.slice();
    symbol.bar[CLOSE] = Number.NaN;
    features.push(symbol.history, 4, symbol.bar);

    expect(symbol.history).toEqual(before);
  });

  it('have a layout of their own, which follows the indicators beneath', () => {
    const longer = createIndicatorSet([...indicators.indicators, configure(sma, [50])]);

    expect(createMomentumFeatures(standardTen()).layoutHash).toBe(features.layoutHash);
    expect(createMomentumFeatures(longer).layoutHash).not.toBe(features.layoutHash);
    expect(features.layoutHash).toMatch(/^[0-9a-f]{16}$/);
    expect(features.names.length).toBe(features.width);
  });
});
