import type { Graph, GraphNode, Operation } from '../graph/graph.ts';
import { ATTRIBUTE, ATTRIBUTE_TYPE, BOOL, FLOAT, GRAPH, INNER_PREFIX, NODE } from './onnx-proto.ts';
import { ProtobufWriter } from './protobuf-writer.ts';
import { floatTensor, integerTensor } from './tensors.ts';

/** WebGPU binds about eight buffers to a stage, the one that is written among them. */
const CONCAT_MAX = 6;

type Attribute = number | string | readonly number[];

interface NodeText {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

/** Writes the nodes of a graph in ONNX's vocabulary, and the small tensors that they need. */
export class NodeWriter {
  readonly #graph: Graph;
  readonly #written: ProtobufWriter;
  readonly #names: string[];
  /** Whether a square is a power. */
  readonly #hasSquares: boolean;
  readonly #integers = new Map<string, string>();
  readonly #floats = new Map<number, string>();
  /** Values of `greater` that something reads as a number, not as a condition. */
  readonly #numeric: ReadonlySet<number>;

  constructor(
    graph: Graph,
    written: ProtobufWriter,
    { hasSquares }: { readonly hasSquares: boolean },
  ) {
    this.#hasSquares = hasSquares;
    this.#graph = graph;
    this.#written = written;
    this.#names = graph.nodes.map(({ id }) => `${INNER_PREFIX}${id}`);
    for (const { name, id } of [...graph.inputs, ...graph.parameters]) this.#names[id] = name;
    for (const { name, id } of graph.outputs) {
      if (this.#isOwnName(id) && isMade(graph.nodes[id])) this.#names[id] = name;
    }
    this.#numeric = readAsNumbers(graph);
  }

  write(node: GraphNode): void {
    const inputs = node.inputs.map((id) => this.#name(id));
    const output = this.#name(node.id);
    switch (node.op) {
      case 'input':
      case 'parameter':
        return;
      case 'constant':
        this.#written.message(GRAPH.initialiser, floatTensor(output, node.to, node.values));
        return;
      case 'greater':
        this.#greater(node, inputs);
        return;
      case 'select':
        this.#node({ type: 'Where', inputs: [this.#condition(node), ...inputs.slice(1)], output });
        return;
      case 'clip': {
        const limits = [this.#float(node.low), this.#float(node.high)];
        this.#node({ type: 'Clip', inputs: [...inputs, ...limits], output });
        return;
      }
      case 'reshape': {
        const to = this.#integer(node.to.map((size) => Math.max(size, -1)));
        this.#node({ type: 'Reshape', inputs: [...inputs, to], output });
        return;
      }
      case 'broadcast': {
        // A size of one leaves the axis as it is, and that is where the batch comes from.
        const to = this.#integer(node.to.map((size) => Math.max(size, 1)));
        this.#node({ type: 'Expand', inputs: [...inputs, to], output });
        return;
      }
      case 'slice': {
        const range = [[node.start], [node.end], [node.axis], [node.step]];
        const places = range.map((one) => this.#integer(one));
        this.#node({ type: 'Slice', inputs: [...inputs, ...places], output });
        return;
      }
      case 'reduceSum': {
        const attributes = { keepdims: node.keep ? 1 : 0 };
        const all = [...inputs, this.#integer(node.axes)];
        this.#node({ type: 'ReduceSum', inputs: all, output, attributes });
        return;
      }
      case 'concat':
        this.#concat(node, inputs);
        return;
      case 'mul':
        if (this.#hasSquares && inputs[0] === inputs[1]) {
          // The form in which onnxruntime knows a layer norm, and computes it in one.
          this.#node({ type: 'Pow', inputs: [inputs[0] ?? '', this.#float(2)], output });
        } else this.#node({ type: 'Mul', inputs, output });
        return;
      default:
        this.#node({ type: TYPES[node.op], inputs, output, attributes: attributesOf(node) });
    }
  }

  /** Outputs that are also something else, and so have another name. */
  writeOutputs(): void {
    for (const { name, id } of this.#graph.outputs) {
      const own = this.#name(id);
      if (own !== name) this.#node({ type: 'Identity', inputs: [own], output: name });
    }
  }

  #greater(node: GraphNode, inputs: readonly string[]): void {
    const flag = flagOf(node.id);
    this.#node({ type: 'Greater', inputs, output: flag });
    if (!this.#numeric.has(node.id)) return;
    const output = this.#name(node.id);
    this.#node({ type: 'Cast', inputs: [flag], output, attributes: { to: FLOAT } });
  }

  /** The name of what a `select` asks, as a truth value. */
  #condition(node: GraphNode): string {
    const id = node.inputs[0] ?? 0;
    if (this.#graph.nodes[id]?.op === 'greater') return flagOf(id);
    const flag = `${INNER_PREFIX}${node.id}.if`;
    this.#node({ type: 'Cast', inputs: [this.#name(id)], output: flag, attributes: { to: BOOL } });
    return flag;
  }

  #concat(node: GraphNode & { readonly axis: number }, inputs: readonly string[]): void {
    let parts = inputs;
    for (let level = 0; parts.length > CONCAT_MAX; level += 1) {
      const groups: string[] = [];
      for (let from = 0; from < parts.length; from += CONCAT_MAX) {
        const group = parts.slice(from, from + CONCAT_MAX);
        const output = `${INNER_PREFIX}${node.id}.${level}.${groups.length}`;
        groups.push(group.length === 1 ? (group[0] ?? output) : output);
        if (group.length > 1) this.#concatOf(group, output, node.axis);
      }
      parts = groups;
    }
    this.#concatOf(parts, this.#name(node.id), node.axis);
  }

  #concatOf(inputs: readonly string[], output: string, axis: number): void {
    this.#node({ type: 'Concat', inputs, output, attributes: { axis } });
  }

  #node({ type, inputs, output, attributes = {} }: NodeText): void {
    const written = new ProtobufWriter();
    for (const input of inputs) written.text(NODE.input, input);
    written.text(NODE.output, output).text(NODE.name, output).text(NODE.type, type);
    for (const [name, value] of Object.entries(attributes)) {
      written.message(NODE.attribute, attributeOf(name, value));
    }
    this.#written.message(GRAPH.node, written);
  }

  #integer(values: readonly number[]): string {
    const key = values.join(',');
    const known = this.#integers.get(key);
    if (known !== undefined) return known;
    const name = `${INNER_PREFIX}i${this.#integers.size}`;
    this.#integers.set(key, name);
    this.#written.message(GRAPH.initialiser, integerTensor(name, values));
    return name;
  }

  #float(value: number): string {
    const known = this.#floats.get(value);
    if (known !== undefined) return known;
    const name = `${INNER_PREFIX}f${this.#floats.size}`;
    this.#floats.set(value, name);
    this.#written.message(GRAPH.initialiser, floatTensor(name, [], Float64Array.of(value)));
    return name;
  }

  #name(id: number): string {
    return this.#names[id] ?? '';
  }

  #isOwnName(id: number): boolean {
    return this.#name(id).startsWith(INNER_PREFIX);
  }
}

type Plain = Exclude<
  Operation['op'],
  | 'input'
  | 'parameter'
  | 'constant'
  | 'greater'
  | 'select'
  | 'clip'
  | 'reshape'
  | 'broadcast'
  | 'slice'
  | 'reduceSum'
  | 'concat'
>;

const TYPES: Readonly<Record<Plain, string>> = {
  neg: 'Neg',
  abs: 'Abs',
  exp: 'Exp',
  log: 'Log',
  sqrt: 'Sqrt',
  tanh: 'Tanh',
  sigmoid: 'Sigmoid',
  relu: 'Relu',
  erf: 'Erf',
  detach: 'Identity',
  add: 'Add',
  sub: 'Sub',
  mul: 'Mul',
  div: 'Div',
  matMul: 'MatMul',
  transpose: 'Transpose',
  softmax: 'Softmax',
  reduceMean: 'ReduceMean',
  reduceMax: 'ReduceMax',
  lstm: 'LSTM',
};

function attributesOf(operation: Operation): Readonly<Record<string, Attribute>> {
  if (operation.op === 'transpose') return { perm: operation.order };
  if (operation.op === 'softmax') return { axis: operation.axis };
  if (operation.op === 'reduceMean' || operation.op === 'reduceMax') {
    return { axes: operation.axes, keepdims: operation.keep ? 1 : 0 };
  }
  if (operation.op !== 'lstm') return {};
  const direction = operation.directions === 2 ? 'bidirectional' : 'forward';
  return { hidden_size: operation.hidden, direction };
}

function attributeOf(name: string, value: Attribute): ProtobufWriter {
  const written = new ProtobufWriter().text(ATTRIBUTE.name, name);
  if (typeof value === 'number') {
    return written
      .integer(ATTRIBUTE.integer, value)
      .integer(ATTRIBUTE.type, ATTRIBUTE_TYPE.integer);
  }
  if (typeof value === 'string') {
    return written.text(ATTRIBUTE.text, value).integer(ATTRIBUTE.type, ATTRIBUTE_TYPE.text);
  }
  for (const one of value) written.integer(ATTRIBUTE.integers, one);
  return written.integer(ATTRIBUTE.type, ATTRIBUTE_TYPE.integers);
}

function flagOf(id: number): string {
  return `${INNER_PREFIX}${id}.is`;
}

function isMade(node: GraphNode | undefined): boolean {
  return node !== undefined && !['input', 'parameter', 'constant'].includes(node.op);
}

function readAsNumbers({ nodes, outputs }: Graph): ReadonlySet<number> {
  const read = new Set(outputs.map(({ id }) => id));
  for (const { op, inputs } of nodes) {
    inputs.forEach((id, place) => {
      if (op !== 'select' || place > 0) read.add(id);
    });
  }
  return read;
}
