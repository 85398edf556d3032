/** Somebody's slots in a stride, and what moves them on by a bar. */
export interface ChainedUpdate {
  readonly offset: number;
  readonly update: (state: Float64Array, at: number, bar: Float64Array) => void;
}

/** As many as a symbol's row has: its last bar and ten indicators. */
const WRITTEN_OUT = 12;

/**
 * One update that does all of them, in their order, wherever the stride begins.
 *
 * The first are written out: a call that stands in the code by itself has one answer to whom it
 * calls, as long as one chain does most of the work of a process, and then V8 calls directly or
 * puts the function in place. In a loop that is looked up at every step, 5 ns each.
 */
export function chainUpdates(parts: readonly ChainedUpdate[]): ChainedUpdate['update'] {
  const one = (place: number) => (parts[place] ?? NOBODY).update;
  // Told that it is whole, V8 keeps an offset and what is added to it as integers.
  const from = (place: number) => (parts[place] ?? NOBODY).offset | 0;
  const [a, b, c, d] = [one(0), one(1), one(2), one(3)];
  const [e, f, g, h] = [one(4), one(5), one(6), one(7)];
  const [i, j, k, l] = [one(8), one(9), one(10), one(11)];
  const [aAt, bAt, cAt, dAt] = [from(0), from(1), from(2), from(3)];
  const [eAt, fAt, gAt, hAt] = [from(4), from(5), from(6), from(7)];
  const [iAt, jAt, kAt, lAt] = [from(8), from(9), from(10), from(11)];
  const rest = parts.slice(WRITTEN_OUT);

  return (state, at, bar) => {
    a(state, at + aAt, bar);
    b(state, at + bAt, bar);
    c(state, at + cAt, bar);
    d(state, at + dAt, bar);
    e(state, at + eAt, bar);
    f(state, at + fAt, bar);
    g(state, at + gAt, bar);
    h(state, at + hAt, bar);
    i(state, at + iAt, bar);
    j(state, at + jAt, bar);
    k(state, at + kAt, bar);
    l(state, at + lAt, bar);
    for (const { offset, update } of rest) update(state, at + offset, bar);
  };
}

const NOBODY: ChainedUpdate = { offset: 0, update: () => undefined };
