import { present } from '../../core/assert.ts';
import type { Graph } from '../graph/graph.ts';
import { Batch } from './batch.ts';
import type { Examples } from './examples.ts';
import type { GraphRunner, OpenRunner } from './graph-runner.ts';
import { runnable } from './vectors.ts';

export interface JudgeOptions {
  /** An evaluation or serving graph, batch not bound. */
  readonly graph: Graph;
  readonly openRunner: OpenRunner;
  readonly examples: Examples;
  readonly rows: number;
  /** Read anew at every run. */
  readonly values: ReadonlyMap<string, Float32Array>;
}

/** Runs examples through a graph that does not learn, in their order. */
export class Judge {
  readonly #examples: Examples;
  readonly #batch: Batch;
  readonly #runner: GraphRunner;

  private constructor(examples: Examples, batch: Batch, runner: GraphRunner) {
    this.#examples = examples;
    this.#batch = batch;
    this.#runner = runner;
  }

  static async open({ graph, openRunner, examples, rows, values }: JudgeOptions): Promise<Judge> {
    const bound = runnable(graph, rows);
    return new Judge(examples, new Batch(bound, rows, values), await openRunner(bound));
  }

  /** The weighted mean of the graph's `loss`. */
  async loss(): Promise<number> {
    let sum = 0;
    await this.visit((outputs) => {
      sum += present(outputs.get('loss'), 'the output loss')[0] ?? Number.NaN;
    });
    const { weights, count } = this.#examples;
    return sum / (weights?.reduce((total, weight) => total + weight, 0) ?? count);
  }

  /** Outputs of a batch at a time. Its first `taken` rows are the examples from `from` on. */
  async visit(
    look: (outputs: ReadonlyMap<string, Float32Array>, from: number, taken: number) => void,
  ): Promise<void> {
    for (let from = 0; from < this.#examples.count; from += this.#batch.rows) {
      const taken = this.#batch.fill(this.#examples, undefined, from, 1);
      look(await this.#runner.run(this.#batch.inputs), from, taken);
    }
  }

  release(): Promise<void> {
    return this.#runner.release();
  }
}
