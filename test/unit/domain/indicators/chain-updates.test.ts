import { expect, it } from 'vitest';
import { chainUpdates } from '../../../../src/domain/indicators/chain-updates.ts';

it.each([0, 1, 11, 12, 13, 40])(
  'updates all of %i, once, in order and in their places',
  (count) => {
    const told: string[] = [];
    const parts = Array.from({ length: count }, (_, place) => ({
      offset: 3 * place,
      update: (state: Float64Array, at: number, bar: Float64Array) => {
        told.push(`${place}@${at}`);
        state[at] = (state[at] ?? NaN) + (bar[0] ?? NaN);
      },
    }));
    const state = new Float64Array(200);

    chainUpdates(parts)(state, 5, Float64Array.of(7));

    expect(told).toEqual(parts.map(({ offset }, place) => `${place}@${5 + offset}`));
    expect(state.reduce((sum, value) => sum + value, 0)).toBe(7 * count);
  },
);
