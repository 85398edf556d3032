import { present } from '../../core/assert.ts';
import { bindBatch, isBound } from '../graph/bind-batch.ts';
import { GraphError } from '../graph/graph-error.ts';
import type { Graph } from '../graph/graph.ts';
import { parameterCount } from '../graph/parameters.ts';
import { sizeOf } from '../graph/shapes.ts';
import type { Numbers, Precision } from './numbers.ts';
import { type Plan, planOf } from './plan.ts';

export type Values = ReadonlyMap<string, Numbers>;

export interface Interpreter {
  /**
   * Computes the outputs. Parameters stay from one run to the next, until others are given. What is
   * answered is written over by the next run.
   */
  run(inputs: Values, parameters?: Numbers): Values;
}

/** Plans are kept for so many sizes of a batch. */
const PLANS_MAX = 8;

/**
 * Runs a graph in plain JavaScript: the same bits on every machine and every Node. It is there
 * where no native runtime is, and what the others are compared with.
 */
export function interpret(
  graph: Graph,
  { precision }: { readonly precision: Precision },
): Interpreter {
  return new PlannedInterpreter(graph, precision);
}

class PlannedInterpreter implements Interpreter {
  readonly #graph: Graph;
  readonly #precision: Precision;
  readonly #plans = new Map<number, Plan>();
  #parameters: Numbers | undefined;
  #prepared = new WeakSet<Plan>();

  constructor(graph: Graph, precision: Precision) {
    this.#graph = graph;
    this.#precision = precision;
    if (graph.parameters.length === 0) this.#parameters = new Float64Array(0);
  }

  run(inputs: Values, parameters?: Numbers): Values {
    if (parameters !== undefined) this.#take(parameters);
    const plan = this.#planFor(rowsOf(this.#graph, inputs));
    if (!this.#prepared.has(plan)) this.#prepare(plan);
    for (const [name, place] of plan.inputs) {
      const given = present(inputs.get(name), 'an input that was checked');
      if (given.length !== place.length) throw wrongLength(name, given.length, place.length);
      place.set(given);
    }
    for (const step of plan.steps) step();
    return plan.outputs;
  }

  /** A copy: the one who gave them may go on changing them. */
  #take(parameters: Numbers): void {
    const count = parameterCount(this.#graph);
    if (parameters.length !== count) throw wrongLength('parameters', parameters.length, count);
    this.#parameters = parameters.slice();
    this.#prepared = new WeakSet();
  }

  #planFor(rows: number): Plan {
    const known = this.#plans.get(rows);
    if (known !== undefined) return known;
    const bound = isBound(this.#graph) ? this.#graph : bindBatch(this.#graph, rows);
    const plan = planOf(bound, this.#precision);
    const [oldest] = this.#plans.keys();
    if (this.#plans.size >= PLANS_MAX && oldest !== undefined) this.#plans.delete(oldest);
    this.#plans.set(rows, plan);
    return plan;
  }

  #prepare(plan: Plan): void {
    const from = this.#parameters;
    if (from === undefined) throw new GraphError('GRAPH_FEED', 'no parameters were given');
    let at = 0;
    for (const place of plan.parameters) {
      place.set(from.subarray(at, at + place.length));
      at += place.length;
    }
    for (const step of plan.prepare) step();
    this.#prepared.add(plan);
  }
}

/** How many rows the batch has that is fed; 1 where nothing depends on it. */
function rowsOf(graph: Graph, inputs: Values): number {
  if (inputs.size !== graph.inputs.length) {
    const names = graph.inputs.map(({ name }) => name).join(', ');
    throw new GraphError('GRAPH_FEED', `${inputs.size} inputs, where there are: ${names}`);
  }
  let rows: number | undefined;
  for (const { name, shape } of graph.inputs) {
    const given = inputs.get(name);
    if (given === undefined) throw new GraphError('GRAPH_FEED', `no input ${name}`);
    const perRow = -sizeOf(shape);
    if (perRow <= 0) continue;
    rows ??= given.length / perRow;
    if (!Number.isInteger(rows) || rows < 1) throw wrongLength(name, given.length, perRow);
  }
  return rows ?? 1;
}

function wrongLength(name: string, length: number, wanted: number): GraphError {
  return new GraphError('GRAPH_FEED', `${name} has ${length} numbers, not (times) ${wanted}`);
}
