import { log } from '../../../core/math.ts';
import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';

const VALUE = 0;
const LAST = 1; // NaN before the first bar.
const COUNT = 2; // Below `period`: moves so far. From it on: `period` + next place in the ring.
const UPS = 3;
const DOWNS = 4;
const RING = 5; // 1, 0 or -1 for each move.

/** How evenly a window's moves go up, down and nowhere. */
export const moveEntropy: IndicatorDeclaration = {
  name: 'moveEntropy',
  title: 'Entropy of moves',
  family: 'statistics',
  tells: 'How little the direction of a move can be guessed: 0 if it is always the same.',
  formula: '-sum p * log2(p) over the shares of up, down and unchanged among period moves; bits.',
  source: 'Claude Shannon, 1948',
  parameters: [periodParameter(50)],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [{ name: 'entropy', units: 'bits' }],
  build: ([period = NaN], [place = NaN]) => build(period, place),
};

function build(period: number, place: number): IndicatorBody {
  const width = RING + period;
  const parts = entropyParts(period);

  return {
    width,
    warmupBars: period + 1,

    reset(state, at) {
      state.fill(0, at, at + width);
      state[at + VALUE] = NaN;
      state[at + LAST] = NaN;
    },

    update(state, at, bar) {
      const x = bar[place] ?? NaN;
      if (x - x !== 0) return;
      const last = state[at + LAST] ?? NaN;
      state[at + LAST] = x;
      if (last !== last) return;

      const count = (state[at + COUNT] ?? NaN) | 0;
      const next = count < period ? count : count - period;
      const gone = state[at + RING + next] ?? NaN; // 0 while the ring fills.
      const move = Math.sign(x - last);
      const ups = (state[at + UPS] ?? NaN) + Math.max(move, 0) - Math.max(gone, 0);
      const downs = (state[at + DOWNS] ?? NaN) - Math.min(move, 0) + Math.min(gone, 0);
      state[at + RING + next] = move;
      state[at + COUNT] = next + 1 === period ? period : count + 1;
      state[at + UPS] = ups;
      state[at + DOWNS] = downs;
      if (count + 1 < period) return;
      const unchanged = period - ups - downs;
      state[at + VALUE] = (parts[ups] ?? NaN) + (parts[downs] ?? NaN) + (parts[unchanged] ?? NaN);
    },
  };
}

/** -p log2(p) for each share that a count of moves can have. */
function entropyParts(period: number): Float64Array {
  const parts = new Float64Array(period + 1);
  for (let count = 1; count < period; count += 1) {
    const share = count / period;
    parts[count] = (-share * log(share)) / Math.LN2;
  }
  return parts;
}
