import { present } from '../../core/assert.ts';
import type { Graph, Shape } from '../graph/graph.ts';
import { parameterCount } from '../graph/parameters.ts';
import { sizeOf } from '../graph/shapes.ts';
import { OnnxError } from './onnx-error.ts';
import {
  BATCH_NAME,
  DIM,
  ENTRY,
  FLOAT,
  GRAPH,
  IR_VERSION,
  MODEL,
  OPSET,
  OPSET_ID,
  PRODUCER,
  SHAPE,
  TENSOR_TYPE,
  TYPE,
  VALUE,
} from './onnx-proto.ts';
import { NodeWriter } from './node-writer.ts';
import { ProtobufWriter } from './protobuf-writer.ts';
import { floatTensor } from './tensors.ts';

export interface OnnxOptions {
  /** All parameters, one after another, as a part of the file. Without, they are inputs. */
  readonly parameters?: Float64Array | Float32Array;
  readonly meta?: Readonly<Record<string, string>>;
}

/** A graph as an ONNX file in 32-bit floats. The same graph gives the same bytes. */
export function writeOnnx(graph: Graph, { parameters, meta = {} }: OnnxOptions = {}): Uint8Array {
  const written = new ProtobufWriter();
  const nodes = new NodeWriter(graph, written, { hasSquares: parameters !== undefined });
  for (const node of graph.nodes) nodes.write(node);
  nodes.writeOutputs();
  written.text(GRAPH.name, graph.name);
  if (parameters !== undefined) writeParameters(graph, parameters, written);
  for (const { name, shape } of graph.inputs) written.message(GRAPH.input, valueInfo(name, shape));
  if (parameters === undefined) {
    for (const { name, shape } of graph.parameters) {
      written.message(GRAPH.input, valueInfo(name, shape));
    }
  }
  for (const { name, id } of graph.outputs) {
    const { shape } = present(graph.nodes[id], 'the node of an output');
    written.message(GRAPH.output, valueInfo(name, shape));
  }
  const model = new ProtobufWriter()
    .integer(MODEL.irVersion, IR_VERSION)
    .text(MODEL.producer, PRODUCER)
    .message(MODEL.graph, written)
    .message(
      MODEL.opset,
      new ProtobufWriter().text(OPSET_ID.domain, '').integer(OPSET_ID.version, OPSET),
    );
  for (const [key, value] of Object.entries(meta)) {
    model.message(
      MODEL.metadata,
      new ProtobufWriter().text(ENTRY.key, key).text(ENTRY.value, value),
    );
  }
  return model.view();
}

function writeParameters(
  graph: Graph,
  flat: Float64Array | Float32Array,
  written: ProtobufWriter,
): void {
  const count = parameterCount(graph);
  if (flat.length !== count) {
    throw new OnnxError('ONNX_VALUE', `${flat.length} parameters, where the graph has ${count}`);
  }
  let at = 0;
  for (const { name, shape } of graph.parameters) {
    const end = at + sizeOf(shape);
    const values = flat.subarray(at, end);
    if (!values.every((value) => Number.isFinite(Math.fround(value)))) {
      throw new OnnxError('ONNX_VALUE', `parameter ${name} is not finite in 32 bits`);
    }
    written.message(GRAPH.initialiser, floatTensor(name, shape, values));
    at = end;
  }
}

function valueInfo(name: string, shape: Shape): ProtobufWriter {
  const dims = new ProtobufWriter();
  for (const size of shape) {
    const dim = new ProtobufWriter();
    if (size > 0) dim.integer(DIM.value, size);
    else dim.text(DIM.parameter, size === -1 ? BATCH_NAME : `${BATCH_NAME}*${-size}`);
    dims.message(SHAPE.dim, dim);
  }
  const tensor = new ProtobufWriter()
    .integer(TENSOR_TYPE.element, FLOAT)
    .message(TENSOR_TYPE.shape, dims);
  const type = new ProtobufWriter().message(TYPE.tensor, tensor);
  return new ProtobufWriter().text(VALUE.name, name).message(VALUE.type, type);
}
