import type { Shape } from '../graph/graph.ts';
import { OnnxError } from './onnx-error.ts';
import {
  ATTRIBUTE,
  DIM,
  ENTRY,
  FLOAT,
  GRAPH,
  MODEL,
  NODE,
  OPSET_ID,
  SHAPE,
  TENSOR_TYPE,
  TYPE,
  VALUE,
} from './onnx-proto.ts';
import { parseTensor, type ParsedTensor } from './parse-tensor.ts';
import { ProtobufReader } from './protobuf-reader.ts';

/** A file as it is written, before anything of it is taken for a graph. */
export interface ParsedModel {
  readonly opset: number;
  readonly meta: ReadonlyMap<string, string>;
  readonly graph: ParsedGraph;
}

export interface ParsedGraph {
  readonly name: string;
  readonly nodes: readonly ParsedNode[];
  readonly tensors: readonly ParsedTensor[];
  readonly inputs: readonly ParsedValue[];
  readonly outputs: readonly ParsedValue[];
}

export interface ParsedNode {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, ParsedAttribute>;
}

export type ParsedAttribute = number | string | readonly number[];

export interface ParsedValue {
  readonly name: string;
  readonly shape: Shape;
}

const NODES_MAX = 200_000;
const ENTRIES_MAX = 64;
const INPUTS_MAX = 4_096;
const LIST_MAX = 64;
const ATTRIBUTES_MAX = 16;
const AXES_MAX = 16;

export function parseModel(bytes: Uint8Array): ParsedModel {
  const reader = new ProtobufReader(bytes);
  const meta = new Map<string, string>();
  let opset: number | undefined;
  let graph: ParsedGraph | undefined;
  while (reader.next()) {
    if (reader.field === MODEL.graph) graph = parseGraph(reader.message());
    else if (reader.field === MODEL.opset) opset = parseOpset(reader.message());
    else if (reader.field === MODEL.metadata) {
      const [key, value] = parseEntry(reader.message());
      meta.set(key, value);
      limit(meta.size, ENTRIES_MAX, 'entries of metadata');
    } else if (UNKNOWN_PARTS.has(reader.field)) {
      throw new OnnxError('ONNX_UNSUPPORTED', 'functions or training information of its own');
    } else reader.skip();
  }
  if (graph === undefined) throw new OnnxError('ONNX_DAMAGED', 'there is no graph');
  if (opset === undefined) throw new OnnxError('ONNX_DAMAGED', 'there is no version of operators');
  return { opset, meta, graph };
}

// ModelProto's training_info and functions.
const UNKNOWN_PARTS: ReadonlySet<number> = new Set([20, 25]);
// GraphProto's sparse_initializer.
const SPARSE = 15;

function parseGraph(reader: ProtobufReader): ParsedGraph {
  const nodes: ParsedNode[] = [];
  const tensors: ParsedTensor[] = [];
  const inputs: ParsedValue[] = [];
  const outputs: ParsedValue[] = [];
  let name = '';
  while (reader.next()) {
    if (reader.field === GRAPH.node) nodes.push(parseNode(reader.message()));
    else if (reader.field === GRAPH.name) name = reader.text();
    else if (reader.field === GRAPH.initialiser) tensors.push(parseTensor(reader.message()));
    else if (reader.field === GRAPH.input) inputs.push(parseValue(reader.message()));
    else if (reader.field === GRAPH.output) outputs.push(parseValue(reader.message()));
    else if (reader.field === SPARSE) throw new OnnxError('ONNX_UNSUPPORTED', 'sparse tensors');
    else reader.skip();
    limit(nodes.length + tensors.length, NODES_MAX, 'nodes');
    limit(inputs.length + outputs.length, INPUTS_MAX, 'inputs and outputs');
  }
  return { name, nodes, tensors, inputs, outputs };
}

function parseNode(reader: ProtobufReader): ParsedNode {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, ParsedAttribute>();
  let type = '';
  while (reader.next()) {
    if (reader.field === NODE.input) inputs.push(reader.text());
    else if (reader.field === NODE.output) outputs.push(reader.text());
    else if (reader.field === NODE.type) type = reader.text();
    else if (reader.field === NODE.domain) expectOwnDomain(reader.text());
    else if (reader.field === NODE.attribute) {
      const [name, value] = parseAttribute(reader.message());
      attributes.set(name, value);
    } else reader.skip();
    limit(inputs.length + outputs.length, LIST_MAX, 'values of a node');
    limit(attributes.size, ATTRIBUTES_MAX, 'attributes of a node');
  }
  return { type, inputs, outputs, attributes };
}

function parseAttribute(reader: ProtobufReader): readonly [string, ParsedAttribute] {
  const integers: number[] = [];
  let single: number | string | undefined;
  let name = '';
  while (reader.next()) {
    if (reader.field === ATTRIBUTE.name) name = reader.text();
    else if (reader.field === ATTRIBUTE.integer) single = reader.integer();
    else if (reader.field === ATTRIBUTE.text) single = reader.text();
    else if (reader.field === ATTRIBUTE.integers) reader.integers(integers, AXES_MAX);
    else if (reader.field === ATTRIBUTE.type) reader.integer();
    else
      throw new OnnxError('ONNX_UNSUPPORTED', `attribute ${name} is of a kind that is not known`);
  }
  return [name, single ?? integers];
}

function parseOpset(reader: ProtobufReader): number | undefined {
  let version: number | undefined;
  while (reader.next()) {
    if (reader.field === OPSET_ID.domain) expectOwnDomain(reader.text());
    else if (reader.field === OPSET_ID.version) version = reader.integer();
    else reader.skip();
  }
  return version;
}

/** Operators of other vendors mean what only they know. */
function expectOwnDomain(domain: string): void {
  if (domain === '' || domain === 'ai.onnx') return;
  throw new OnnxError('ONNX_UNSUPPORTED', `operators of ${domain}`);
}

function parseEntry(reader: ProtobufReader): readonly [string, string] {
  let key = '';
  let value = '';
  while (reader.next()) {
    if (reader.field === ENTRY.key) key = reader.text();
    else if (reader.field === ENTRY.value) value = reader.text();
    else reader.skip();
  }
  return [key, value];
}

function parseValue(reader: ProtobufReader): ParsedValue {
  let name = '';
  let shape: Shape | undefined;
  while (reader.next()) {
    if (reader.field === VALUE.name) name = reader.text();
    else if (reader.field === VALUE.type) shape = parseType(reader.message());
    else reader.skip();
  }
  if (shape === undefined) throw new OnnxError('ONNX_UNSUPPORTED', `${name} has no shape`);
  return { name, shape };
}

function parseType(reader: ProtobufReader): Shape | undefined {
  let shape: Shape | undefined;
  while (reader.next()) {
    if (reader.field === TYPE.tensor) shape = parseTensorType(reader.message());
    else throw new OnnxError('ONNX_UNSUPPORTED', 'a value that is no tensor');
  }
  return shape;
}

function parseTensorType(reader: ProtobufReader): Shape | undefined {
  let shape: Shape | undefined;
  while (reader.next()) {
    if (reader.field === TENSOR_TYPE.shape) shape = parseShape(reader.message());
    else if (reader.field !== TENSOR_TYPE.element) reader.skip();
    else if (reader.integer() !== FLOAT) {
      throw new OnnxError('ONNX_UNSUPPORTED', 'inputs and outputs are 32-bit floats');
    }
  }
  return shape;
}

function parseShape(reader: ProtobufReader): Shape {
  const shape: number[] = [];
  while (reader.next()) {
    if (reader.field === SHAPE.dim) shape.push(parseDim(reader.message()));
    else reader.skip();
    limit(shape.length, AXES_MAX, 'axes');
  }
  return shape;
}

function parseDim(reader: ProtobufReader): number {
  let size = 0;
  let isBatch = false;
  while (reader.next()) {
    if (reader.field === DIM.value) size = reader.integer();
    else if (reader.field === DIM.parameter) {
      size = batchSize(reader.text());
      isBatch = true;
    } else reader.skip();
  }
  if (size < 1 && !isBatch) throw new OnnxError('ONNX_UNSUPPORTED', `an axis of size ${size}`);
  return size;
}

/** `batch`, or `batch*7` for seven times its rows. */
function batchSize(text: string): number {
  const match = /^batch(?:\*([1-9]\d{0,6}))?$/.exec(text);
  if (match === null) throw new OnnxError('ONNX_UNSUPPORTED', `an axis of size ${text}`);
  return -Number(match[1] ?? 1);
}

function limit(count: number, max: number, what: string): void {
  if (count > max) throw new OnnxError('ONNX_LIMIT', `more than ${max} ${what}`);
}
