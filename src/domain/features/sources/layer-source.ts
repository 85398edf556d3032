import { MINUTE } from '../../../core/time.ts';
import { newYorkDayNumber } from '../../market/calendar.ts';
import type { SourceDeclaration } from '../registry.ts';
import type { ColumnDeclaration, FeatureSource } from '../source.ts';

/** In which layer a symbol is, and how long it has been there. */
export const layerSource: SourceDeclaration = { name: 'layer', isTimeframed: false, build };

const LAYERS = 4;

const MEMBER = 0; // 1 for each layer that has it.
const CURRENT = LAYERS; // The highest of them; -1 for none, NaN before anything was heard.
const SINCE_US = CURRENT + 1;
const RISEN_US = SINCE_US + 1;
const HELD_US = RISEN_US + 1; // How long it was where it was before.
const MOVES_DAY = HELD_US + 1;
const MOVES = MOVES_DAY + 1;
const WIDTH = MOVES + 1;

const COLUMNS: readonly ColumnDeclaration[] = [
  { name: 'current', units: 'count', tells: 'The highest layer that has the symbol, -1 for none.' },
  ...Array.from({ length: LAYERS }, (_, layer): ColumnDeclaration => ({
    name: `qualified${layer}`,
    units: 'flag',
    tells: `1 where the symbol is in layer ${layer} or above.`,
  })),
  { name: 'sinceRise', units: 'minutes', tells: 'Since the symbol last came into a higher layer.' },
  { name: 'dwell', units: 'minutes', tells: 'How long the symbol has been in its layer.' },
  { name: 'dwellBefore', units: 'minutes', tells: 'How long it was in the layer before.' },
  { name: 'movesToday', units: 'count', tells: 'Changes of layer on this day of New York.' },
];

function build(): FeatureSource {
  return {
    name: 'layer',
    scope: 'symbol',
    columns: COLUMNS,
    version: 2,
    width: WIDTH,
    warmupBars: 0,

    reset(state, at) {
      state.fill(NaN, at, at + WIDTH);
      state.fill(0, at + MEMBER, at + LAYERS);
      state[at + MOVES] = 0;
    },

    fact(state, at, fact) {
      if (fact.kind !== 'layerMoved') return;
      if (!(fact.layer >= 0 && fact.layer < LAYERS && fact.layer % 1 === 0)) return;
      state[at + MEMBER + fact.layer] = fact.isMember ? 1 : 0;
      move(state, at, fact.nowUs);
    },

    read(state, at, nowUs, out, outAt) {
      const current = state[at + CURRENT] ?? NaN;
      const isToday = newYorkDayNumber(nowUs) === state[at + MOVES_DAY];
      out[outAt] = current;
      for (let layer = 0; layer < LAYERS; layer += 1) {
        out[outAt + 1 + layer] = current >= layer ? 1 : current < layer ? 0 : NaN;
      }
      const to = outAt + 1 + LAYERS;
      out[to] = (nowUs - (state[at + RISEN_US] ?? NaN)) / MINUTE;
      out[to + 1] = (nowUs - (state[at + SINCE_US] ?? NaN)) / MINUTE;
      out[to + 2] = (state[at + HELD_US] ?? NaN) / MINUTE;
      out[to + 3] = current === current ? (isToday ? (state[at + MOVES] ?? NaN) : 0) : NaN;
    },
  };
}

function move(state: Float64Array, at: number, nowUs: number): void {
  const before = state[at + CURRENT] ?? NaN;
  let current = -1;
  for (let layer = 0; layer < LAYERS; layer += 1) {
    if (state[at + MEMBER + layer] === 1) current = layer;
  }
  if (current === before) return; // A layer below the highest took or lost it.
  state[at + CURRENT] = current;
  state[at + HELD_US] = nowUs - (state[at + SINCE_US] ?? NaN);
  state[at + SINCE_US] = nowUs;
  // The first word is where it begins; from nowhere into a layer is a rise as well.
  const from = before === before ? before : -1;
  if (current > from) state[at + RISEN_US] = nowUs;
  const day = newYorkDayNumber(nowUs);
  if (state[at + MOVES_DAY] !== day) state[at + MOVES] = 0;
  state[at + MOVES_DAY] = day;
  state[at + MOVES] = (state[at + MOVES] ?? NaN) + 1;
}
