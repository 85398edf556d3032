import { describe, expect, it } from 'vitest';
import { configure } from '../../../../src/domain/indicators/declaration.ts';
import { replaceable } from '../../../../src/domain/indicators/replaceable.ts';
import { ema } from '../../../../src/domain/indicators/overlap/ema.ts';
import { sma } from '../../../../src/domain/indicators/overlap/sma.ts';

function closeOf(close: number): Float64Array {
  return Float64Array.of(close, close, close, close, 100, 20_000, 0, 0);
}

function fresh(of: { width: number; reset(state: Float64Array, at: number): void }): Float64Array {
  const state = new Float64Array(of.width);
  of.reset(state, 0);
  return state;
}

describe('replaceable', () => {
  it('moves with a bar that is forming, and keeps only what it became', () => {
    const average = replaceable(configure(sma, [3]));
    const state = fresh(average);
    for (const close of [10, 20, 30]) average.update(state, 0, closeOf(close));
    expect(state[0]).toBe(20);

    average.update(state, 0, closeOf(70));
    expect(state[0]).toBe(40);
    average.replace(state, 0, closeOf(40));
    expect(state[0]).toBe(30);
    average.replace(state, 0, closeOf(10));
    expect(state[0]).toBe(20);
    average.update(state, 0, closeOf(50));
    expect(state[0]).toBe(30);
  });

  it('takes a replacement before any bar for the first bar', () => {
    const average = replaceable(configure(ema, [2]));
    const state = fresh(average);
    average.replace(state, 0, closeOf(5));
    average.replace(state, 0, closeOf(10));
    expect(state[0]).toBeNaN();
    average.update(state, 0, closeOf(20));
    expect(state[0]).toBe(15);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])(
    'F2 leaves the last good bar replaceable when %d was refused',
    (bad) => {
      const average = replaceable(configure(sma, [2]));
      const state = fresh(average);
      for (const close of [10, 20]) average.update(state, 0, closeOf(close));
      const before = state.slice();
      average.update(state, 0, closeOf(bad));
      average.replace(state, 0, closeOf(bad));
      expect([...state]).toEqual([...before]);

      // It is still the 20 that is replaced, not the 10.
      average.replace(state, 0, closeOf(40));
      expect(state[0]).toBe(25);
    },
  );

  it('writes nothing beside its slots', () => {
    const average = replaceable(configure(sma, [3]));
    const state = new Float64Array(average.width + 2).fill(-1);
    average.reset(state, 1);
    for (const close of [1, 2, 3, 4]) average.update(state, 1, closeOf(close));
    average.replace(state, 1, closeOf(7));
    expect([state[0], state.at(-1)]).toEqual([-1, -1]);
    expect(state[1]).toBe(4);
  });
});
