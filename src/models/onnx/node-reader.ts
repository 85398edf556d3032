import type { GraphBuilder } from '../graph/builder.ts';
import type { Shape, Tensor, UnaryOp } from '../graph/graph.ts';
import { broadcastShape, sizeOf } from '../graph/shapes.ts';
import { OnnxError } from './onnx-error.ts';
import { BOOL, FLOAT } from './onnx-proto.ts';
import type { ParsedAttribute, ParsedNode } from './parse-model.ts';

/** Takes nodes of a file into a graph by the rule of the operator; what has none is refused. */
export class NodeReader {
  readonly #builder: GraphBuilder;
  readonly #tensors = new Map<string, Tensor>();
  /** Truth values: 1 and 0 in a graph. */
  readonly #flags = new Map<string, Tensor>();
  readonly #integers = new Map<string, readonly number[]>();

  constructor(builder: GraphBuilder) {
    this.#builder = builder;
  }

  give(name: string, value: Tensor): void {
    this.#claim(name);
    this.#tensors.set(name, value);
  }

  giveIntegers(name: string, values: readonly number[]): void {
    this.#claim(name);
    this.#integers.set(name, values);
  }

  tensor(name: string): Tensor {
    const found = this.#tensors.get(name);
    if (found === undefined) throw new OnnxError('ONNX_DAMAGED', `no tensor is named ${name}`);
    return found;
  }

  read(node: ParsedNode): void {
    const rule = Object.hasOwn(RULES, node.type) ? RULES[node.type] : undefined;
    if (rule === undefined) throw new OnnxError('ONNX_UNSUPPORTED', `operator ${node.type}`);
    for (const name of node.attributes.keys()) {
      if (rule.attributes?.includes(name) === true) continue;
      throw new OnnxError('ONNX_UNSUPPORTED', `attribute ${name} of ${node.type}`);
    }
    const [output] = node.outputs;
    if (output === undefined || node.outputs.length > 1) {
      throw new OnnxError('ONNX_UNSUPPORTED', `${node.type} with ${node.outputs.length} outputs`);
    }
    const made = rule.make(new ReadNode(this, node), this.#builder);
    if ('flag' in made) {
      this.#claim(output);
      this.#flags.set(output, made.flag);
    } else this.give(output, made);
  }

  flag(name: string): Tensor | undefined {
    return this.#flags.get(name);
  }

  integers(name: string): readonly number[] {
    const found = this.#integers.get(name);
    if (found === undefined) throw new OnnxError('ONNX_UNSUPPORTED', `${name} is not constant`);
    return found;
  }

  /** The number of a constant, for operators whose limits a graph has as attributes. */
  number(name: string): number {
    const node = this.#builder.nodeAt(this.tensor(name).id);
    const value = node.op === 'constant' && node.values.length === 1 ? node.values[0] : undefined;
    if (value === undefined) throw new OnnxError('ONNX_UNSUPPORTED', `${name} is not one number`);
    return value;
  }

  #claim(name: string): void {
    const isKnown = this.#tensors.has(name) || this.#flags.has(name) || this.#integers.has(name);
    if (isKnown) throw new OnnxError('ONNX_DAMAGED', `two values are named ${name}`);
  }
}

/** A node as its rule sees it. */
class ReadNode {
  readonly #reader: NodeReader;
  readonly #node: ParsedNode;

  constructor(reader: NodeReader, node: ParsedNode) {
    this.#reader = reader;
    this.#node = node;
  }

  get count(): number {
    return this.#node.inputs.length;
  }

  tensor(place: number): Tensor {
    return this.#reader.tensor(this.#name(place));
  }

  tensors(): Tensor[] {
    return this.#node.inputs.map((name) => this.#reader.tensor(name));
  }

  flag(place: number): Tensor {
    const found = this.#reader.flag(this.#name(place));
    if (found === undefined) throw this.refused('no truth value');
    return found;
  }

  hasFlag(place: number): boolean {
    return this.#reader.flag(this.#name(place)) !== undefined;
  }

  integers(place: number): readonly number[] {
    return this.#reader.integers(this.#name(place));
  }

  number(place: number, missing: number): number {
    const name = this.#node.inputs[place] ?? '';
    return name === '' ? missing : this.#reader.number(name);
  }

  integer(name: string, missing?: number): number {
    const value = this.#node.attributes.get(name) ?? missing;
    if (typeof value !== 'number') throw this.refused(`no whole number ${name}`);
    return value;
  }

  list(name: string): readonly number[] {
    const value: ParsedAttribute = this.#node.attributes.get(name) ?? [];
    if (typeof value !== 'object' || value.length === 0) throw this.refused(`no list ${name}`);
    return value;
  }

  text(name: string, missing: string): string {
    const value = this.#node.attributes.get(name) ?? missing;
    if (typeof value !== 'string') throw this.refused(`no text ${name}`);
    return value;
  }

  expectCount(count: number): this {
    if (this.count !== count) throw this.refused(`${this.count} inputs, not ${count}`);
    return this;
  }

  refused(why: string): OnnxError {
    return new OnnxError('ONNX_UNSUPPORTED', `${this.#node.type}: ${why}`);
  }

  #name(place: number): string {
    const name = this.#node.inputs[place];
    if (name === undefined || name === '') throw this.refused(`no input ${place}`);
    return name;
  }
}

type Made = Tensor | { readonly flag: Tensor };

interface Rule {
  readonly attributes?: readonly string[];
  readonly make: (node: ReadNode, builder: GraphBuilder) => Made;
}

type Binary = 'add' | 'sub' | 'mul' | 'div' | 'matMul';

const unary = (op: UnaryOp): Rule => ({
  make: (node, builder) => builder[op](node.expectCount(1).tensor(0)),
});

const binary = (op: Binary): Rule => ({
  make: (node, builder) => builder[op](node.expectCount(2).tensor(0), node.tensor(1)),
});

const reduce = (op: 'reduceMean' | 'reduceMax'): Rule => ({
  attributes: ['axes', 'keepdims'],
  make: (node, builder) =>
    builder[op](
      node.expectCount(1).tensor(0),
      node.list('axes'),
      node.integer('keepdims', 1) !== 0,
    ),
});

const RULES: Readonly<Record<string, Rule>> = {
  Neg: unary('neg'),
  Abs: unary('abs'),
  Exp: unary('exp'),
  Log: unary('log'),
  Sqrt: unary('sqrt'),
  Tanh: unary('tanh'),
  Sigmoid: unary('sigmoid'),
  Relu: unary('relu'),
  Erf: unary('erf'),
  Identity: unary('detach'),
  Add: binary('add'),
  Sub: binary('sub'),
  Mul: binary('mul'),
  Div: binary('div'),
  MatMul: binary('matMul'),
  ReduceMean: reduce('reduceMean'),
  ReduceMax: reduce('reduceMax'),
  Pow: {
    make: (node, builder) => {
      const x = node.expectCount(2).tensor(0);
      if (node.number(1, 2) !== 2) throw node.refused('only squares are known');
      return builder.mul(x, x);
    },
  },
  Greater: {
    make: (node, builder) => ({
      flag: builder.greater(node.expectCount(2).tensor(0), node.tensor(1)),
    }),
  },
  Cast: { attributes: ['to'], make: (node) => cast(node.expectCount(1)) },
  Where: {
    make: (node, builder) =>
      builder.select(node.expectCount(3).flag(0), node.tensor(1), node.tensor(2)),
  },
  Clip: {
    make: (node, builder) =>
      builder.clip(node.tensor(0), node.number(1, -Infinity), node.number(2, Infinity)),
  },
  Transpose: {
    attributes: ['perm'],
    make: (node, builder) => builder.transpose(node.expectCount(1).tensor(0), node.list('perm')),
  },
  Reshape: { make: (node, builder) => reshape(node.expectCount(2), builder) },
  Expand: {
    make: (node, builder) => {
      const x = node.expectCount(2).tensor(0);
      return builder.broadcast(x, broadcastShape('broadcast', x.shape, node.integers(1)));
    },
  },
  Slice: { make: slice },
  Concat: {
    attributes: ['axis'],
    make: (node, builder) => builder.concat(node.tensors(), node.integer('axis')),
  },
  ReduceSum: {
    attributes: ['keepdims'],
    make: (node, builder) =>
      builder.reduceSum(
        node.expectCount(2).tensor(0),
        node.integers(1),
        node.integer('keepdims', 1) !== 0,
      ),
  },
  Softmax: {
    attributes: ['axis'],
    make: (node, builder) =>
      builder.softmax(node.expectCount(1).tensor(0), node.integer('axis', -1)),
  },
  LSTM: { attributes: ['hidden_size', 'direction'], make: lstm },
};

function cast(node: ReadNode): Made {
  const to = node.integer('to');
  if (to === FLOAT) return node.hasFlag(0) ? node.flag(0) : node.tensor(0);
  if (to !== BOOL) throw node.refused(`to the type ${to}`);
  // A select asks whether it is nought, as a truth value is made of it.
  return { flag: node.hasFlag(0) ? node.flag(0) : node.tensor(0) };
}

/** A size of -1 is what is left for it, and may be the batch; one of 0 stays as it is. */
function reshape(node: ReadNode, builder: GraphBuilder): Tensor {
  const x = node.tensor(0);
  const to: Shape = node
    .integers(1)
    .map((size, axis) => (size === 0 ? (x.shape[axis] ?? 0) : size));
  const open = node.integers(1).indexOf(-1);
  if (open < 0) return builder.reshape(x, to);
  const rest = to.reduce((product, size, axis) => (axis === open ? product : product * size), 1);
  if (node.integers(1).lastIndexOf(-1) !== open || rest === 0) throw node.refused('two open sizes');
  return builder.reshape(x, to.with(open, sizeOf(x.shape) / rest));
}

function slice(node: ReadNode, builder: GraphBuilder): Tensor {
  const [starts, ends, axes, steps] = [1, 2, 3, 4].map((place) =>
    node.expectCount(5).integers(place),
  );
  let x = node.tensor(0);
  (axes ?? []).forEach((given, at) => {
    const axis = given < 0 ? given + x.shape.length : given;
    const size = x.shape[axis] ?? 0;
    const within = (place: number) => Math.min(place < 0 ? place + size : place, size);
    const start = Math.max(within(starts?.[at] ?? -1), 0);
    x = builder.slice(x, { axis, start, end: within(ends?.[at] ?? -1), step: steps?.[at] ?? 0 });
  });
  return x;
}

function lstm(node: ReadNode, builder: GraphBuilder): Tensor {
  const direction = node.text('direction', 'forward');
  if (direction !== 'forward' && direction !== 'bidirectional') throw node.refused(direction);
  const directions = direction === 'forward' ? 1 : 2;
  const hidden = node.integer('hidden_size');
  return builder.emit({ op: 'lstm', hidden, directions }, node.expectCount(4).tensors());
}
