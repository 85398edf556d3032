import { describe, expect, it } from 'vitest';
import { present } from '../../src/core/assert.ts';
import { barFault } from '../../src/domain/indicators/bar-fault.ts';
import {
  type ConfiguredIndicator,
  configure,
  type IndicatorDeclaration,
  usualPlaces,
} from '../../src/domain/indicators/declaration.ts';
import { BAR_WIDTH, type Indicator, VOLUME } from '../../src/domain/indicators/indicator.ts';
import { replaceable } from '../../src/domain/indicators/replaceable.ts';
import { BarSource } from '../reference/bars.ts';
import { FLAT } from './flat/flat.ts';
import { FLAT_PRICE, FLAT_VOLUME } from './flat/market.ts';

export type IndicatorCase = {
  readonly label: string;
  readonly declaration: IndicatorDeclaration;
  readonly parameters: readonly number[];
  readonly make: () => ConfiguredIndicator;
  /** Places of the bar that this indicator reads. */
  readonly reads: readonly number[];
};

type Bars = readonly Float64Array[];

const BARS = 260;
const SEED = 20_261_102;
/** Bars of a session where several must be over. */
const SHORT_SESSION = 20;

/** What every implementation of `Indicator` must do, whatever its formula. */
export function indicatorContract(
  declaration: IndicatorDeclaration,
  parameters: readonly number[],
): void {
  const make = () => configure(declaration, parameters);
  const label = make().label;
  describe(`indicator contract: ${label}`, () => {
    const bars = new BarSource(SEED).take(BARS);
    const known = { label, declaration, parameters, make, reads: usualPlaces(declaration) };
    testOutputs(known, bars);
    testWarmup(known, bars);
    testFlat(known);
    testPlaces(known, bars);
    testSaving(known, bars);
    testReplacing(known, bars);
    testBadValues(known, bars);
  });
}

/** Readiness and names. */
function testOutputs({ make, declaration }: IndicatorCase, bars: Bars): void {
  it('answers NaN until warmupBars, then numbers', () => {
    const indicator = make();
    const state = freshState(indicator);
    expect(outputsOf(indicator, state).every(Number.isNaN)).toBe(true);
    bars.forEach((bar, at) => {
      indicator.update(state, 0, bar);
      const isReady = at + 1 >= indicator.warmupBars;
      for (const value of outputsOf(indicator, state)) {
        const mayLack = isReady && declaration.undefinedWhere !== undefined;
        if (!mayLack) expect(Number.isFinite(value), `bar ${at + 1}`).toBe(isReady);
        expect(value - value === 0 || Number.isNaN(value), `bar ${at + 1}: ${value}`).toBe(true);
      }
    });
    expect(indicator.warmupBars).toBeLessThan(BARS);
  });

  it('names each output once and has a slot for it', () => {
    const indicator = make();
    expect(new Set(indicator.outputs).size).toBe(indicator.outputs.length);
    expect(indicator.outputs.length).toBeGreaterThan(0);
    expect(indicator.width).toBeGreaterThanOrEqual(indicator.outputs.length);
  });
}

/** Sometimes undefined is not always so. */
function testWarmup({ make, declaration }: IndicatorCase, bars: Bars): void {
  const { warmupSessions, undefinedWhere } = declaration;
  if (undefinedWhere === undefined) return;
  it('F2 has a number in each output, and none before the sessions that must be over', () => {
    const indicator = make();
    const sessions = warmupSessions?.(indicator.parameters) ?? 0;
    expect(Number.isInteger(sessions) && sessions >= 0).toBe(true);
    const found = indicator.outputs.map(() => Number.NaN);
    for (const heard of sessions === 0 ? [bars, small(bars)] : [shortSessions(sessions + 1)]) {
      const state = freshState(indicator);
      heard.forEach((bar, at) => {
        indicator.update(state, 0, bar);
        outputsOf(indicator, state).forEach((value, slot) => {
          if (Number.isNaN(found[slot]) && !Number.isNaN(value)) found[slot] = at;
        });
      });
    }
    for (const [slot, at] of found.entries()) {
      expect(at, indicator.outputs[slot]).toBeGreaterThanOrEqual(sessions * SHORT_SESSION);
    }
  });
}

function shortSessions(many: number): Bars {
  return new BarSource(SEED, SHORT_SESSION).take(many * SHORT_SESSION);
}

/** Prices under 1: what is defined from -1 to 1 alone. */
function small(bars: Bars): Bars {
  return bars.map((bar) => bar.map((value, place) => (place < VOLUME ? value / 1_000 : value)));
}

/** Every bar the same. */
function testFlat({ make, declaration, parameters }: IndicatorCase): void {
  it('F2 is what a flat market is known to make of it', () => {
    const indicator = make();
    const state = freshState(indicator);
    const known = present(FLAT[declaration.family][declaration.name], 'a line in flat/');
    for (let at = 1; at <= 500; at += 1) {
      indicator.update(state, 0, flatBar(at));
      if (at < indicator.warmupBars) continue;
      const whole = declaration.parameters.map(({ usual }, place) => parameters[place] ?? usual);
      const expected = typeof known === 'function' ? known(whole, at) : known;
      expect(expected.length).toBe(indicator.outputs.length);
      outputsOf(indicator, state).forEach((value, slot) => {
        const wanted = expected[slot] ?? Number.NaN;
        if (Number.isNaN(wanted)) expect(value, `bar ${at}`).toBeNaN();
        else expect(value, `bar ${at}`).toBeCloseTo(wanted, 9);
      });
    }
  });
}

/** The bar `at`, counted from 1, of a session in which nothing moves. */
function flatBar(at: number): Float64Array {
  const price = FLAT_PRICE;
  const sinceOpenUs = (at - 1) * 60_000_000;
  const startUs = 20_000 * 86_400_000_000 + sinceOpenUs;
  return Float64Array.of(price, price, price, price, FLAT_VOLUME, 20_000, startUs, sinceOpenUs);
}

/** State stays where it was put. */
function testPlaces({ make }: IndicatorCase, bars: Bars): void {
  it('works the same anywhere in a larger buffer and leaves its neighbours untouched', () => {
    const indicator = make();
    const alone = freshState(indicator);
    const at = 37;
    const buffer = new Float64Array(at + indicator.width + 41).fill(-12_345.678);
    indicator.reset(buffer, at);
    for (const bar of bars) {
      indicator.update(alone, 0, bar);
      indicator.update(buffer, at, bar);
      expectSameSlots(buffer.subarray(at, at + indicator.width), alone);
    }
    const outside = [...buffer.subarray(0, at), ...buffer.subarray(at + indicator.width)];
    expect(outside.every((value) => value === -12_345.678)).toBe(true);
  });

  it('keeps two series apart', () => {
    const indicator = make();
    const others = new BarSource(SEED + 1).take(BARS);
    const [alone, otherAlone] = [runOver(indicator, bars), runOver(indicator, others)];
    const both = new Float64Array(2 * indicator.width);
    indicator.reset(both, 0);
    indicator.reset(both, indicator.width);
    bars.forEach((bar, index) => {
      indicator.update(both, 0, bar);
      indicator.update(both, indicator.width, others[index] ?? bar);
    });
    expectSameSlots(both.subarray(0, indicator.width), alone);
    expectSameSlots(both.subarray(indicator.width), otherAlone);
  });

  it('is by reset what it was before the first bar, whatever the slots held', () => {
    const indicator = make();
    const used = runOver(indicator, bars);
    indicator.reset(used, 0);
    expectSameSlots(used, freshState(indicator));
    const rubbish = new Float64Array(indicator.width).fill(7e77);
    indicator.reset(rubbish, 0);
    expectSameSlots(rubbish, used);
    for (const bar of bars) indicator.update(rubbish, 0, bar);
    expectSameSlots(rubbish, runOver(indicator, bars));
  });
}

/** The slots are the whole state. */
function testSaving({ make }: IndicatorCase, bars: Bars): void {
  it('F2 continues bit by bit from slots saved after any bar', () => {
    const indicator = make();
    const whole = runOver(indicator, bars);
    const saved = freshState(indicator);
    for (let cut = 0; cut <= bars.length; cut += 1) {
      const restored = new Float64Array(indicator.width + 3);
      restored.set(saved, 3);
      // Another instance, as after a restart: nothing may live outside the slots.
      const again = make();
      for (const bar of bars.slice(cut)) again.update(restored, 3, bar);
      expectSameSlots(restored.subarray(3), whole);
      const bar = bars[cut];
      if (bar !== undefined) indicator.update(saved, 0, bar);
    }
  });
}

/** A bar that is still forming. */
function testReplacing({ make }: IndicatorCase, bars: Bars): void {
  it('is by replace what it were had the last bar come so at first', () => {
    const indicator = replaceable(make());
    const [replaced, straight] = [freshState(indicator), freshState(indicator)];
    const others = new BarSource(SEED + 2).take(BARS);
    bars.forEach((bar, index) => {
      indicator.update(replaced, 0, others[index] ?? bar);
      indicator.replace(replaced, 0, others[(index + 7) % BARS] ?? bar);
      indicator.replace(replaced, 0, bar);
      indicator.update(straight, 0, bar);
      expectSameSlots(replaced, straight);
    });
  });
}

/** Neither NaN nor an infinite value gets in, and nothing else that cannot be. */
function testBadValues({ make, reads }: IndicatorCase, bars: Bars): void {
  it('F2 is unchanged by a bar with a value that is no number, at any time', () => {
    const indicator = make();
    const state = freshState(indicator);
    bars.forEach((bar) => {
      for (const place of reads) {
        for (const poison of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
          const before = state.slice();
          const bad = bar.slice();
          bad[place] = poison;
          indicator.update(state, 0, bad);
          expectSameSlots(state, before);
        }
      }
      indicator.update(state, 0, bar);
    });
    expectSameSlots(state, runOver(indicator, bars));
  });

  it('names itself, the field and the value of a bar that cannot be', () => {
    const indicator = make();
    for (const place of reads) {
      for (const poison of [Number.NaN, Number.POSITIVE_INFINITY, ...(place < 4 ? [0, -1] : [])]) {
        const bad = present(bars[0], 'a bar').slice();
        bad[place] = poison;
        if (place === 7 && Number.isNaN(poison)) continue; // No session is known.
        const fault = present(barFault([indicator], bad, Number.NaN), 'a fault');
        expect(fault.indicator).toBe(indicator.label);
        expect(fault.value).toBe(poison);
      }
    }
  });

  it('F2 is untouched by values it does not read', () => {
    const indicator = make();
    const state = freshState(indicator);
    for (const bar of bars) {
      const bad = bar.slice();
      for (let place = 0; place < BAR_WIDTH; place += 1) {
        if (!reads.includes(place)) bad[place] = Number.NaN;
      }
      indicator.update(state, 0, bad);
    }
    expectSameSlots(state, runOver(indicator, bars));
  });
}

function freshState(indicator: Indicator): Float64Array {
  const state = new Float64Array(indicator.width);
  indicator.reset(state, 0);
  return state;
}

function runOver(indicator: Indicator, bars: readonly Float64Array[]): Float64Array {
  const state = freshState(indicator);
  for (const bar of bars) indicator.update(state, 0, bar);
  return state;
}

function outputsOf(indicator: Indicator, state: Float64Array): number[] {
  return [...state.subarray(0, indicator.outputs.length)];
}

/** Bit by bit, except that every NaN is the same NaN. */
function expectSameSlots(actual: Float64Array, expected: Float64Array): void {
  const differs = actual.findIndex((value, slot) => !Object.is(value, expected[slot]));
  expect(actual.length).toBe(expected.length);
  expect(differs, `slot ${differs}: ${actual[differs]} is not ${expected[differs]}`).toBe(-1);
}
