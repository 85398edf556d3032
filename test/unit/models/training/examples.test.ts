import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DropoutMasks } from '../../../../src/models/training/dropout-masks.ts';
import {
  shuffled,
  tableExamples,
  windowExamples,
} from '../../../../src/models/training/examples.ts';

describe('dropout masks', () => {
  const mask = (seed: number, rate: number, step: number, place: number, length = 40_000) => {
    const values = new Float32Array(length);
    new DropoutMasks(seed).fill(rate, step, place, values);
    return values;
  };

  it('drop their share, and keep the mean at one', () => {
    for (const rate of [0.1, 0.3, 0.5, 0.9]) {
      const values = mask(1, rate, 0, 0);
      const dropped = values.filter((value) => value === 0).length / values.length;
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;

      // Steps of 1/256, and four deviations of 40,000 draws.
      expect(Math.abs(dropped - rate)).toBeLessThan(1 / 512 + 0.01);
      expect(Math.abs(mean - 1)).toBeLessThan(0.06);
      expect(new Set(values).size).toBe(2);
    }
  });

  it('are the same for the same seed, step and place, and alike for no others', () => {
    const one = mask(1, 0.5, 3, 2);
    const others = [mask(2, 0.5, 3, 2), mask(1, 0.5, 4, 2), mask(1, 0.5, 3, 1), mask(1, 0.5, 2, 3)];

    expect(mask(1, 0.5, 3, 2)).toEqual(one);
    for (const other of others) {
      const alike = one.filter((value, at) => value === other[at]).length / one.length;
      expect(Math.abs(alike - 0.5)).toBeLessThan(0.01);
    }
  });

  it('fill masks of every length to the end', () => {
    for (const length of [1, 2, 3, 4, 5, 7]) {
      expect(mask(1, 0, 0, 0, length)).toEqual(new Float32Array(length).fill(1));
    }
  });
});

describe('the order of an epoch', () => {
  it('has every example once, and is another in the next', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.nat(), fc.nat(50), (count, seed, epoch) => {
        const order = shuffled(count, seed, epoch);

        expect([...order].toSorted((a, b) => a - b)).toEqual([...Array(count).keys()]);
        expect(shuffled(count, seed, epoch)).toEqual(order);
        if (count > 20) expect(shuffled(count, seed, epoch + 1)).not.toEqual(order);
      }),
    );
  });
});

describe('examples', () => {
  it('of a table are its rows, or those that are chosen', () => {
    const columns = {
      features: Float64Array.of(1, 2, 3, 4, 5, 6),
      label: Float64Array.of(0, 1, 1),
    };
    const table = { count: 3, columns, weights: Float64Array.of(7, 8, 9) };
    const inputs = new Map([
      ['features', new Float32Array(4)],
      ['label', new Float32Array(2)],
    ]);
    const chosen = tableExamples(table, [2, 0]);
    chosen.read(0, 1, inputs);
    chosen.read(1, 0, inputs);

    expect(chosen.count).toBe(2);
    expect(chosen.weights).toEqual(Float64Array.of(9, 7));
    expect(inputs.get('features')).toEqual(Float32Array.of(1, 2, 5, 6));
    expect(inputs.get('label')).toEqual(Float32Array.of(0, 1));
    expect(tableExamples(table).count).toBe(3);
  });

  it('of a series are all its windows, each with what follows', () => {
    const channels = [Float64Array.of(0, 1, 2, 3, 4, 5, 6), Float64Array.of(0, 10, 20, 30, 40, 50)];
    const windows = windowExamples({ channels, from: 1, to: 6, length: 2, horizon: 1 });
    const inputs = new Map([
      ['window', new Float32Array(4)],
      ['target', new Float32Array(2)],
    ]);
    windows.read(windows.count - 1, 0, inputs);

    expect(windows.count).toBe(3);
    expect(inputs.get('window')).toEqual(Float32Array.of(3, 4, 30, 40));
    expect(inputs.get('target')).toEqual(Float32Array.of(5, 50));
  });
});
