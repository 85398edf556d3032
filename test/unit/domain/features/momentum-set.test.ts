import { describe, expect, it } from 'vitest';
import { Random } from '../../../../src/core/random.ts';
import { createFeatureSet, isFeatureSet } from '../../../../src/domain/features/feature-set.ts';
import {
  momentumSet,
  outputsLayout,
  STANDARD_OUTPUTS,
} from '../../../../src/domain/features/momentum-set.ts';
import { STANDARD_REGISTRY } from '../../../../src/domain/features/standard-registry.ts';
import {
  BAR_WIDTH,
  CLOSE,
  HIGH,
  LOW,
  OPEN,
  SESSION,
  VOLUME,
} from '../../../../src/domain/indicators/indicator.ts';

const SEED = 5;
const AT = 3;
const features = momentumSet();
const NOBODY = { symbol: -1, sector: -1, benchmark: -1 };

/** One symbol at a place of larger buffers, fed with a seeded walk. */
class Symbol1 {
  readonly state = new Float64Array(features.symbolWidth + 6).fill(-1);
  readonly out = new Float64Array(features.width + 4).fill(-1);
  readonly bar = new Float64Array(BAR_WIDTH);
  readonly closes: number[] = [];
  readonly volumes: number[] = [];
  readonly #random = new Random(SEED);
  readonly #scale: number;
  #price = 500_000;

  constructor(scale = 1) {
    this.#scale = scale;
    features.resetSymbol(this.state, AT);
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

  /** Whether the row after the bar may be scored. */
  take(): boolean {
    this.closes.push(this.bar[CLOSE] ?? 0);
    this.volumes.push(this.bar[VOLUME] ?? 0);
    features.bar(this.state, AT, features.timeframe, this.bar);
    const raw = new Float64Array(features.rawWidth);
    const flags = new Uint8Array(features.width + 4);
    features.readSymbol(this.state, AT, 0, raw, 0);
    const market = new Float64Array(0);
    return features.compute(raw, 0, market, NOBODY, 0, this.out, flags, 2) !== 'refused';
  }

  slot(name: string): number {
    return this.state[AT + features.slot(name)] ?? Number.NaN;
  }

  value(name: string): number {
    return this.out[2 + features.layout.names.indexOf(name)] ?? Number.NaN;
  }
}

describe('the momentum set', () => {
  it('is refused until the last indicator is ready, and whole after it', () => {
    const symbol = new Symbol1();
    const answers = Array.from({ length: 60 }, () => symbol.next());

    expect(answers.indexOf(true)).toBe(34 - 1); // MACD with its signal.
    expect(answers.slice(34).every(Boolean)).toBe(true);
    expect(symbol.out.subarray(2, 2 + features.width).every(Number.isFinite)).toBe(true);
  });

  it('is what its names say', () => {
    const symbol = new Symbol1();
    for (let count = 0; count < 80; count += 1) symbol.next();
    const close = symbol.closes.at(-1) ?? 0;
    const atr = symbol.slot('atr14');
    const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    const volume20 = mean(symbol.volumes.slice(-20));
    const lower = symbol.slot('bollinger20-2.lower');
    const upper = symbol.slot('bollinger20-2.upper');
    const wanted: Record<string, number> = {
      smaDistance: (close - mean(symbol.closes.slice(-20))) / atr,
      averageGap: (symbol.slot('ema20') - mean(symbol.closes.slice(-20))) / atr,
      rsiCentred: (symbol.slot('rsi14') - 50) / 50,
      macdPull: symbol.slot('macd12-26-9.histogram') / atr,
      bandPlace: (close - (upper + lower) / 2) / (upper - lower),
      stochasticGap: (symbol.slot('stochastic14-3-3.k') - symbol.slot('stochastic14-3-3.d')) / 100,
      trendStrength: symbol.slot('adx14') / 100,
      vwapDistance: (close - symbol.slot('vwap')) / atr,
      move1: (close - (symbol.closes.at(-2) ?? 0)) / atr,
      move5: (close - (symbol.closes.at(-6) ?? 0)) / atr,
      volumeSurge1: (symbol.volumes.at(-1) ?? 0) / volume20 - 1,
      volumeSurge5: mean(symbol.volumes.slice(-5)) / volume20 - 1,
    };

    expect(Object.keys(wanted)).toEqual(features.layout.names);
    for (const [name, value] of Object.entries(wanted)) {
      const cut = Math.max(-5, Math.min(5, value));
      expect(symbol.value(name), `${name}, seed ${SEED}`).toBeCloseTo(cut, 9);
    }
  });

  it('does not know how much a share costs', () => {
    const cheap = new Symbol1();
    const dear = new Symbol1(64);
    for (let count = 0; count < 60; count += 1) {
      cheap.next();
      dear.next();
    }
    for (const name of features.layout.names) {
      expect(dear.value(name)).toBeCloseTo(cheap.value(name), 9);
    }
  });

  it('writes nothing outside its places', () => {
    const symbol = new Symbol1();
    for (let count = 0; count < 60; count += 1) symbol.next();

    expect([...symbol.out.subarray(0, 2), ...symbol.out.subarray(-2)]).toEqual([-1, -1, -1, -1]);
    expect([...symbol.state.subarray(0, AT), ...symbol.state.subarray(-3)]).toEqual(
      Array.from({ length: 6 }, () => -1),
    );
  });

  it('is cut at five ranges, and refused where nothing moves', () => {
    const symbol = new Symbol1();
    for (let count = 0; count < 60; count += 1) symbol.next();
    symbol.bar[CLOSE] = 2 * (symbol.bar[CLOSE] ?? 0);
    symbol.bar[HIGH] = symbol.bar[CLOSE] ?? 0;
    expect(symbol.take()).toBe(true);
    expect(symbol.value('move1')).toBe(5);

    const still = new Symbol1();
    still.bar.fill(250_000);
    still.bar[VOLUME] = 100;
    const answers = Array.from({ length: 60 }, () => still.take());
    expect(answers).not.toContain(true);
  });

  it('forgets everything by reset, bit by bit', () => {
    const fresh = new Symbol1();
    const used = new Symbol1();
    for (let count = 0; count < 60; count += 1) used.next();
    features.resetSymbol(used.state, AT);

    expect([...used.state]).toEqual([...fresh.state]);
  });

  it('has a hash of its state for each plan and each placement, asked for or extra', () => {
    const made = (names: readonly string[], extra: readonly string[] = [], timeframe = '1m') => {
      const layout = { feed: 'any', names, timeframe };
      const set = createFeatureSet(STANDARD_REGISTRY, layout, 1, extra);
      if (!isFeatureSet(set)) throw new Error(set.reason);
      return set;
    };
    const sets = [
      made(['rsiCentred']),
      made(['rsiCentred'], ['sma20']),
      made(['rsiCentred'], ['sma20', 'ema20']),
      made(['rsiCentred'], ['ema20', 'sma20']),
      made(['rsiCentred'], ['sma20'], '5m'),
    ];

    expect(new Set(sets.map(({ stateHash }) => stateHash)).size).toBe(sets.length);
    expect(new Set(sets.map(({ layoutHash }) => layoutHash)).size).toBe(2);
    expect(made(['rsiCentred'], ['sma20']).stateHash).toBe(sets[1]?.stateHash);
    expect(outputsLayout('5m')).not.toBe(outputsLayout('1m'));
  });

  it('pins its layout, so a change to it is a decision: the shipped model goes with it', () => {
    expect(momentumSet().layoutHash).toBe(features.layoutHash);
    expect(features.layoutHash).toBe('fa575424eef7f6c9');
    expect(momentumSet('10s').layoutHash).not.toBe(features.layoutHash);
    expect(momentumSet('10s').timeframes).toEqual(['10s']);
    expect(new Set(STANDARD_OUTPUTS.map((name) => features.slot(name))).size).toBe(15);
  });
});
