import type { Model } from '../plain/model.ts';
import { ProtobufWriter } from '../../models/onnx/protobuf-writer.ts';

/** Names by which the runtime is fed and read. */
export const INPUT = 'features';
export const OUTPUT = 'scores';

// Field numbers and constants of onnx.proto3 (https://github.com/onnx/onnx/blob/main/onnx).
const IR_VERSION = 8;
const OPSET = 17;
const FLOAT = 1;
const ATTRIBUTE_INT = 2;

/**
 * The same network as ONNX, in 32-bit floats:
 *
 * scores = Sigmoid(Gemm(Tanh(Gemm((features - mean) / deviation, W1, b1)), w2, b2))
 *
 * `undefined` if a number of the model is not finite in 32 bits.
 */
export function writeModel(model: Model): Uint8Array | undefined {
  const { mean, deviation, weights1, bias1, weights2, bias2, hidden } = model;
  const width = model.features.length;
  const tensors = [
    { name: 'mean', dims: [width], values: mean },
    { name: 'deviation', dims: [width], values: deviation },
    { name: 'weights1', dims: [hidden, width], values: weights1 },
    { name: 'bias1', dims: [hidden], values: bias1 },
    { name: 'weights2', dims: [1, hidden], values: weights2 },
    { name: 'bias2', dims: [1], values: Float64Array.of(bias2) },
  ];
  const isFinite32 = (value: number) => Number.isFinite(Math.fround(value));
  if (!tensors.every(({ values }) => values.every(isFinite32))) return undefined;
  // A deviation that becomes zero in 32 bits would divide by it.
  if (!deviation.every((value) => Math.fround(value) > 0)) return undefined;
  const graph = new ProtobufWriter()
    .message(1, node('Sub', [INPUT, 'mean'], 'centred'))
    .message(1, node('Div', ['centred', 'deviation'], 'scaled'))
    .message(1, gemm(['scaled', 'weights1', 'bias1'], 'inner'))
    .message(1, node('Tanh', ['inner'], 'bent'))
    .message(1, gemm(['bent', 'weights2', 'bias2'], 'sum'))
    .message(1, node('Sigmoid', ['sum'], OUTPUT))
    .text(2, model.name);
  for (const one of tensors) graph.message(5, tensor(one));
  graph.message(11, valueInfo(INPUT, width)).message(12, valueInfo(OUTPUT, 1));
  return new ProtobufWriter()
    .integer(1, IR_VERSION)
    .text(2, 'strata')
    .message(7, graph)
    .message(8, new ProtobufWriter().text(1, '').integer(2, OPSET))
    .message(14, new ProtobufWriter().text(1, 'version').text(2, model.version))
    .view();
}

/** NodeProto: input 1, output 2, name 3, op_type 4, attribute 5. */
function node(type: string, inputs: readonly string[], output: string): ProtobufWriter {
  const written = new ProtobufWriter();
  for (const input of inputs) written.text(1, input);
  return written.text(2, output).text(3, output).text(4, type);
}

/** The second matrix is kept a row per unit, so it is used transposed. */
function gemm(inputs: readonly string[], output: string): ProtobufWriter {
  const attribute = new ProtobufWriter().text(1, 'transB').integer(3, 1).integer(20, ATTRIBUTE_INT);
  return node('Gemm', inputs, output).message(5, attribute);
}

/** TensorProto: dims 1, data_type 2, name 8, raw_data 9, which is little-endian. */
function tensor({
  name,
  dims,
  values,
}: {
  readonly name: string;
  readonly dims: readonly number[];
  readonly values: Float64Array;
}): ProtobufWriter {
  const raw = new DataView(new ArrayBuffer(values.length * 4));
  values.forEach((value, place) => raw.setFloat32(place * 4, value, true));
  const written = new ProtobufWriter();
  for (const dim of dims) written.integer(1, dim);
  return written.integer(2, FLOAT).text(8, name).bytes(9, new Uint8Array(raw.buffer));
}

/** ValueInfoProto of a matrix with as many rows as a batch has. */
function valueInfo(name: string, width: number): ProtobufWriter {
  const shape = new ProtobufWriter()
    .message(1, new ProtobufWriter().text(2, 'rows'))
    .message(1, new ProtobufWriter().integer(1, width));
  const type = new ProtobufWriter().integer(1, FLOAT).message(2, shape);
  return new ProtobufWriter().text(1, name).message(2, new ProtobufWriter().message(1, type));
}
