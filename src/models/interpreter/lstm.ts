import { tanh } from '../../core/math.ts';
import { sigmoid } from '../../core/math-logistic.ts';
import { type MatMul, matMul } from './mat-mul.ts';
import type { Numbers } from './numbers.ts';

export interface Lstm {
  /** [time, rows, width] */
  readonly x: Numbers;
  /** [directions, 4 hidden, width], gates in the order input, output, forget, cell. */
  readonly weights: Numbers;
  /** [directions, 4 hidden, hidden] */
  readonly recurrence: Numbers;
  /** [directions, 8 hidden]: those of the weights, then those of the recurrence. */
  readonly bias: Numbers;
  /** [time, directions, rows, hidden] */
  readonly out: Numbers;
  readonly time: number;
  readonly rows: number;
  readonly width: number;
  readonly hidden: number;
  readonly directions: number;
}

/** ONNX's LSTM from a state of zeros; the second direction goes through time backwards. */
export function planLstm(work: Lstm): () => void {
  const { rows, hidden } = work;
  const room: Room = {
    work,
    input: turned(work, work.width, work.time * rows),
    back: turned(work, hidden, rows),
    state: new Float64Array(rows * hidden),
    cells: new Float64Array(rows * hidden),
    bias: new Float64Array(4 * hidden),
  };
  return () => {
    for (let direction = 0; direction < work.directions; direction += 1) run(room, direction);
  };
}

interface Room {
  readonly work: Lstm;
  /** All steps through the weights at once, and one step's outputs through the recurrence. */
  readonly input: Product;
  readonly back: Product;
  readonly state: Float64Array;
  readonly cells: Float64Array;
  /** The sum of both. */
  readonly bias: Float64Array;
}

interface Product {
  readonly matrix: Float64Array;
  readonly out: Float64Array;
  readonly sums: Float64Array;
  readonly inner: number;
  readonly rows: number;
}

function turned({ hidden }: Lstm, inner: number, rows: number): Product {
  const columns = 4 * hidden;
  return {
    matrix: new Float64Array(inner * columns),
    out: new Float64Array(rows * columns),
    sums: new Float64Array(2 * columns),
    inner,
    rows,
  };
}

function run({ work, input, back, state, cells, bias }: Room, direction: number): void {
  const { x, weights, recurrence, time, rows, hidden } = work;
  const columns = 4 * hidden;
  turn(weights, direction, input, columns);
  turn(recurrence, direction, back, columns);
  for (let gate = 0; gate < columns; gate += 1) {
    const at = 2 * columns * direction + gate;
    bias[gate] = (work.bias[at] ?? 0) + (work.bias[at + columns] ?? 0);
  }
  matMul(productOf(x, input, columns));
  const step = productOf(state, back, columns);
  state.fill(0);
  cells.fill(0);
  for (let count = 0; count < time; count += 1) {
    const moment = direction === 0 ? count : time - 1 - count;
    matMul(step);
    bend(work, {
      fed: input.out,
      fedAt: moment * rows * columns,
      back: back.out,
      bias,
      state,
      cells,
    });
    work.out.set(state, (moment * work.directions + direction) * rows * hidden);
  }
}

function productOf(
  a: Numbers,
  { matrix, out, sums, inner, rows }: Product,
  columns: number,
): MatMul {
  return { a, b: matrix, out, rows, inner, columns, aPlaces: START, bPlaces: START, sums };
}

const START = Int32Array.of(0);

/** A row for each input, so that it is gone through as it lies. */
function turn(from: Numbers, direction: number, { matrix, inner }: Product, columns: number): void {
  const start = direction * columns * inner;
  for (let gate = 0; gate < columns; gate += 1) {
    for (let at = 0; at < inner; at += 1) {
      matrix[at * columns + gate] = from[start + gate * inner + at] ?? 0;
    }
  }
}

interface Gates {
  readonly fed: Float64Array;
  readonly fedAt: number;
  readonly back: Float64Array;
  readonly bias: Float64Array;
  readonly state: Float64Array;
  readonly cells: Float64Array;
}

function bend({ rows, hidden }: Lstm, { fed, fedAt, back, bias, state, cells }: Gates): void {
  const columns = 4 * hidden;
  for (let row = 0; row < rows; row += 1) {
    const at = row * columns;
    const from = fedAt + at;
    for (let unit = 0; unit < hidden; unit += 1) {
      const second = unit + hidden;
      const third = second + hidden;
      const fourth = third + hidden;
      const entering = (fed[from + unit] ?? 0) + (back[at + unit] ?? 0) + (bias[unit] ?? 0);
      const leaving = (fed[from + second] ?? 0) + (back[at + second] ?? 0) + (bias[second] ?? 0);
      const kept = (fed[from + third] ?? 0) + (back[at + third] ?? 0) + (bias[third] ?? 0);
      const offered = (fed[from + fourth] ?? 0) + (back[at + fourth] ?? 0) + (bias[fourth] ?? 0);
      const place = row * hidden + unit;
      const cell = sigmoid(kept) * (cells[place] ?? 0) + sigmoid(entering) * tanh(offered);
      cells[place] = cell;
      state[place] = sigmoid(leaving) * tanh(cell);
    }
  }
}
