import { tanh } from '../../core/math.ts';
import { sigmoid } from './elementwise.ts';
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
  /** Gates of one step, then the state of the cells. */
  readonly gates: Float64Array;
  readonly cells: Float64Array;
}

/** ONNX's LSTM from a state of zeros; the second direction goes through time backwards. */
export function lstm(work: Lstm): void {
  for (let direction = 0; direction < work.directions; direction += 1) {
    for (let row = 0; row < work.rows; row += 1) oneRow(work, direction, row);
  }
}

function oneRow(work: Lstm, direction: number, row: number): void {
  const { time, rows, hidden, directions, gates, cells, out } = work;
  cells.fill(0);
  let before = -1;
  for (let step = 0; step < time; step += 1) {
    const moment = direction === 0 ? step : time - 1 - step;
    const at = ((moment * directions + direction) * rows + row) * hidden;
    gatesOf(work, direction, { xAt: (moment * rows + row) * work.width, before });
    for (let unit = 0; unit < hidden; unit += 1) {
      const entering = sigmoid(gates[unit] ?? 0);
      const leaving = sigmoid(gates[hidden + unit] ?? 0);
      const kept = sigmoid(gates[2 * hidden + unit] ?? 0);
      const offered = tanh(gates[3 * hidden + unit] ?? 0);
      const cell = kept * (cells[unit] ?? 0) + entering * offered;
      cells[unit] = cell;
      out[at + unit] = leaving * tanh(cell);
    }
    before = at;
  }
}

/** What each gate is fed, before it is bent. `before` is where the last output lies, -1 if none. */
function gatesOf(
  { x, weights, recurrence, bias, out, width, hidden, gates }: Lstm,
  direction: number,
  { xAt, before }: { readonly xAt: number; readonly before: number },
): void {
  const count = 4 * hidden;
  for (let gate = 0; gate < count; gate += 1) {
    const own = direction * count + gate;
    let sum =
      (bias[2 * count * direction + gate] ?? 0) + (bias[2 * count * direction + count + gate] ?? 0);
    const from = own * width;
    for (let at = 0; at < width; at += 1) sum += (weights[from + at] ?? 0) * (x[xAt + at] ?? 0);
    if (before >= 0) {
      const back = own * hidden;
      for (let at = 0; at < hidden; at += 1) {
        sum += (recurrence[back + at] ?? 0) * (out[before + at] ?? 0);
      }
    }
    gates[gate] = sum;
  }
}
