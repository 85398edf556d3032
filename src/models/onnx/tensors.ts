import type { Shape } from '../graph/graph.ts';
import { FLOAT, INT64, TENSOR } from './onnx-proto.ts';
import { ProtobufWriter } from './protobuf-writer.ts';

/** A TensorProto of 32-bit floats; raw data is little-endian. */
export function floatTensor(
  name: string,
  shape: Shape,
  values: Float64Array | Float32Array,
): ProtobufWriter {
  const raw = new DataView(new ArrayBuffer(values.length * 4));
  values.forEach((value, place) => raw.setFloat32(place * 4, value, true));
  const written = new ProtobufWriter();
  for (const size of shape) written.integer(TENSOR.dims, size);
  return written
    .integer(TENSOR.type, FLOAT)
    .text(TENSOR.name, name)
    .bytes(TENSOR.raw, new Uint8Array(raw.buffer));
}

/** A list of 64-bit integers: sizes, places and axes. */
export function integerTensor(name: string, values: readonly number[]): ProtobufWriter {
  const raw = new DataView(new ArrayBuffer(values.length * 8));
  values.forEach((value, place) => raw.setBigInt64(place * 8, BigInt(value), true));
  return new ProtobufWriter()
    .integer(TENSOR.dims, values.length)
    .integer(TENSOR.type, INT64)
    .text(TENSOR.name, name)
    .bytes(TENSOR.raw, new Uint8Array(raw.buffer));
}
