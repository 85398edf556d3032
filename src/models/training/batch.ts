import { present } from '../../core/assert.ts';
import type { Graph } from '../graph/graph.ts';
import { sizeOf } from '../graph/shapes.ts';
import type { Examples } from './examples.ts';
import { TrainingError } from './training-error.ts';

/** The arrays that a bound graph is fed, filled anew for every run. */
export class Batch {
  readonly rows: number;
  readonly inputs = new Map<string, Float32Array>();

  constructor(graph: Graph, rows: number, fixed: ReadonlyMap<string, Float32Array> = new Map()) {
    this.rows = rows;
    for (const { name, shape } of graph.inputs) {
      this.inputs.set(name, fixed.get(name) ?? new Float32Array(sizeOf(shape)));
    }
  }

  input(name: string): Float32Array {
    return present(this.inputs.get(name), `the input ${name}`);
  }

  /**
   * Takes the examples of an order from `from` on and answers how many. A short batch is filled up
   * with examples from the beginning, which count nothing but are no strangers to a batch's mean.
   * Weights are those of the examples times `scale`, or over the number taken where it is absent.
   */
  fill(examples: Examples, order: Uint32Array | undefined, from: number, scale?: number): number {
    const taken = Math.min(this.rows, examples.count - from);
    const weight = this.inputs.get('weight');
    for (let row = 0; row < this.rows; row += 1) {
      const place = row < taken ? from + row : (row - taken) % examples.count;
      const example = order?.[place] ?? place;
      examples.read(example, row, this.inputs);
      if (weight === undefined) continue;
      const own = examples.weights === undefined ? 1 : (examples.weights[example] ?? Number.NaN);
      weight[row] = row < taken ? own * (scale ?? 1 / taken) : 0;
    }
    return taken;
  }
}

/** A network must not learn from what is no number, nor be judged by it. */
export function checkNumbers(examples: Examples, batch: Batch, names: readonly string[]): void {
  const { weights } = examples;
  const broken = weights?.findIndex((weight) => !(weight >= 0 && weight < Infinity)) ?? -1;
  if (broken >= 0) throw without(broken, 'weight');
  for (let example = 0; example < examples.count; example += 1) {
    examples.read(example, 0, batch.inputs);
    for (const name of names) {
      const values = batch.input(name);
      const width = values.length / batch.rows;
      for (let at = 0; at < width; at += 1) {
        if (!Number.isFinite(values[at])) throw without(example, name);
      }
    }
  }
}

function without(example: number, name: string): TrainingError {
  return new TrainingError('TRAINING_INPUT', `example ${example} has a ${name} without a number`);
}
