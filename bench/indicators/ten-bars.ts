import { BAR_WIDTH } from '../../src/domain/indicators/indicator.ts';

/** Rows of the walk: a power of two, so that a place in it is a mask. */
const BARS = 4_096;
/** So far apart in the walk two neighbouring symbols are. */
const SYMBOL_STEP = 31;

export interface Bar {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** One random walk of bars within one session, from which every symbol takes its own stretch. */
export interface Walk {
  readonly table: Float64Array;
  /** The rows of the table, where they lie. */
  readonly bars: readonly Float64Array[];
}

export function walkOfBars(): Walk {
  const table = new Float64Array(BARS * BAR_WIDTH);
  const draw = drawing();
  let price = 100;
  for (let row = 0; row < BARS; row += 1) {
    const open = price;
    price = open * (1 + (draw() - 0.5) * 0.004 + (100 - open) * 1e-5);
    const high = Math.max(open, price) * (1 + draw() * 0.001);
    const low = Math.min(open, price) * (1 - draw() * 0.001);
    const volume = 100 + Math.floor(draw() * 10_000);
    const startUs = row * 60_000_000;
    table.set([open, high, low, price, volume, 20_000, startUs, startUs], row * BAR_WIDTH);
  }
  const bars = Array.from({ length: BARS }, (_, row) =>
    table.subarray(row * BAR_WIDTH, (row + 1) * BAR_WIDTH),
  );
  return { table, bars };
}

/** Which of the walk's bars a symbol has in a minute. */
export function rowAt(symbol: number, minute: number): number {
  return (symbol * SYMBOL_STEP + minute) & (BARS - 1);
}

/** Where in the table it begins. */
export function barAt(symbol: number, minute: number): number {
  return rowAt(symbol, minute) * BAR_WIDTH;
}

/** The same as an object of its own, as the peers want it: they keep it. */
export function barObject({ table }: Walk, symbol: number, minute: number): Bar {
  const at = barAt(symbol, minute);
  const value = (column: number) => table[at + column] ?? NaN;
  return { open: value(0), high: value(1), low: value(2), close: value(3), volume: value(4) };
}

/** The same every time, on every machine. */
function drawing(): () => number {
  let state = 12_345;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return state / 0x8000_0000;
  };
}
