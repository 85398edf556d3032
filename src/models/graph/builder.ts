import { GraphError } from './graph-error.ts';
import type {
  BinaryOp,
  Graph,
  GraphInput,
  GraphNode,
  GraphOutput,
  GraphParameter,
  Operation,
  ParameterInit,
  ReduceOp,
  Shape,
  SliceRange,
  Tensor,
  UnaryOp,
} from './graph.ts';
import { identityOf } from './node-identity.ts';
import { reachable } from './reachable.ts';
import { isSameShape, shapeOf } from './shapes.ts';

/** What arithmetic takes: a number stands for itself everywhere. */
export type Operand = Tensor | number;

const NODES_MAX = 200_000;

/**
 * Builds a graph, a node at a time. Shapes are checked at once, so the line that is wrong is the
 * line that throws. The same operation on the same inputs is one node. An axis below zero counts
 * from the last.
 */
export class GraphBuilder {
  readonly name: string;
  readonly #nodes: GraphNode[] = [];
  readonly #inputs: GraphInput[] = [];
  readonly #parameters: GraphParameter[] = [];
  readonly #outputs: GraphOutput[] = [];
  readonly #known = new Map<string, Tensor>();
  readonly #names = new Set<string>();

  constructor(name: string) {
    this.name = name;
  }

  input(name: string, shape: Shape): Tensor {
    this.#claim(name);
    const made = this.emit({ op: 'input', name, to: shape }, []);
    this.#inputs.push({ ...made, name });
    return made;
  }

  parameter(name: string, shape: Shape, init: ParameterInit): Tensor {
    this.#claim(name);
    if (shape.some((size) => size < 0)) {
      throw new GraphError('GRAPH_SHAPE', `parameter ${name}: its size depends on the batch`);
    }
    const made = this.emit({ op: 'parameter', name, to: shape }, []);
    this.#parameters.push({ ...made, name, init });
    return made;
  }

  constant(shape: Shape, values: ArrayLike<number> | number): Tensor {
    const size = shape.reduce((product, one) => product * one, 1);
    const all = typeof values === 'number' ? filled(size, values) : Float64Array.from(values);
    return this.emit({ op: 'constant', values: all, to: shape }, []);
  }

  add(a: Operand, b: Operand): Tensor {
    return this.#binary('add', a, b);
  }

  sub(a: Operand, b: Operand): Tensor {
    return this.#binary('sub', a, b);
  }

  mul(a: Operand, b: Operand): Tensor {
    return this.#binary('mul', a, b);
  }

  div(a: Operand, b: Operand): Tensor {
    return this.#binary('div', a, b);
  }

  /** 1 where `a` is above `b`, else 0. */
  greater(a: Operand, b: Operand): Tensor {
    return this.#binary('greater', a, b);
  }

  neg(x: Tensor): Tensor {
    return this.#unary('neg', x);
  }

  abs(x: Tensor): Tensor {
    return this.#unary('abs', x);
  }

  exp(x: Tensor): Tensor {
    return this.#unary('exp', x);
  }

  log(x: Tensor): Tensor {
    return this.#unary('log', x);
  }

  sqrt(x: Tensor): Tensor {
    return this.#unary('sqrt', x);
  }

  tanh(x: Tensor): Tensor {
    return this.#unary('tanh', x);
  }

  sigmoid(x: Tensor): Tensor {
    return this.#unary('sigmoid', x);
  }

  relu(x: Tensor): Tensor {
    return this.#unary('relu', x);
  }

  erf(x: Tensor): Tensor {
    return this.#unary('erf', x);
  }

  /** The same value, through which no gradient passes. */
  detach(x: Tensor): Tensor {
    return this.#unary('detach', x);
  }

  /** `a` where the condition is not zero, else `b`. */
  select(condition: Tensor, a: Operand, b: Operand): Tensor {
    return this.emit({ op: 'select' }, [condition, this.#tensor(a), this.#tensor(b)]);
  }

  clip(x: Tensor, low: number, high: number): Tensor {
    return this.emit({ op: 'clip', low, high }, [x]);
  }

  matMul(a: Tensor, b: Tensor): Tensor {
    return this.emit({ op: 'matMul' }, [a, b]);
  }

  transpose(x: Tensor, order: readonly number[]): Tensor {
    return this.emit({ op: 'transpose', order }, [x]);
  }

  reshape(x: Tensor, to: Shape): Tensor {
    return this.emit({ op: 'reshape', to }, [x]);
  }

  broadcast(x: Tensor, to: Shape): Tensor {
    return this.emit({ op: 'broadcast', to }, [x]);
  }

  slice(x: Tensor, range: Omit<SliceRange, 'step'> & { readonly step?: number }): Tensor {
    const { axis, start, end, step = 1 } = range;
    return this.emit({ op: 'slice', axis: fromEnd(axis, x), start, end, step }, [x]);
  }

  concat(parts: readonly Tensor[], axis: number): Tensor {
    const [first] = parts;
    if (first === undefined) throw new GraphError('GRAPH_SHAPE', 'concat of nothing');
    if (parts.length === 1) return first;
    return this.emit({ op: 'concat', axis: fromEnd(axis, first) }, parts);
  }

  reduceSum(x: Tensor, axes: readonly number[], keep = false): Tensor {
    return this.#reduce('reduceSum', x, axes, keep);
  }

  reduceMean(x: Tensor, axes: readonly number[], keep = false): Tensor {
    return this.#reduce('reduceMean', x, axes, keep);
  }

  reduceMax(x: Tensor, axes: readonly number[], keep = false): Tensor {
    return this.#reduce('reduceMax', x, axes, keep);
  }

  softmax(x: Tensor, axis: number): Tensor {
    return this.emit({ op: 'softmax', axis: fromEnd(axis, x) }, [x]);
  }

  output(name: string, value: Tensor): void {
    if (this.#outputs.some((output) => output.name === name)) {
      throw new GraphError('GRAPH_NAME', `two outputs are named ${name}`);
    }
    this.#check(name);
    this.#outputs.push({ name, id: value.id });
  }

  /** The node for an operation on inputs of this builder: a new one, or the one there is. */
  emit(operation: Operation, inputs: readonly Tensor[]): Tensor {
    for (const { id, shape } of inputs) {
      // Tensors of another builder would be taken for whatever has their number here.
      if (this.#nodes[id]?.shape !== shape) {
        throw new GraphError('GRAPH_NAME', `${operation.op}: an input is of another graph`);
      }
    }
    const [first] = inputs;
    if (operation.op === 'reshape' && first !== undefined) {
      if (isSameShape(first.shape, operation.to)) return first;
      const before = this.nodeAt(first.id);
      // What has two shapes after another has the last.
      if (before.op === 'reshape')
        return this.emit(
          operation,
          before.inputs.map((id) => this.tensorAt(id)),
        );
    }
    const ids = inputs.map(({ id }) => id);
    const key = identityOf(operation, ids);
    const known = key === undefined ? undefined : this.#known.get(key);
    if (known !== undefined) return known;

    const shape = shapeOf(
      operation,
      inputs.map((input) => input.shape),
    );
    const id = this.#nodes.length;
    if (id >= NODES_MAX) throw new GraphError('GRAPH_SHAPE', `more than ${NODES_MAX} nodes`);
    this.#nodes.push({ ...operation, id, inputs: ids, shape });
    const made = { id, shape };
    if (key !== undefined) this.#known.set(key, made);
    return made;
  }

  nodeAt(id: number): GraphNode {
    const node = this.#nodes[id];
    if (node === undefined) throw new GraphError('GRAPH_NAME', `no value ${id} is here`);
    return node;
  }

  tensorAt(id: number): Tensor {
    return { id, shape: this.nodeAt(id).shape };
  }

  /** What no output needs is left out, but for inputs and parameters: those are a promise. */
  build(): Graph {
    if (this.#outputs.length === 0) throw new GraphError('GRAPH_NAME', 'a graph has an output');
    return reachable({
      name: this.name,
      nodes: this.#nodes,
      inputs: this.#inputs,
      parameters: this.#parameters,
      outputs: this.#outputs,
    });
  }

  #unary(op: UnaryOp, x: Tensor): Tensor {
    return this.emit({ op }, [x]);
  }

  #binary(op: BinaryOp, a: Operand, b: Operand): Tensor {
    return this.emit({ op }, [this.#tensor(a), this.#tensor(b)]);
  }

  #reduce(op: ReduceOp, x: Tensor, axes: readonly number[], keep: boolean): Tensor {
    if (axes.length === 0) return x;
    const sorted = axes.map((axis) => fromEnd(axis, x)).toSorted((a, b) => a - b);
    return this.emit({ op, axes: sorted, keep }, [x]);
  }

  #tensor(operand: Operand): Tensor {
    return typeof operand === 'number' ? this.constant([], operand) : operand;
  }

  #claim(name: string): void {
    if (this.#outputs.some((output) => output.name === name)) {
      throw new GraphError('GRAPH_NAME', `an output and an input are named ${name}`);
    }
    this.#check(name);
    this.#names.add(name);
  }

  /** Names that begin with a slash are those of the values between, in files. */
  #check(name: string): void {
    if (this.#names.has(name)) throw new GraphError('GRAPH_NAME', `two values are named ${name}`);
    if (name === '' || name.startsWith('/')) throw new GraphError('GRAPH_NAME', `a name "${name}"`);
  }
}

function fromEnd(axis: number, { shape }: Tensor): number {
  return axis < 0 ? axis + shape.length : axis;
}

function filled(size: number, value: number): Float64Array {
  if (size < 0) throw new GraphError('GRAPH_SHAPE', 'constant: its size depends on the batch');
  return new Float64Array(size).fill(value);
}
