import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY, MINUTE } from '../../../../src/core/time.ts';
import { layerSource } from '../../../../src/domain/features/sources/layer-source.ts';
import { newYorkDayNumber } from '../../../../src/domain/market/calendar.ts';
import { columnsOf, freshState, hearSymbol, noon } from '../../../reference/rare-facts.ts';

const source = layerSource.build({ symbolsMax: 1, spanUs: 0 });
const START = noon(20240304);

interface Move {
  readonly layer: number;
  readonly isMember: boolean;
  readonly nowUs: number;
}

function stateOf(moves: readonly Move[]): Float64Array {
  const state = freshState(source);
  for (const move of moves) hearSymbol(source, state, { kind: 'layerMoved', ...move });
  return state;
}

/** The whole history of the highest layer, from the list of moves. */
function naive(moves: readonly Move[], nowUs: number): Record<string, number> {
  const steps: { at: number; layer: number }[] = [];
  moves.forEach(({ nowUs: at }, last) => {
    const members = new Map(moves.slice(0, last + 1).map((one) => [one.layer, one.isMember]));
    const layer = Math.max(-1, ...[...members].filter(([, isIn]) => isIn).map(([of]) => of));
    if (steps.at(-1)?.layer !== layer) steps.push({ at, layer });
  });
  const now = steps.at(-1);
  if (now === undefined) return { current: NaN, movesToday: NaN, qualified0: NaN };
  const before = steps.at(-2);
  const rises = steps.filter(({ layer }, at) => layer > (steps[at - 1]?.layer ?? -1));
  const today = newYorkDayNumber(nowUs);
  return {
    current: now.layer,
    qualified0: now.layer >= 0 ? 1 : 0,
    qualified1: now.layer >= 1 ? 1 : 0,
    qualified2: now.layer >= 2 ? 1 : 0,
    qualified3: now.layer >= 3 ? 1 : 0,
    sinceRise: (nowUs - (rises.at(-1)?.at ?? NaN)) / MINUTE,
    dwell: (nowUs - now.at) / MINUTE,
    dwellBefore: (now.at - (before?.at ?? NaN)) / MINUTE,
    movesToday: steps.filter(({ at }) => newYorkDayNumber(at) === today).length,
  };
}

describe('the layer source', () => {
  it('agrees with the whole history of moves', () => {
    const move = fc.record({
      layer: fc.integer({ min: 0, max: 3 }),
      isMember: fc.boolean(),
      afterUs: fc.integer({ min: 0, max: DAY / 3 }),
    });
    fc.assert(
      fc.property(
        fc.array(move, { maxLength: 30 }),
        fc.integer({ min: 0, max: DAY }),
        (list, on) => {
          let at = START;
          const moves = list.map(({ afterUs, ...rest }) => ({ ...rest, nowUs: (at += afterUs) }));
          const found = columnsOf(source, stateOf(moves), at + on);
          expect(found).toMatchObject(naive(moves, at + on));
        },
      ),
    );
  });

  it('passes over a layer that there is not', () => {
    const state = stateOf([{ layer: 2, isMember: true, nowUs: START }]);
    const before = state.slice();
    for (const layer of [4, -1, 1.5, NaN]) {
      hearSymbol(source, state, { kind: 'layerMoved', layer, isMember: true, nowUs: START + 1 });
    }
    expect(state).toEqual(before);
  });
});
