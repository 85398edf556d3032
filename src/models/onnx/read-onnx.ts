import { GraphBuilder } from '../graph/builder.ts';
import { GraphError } from '../graph/graph-error.ts';
import type { Graph } from '../graph/graph.ts';
import { NodeReader } from './node-reader.ts';
import { OnnxError } from './onnx-error.ts';
import { INNER_PREFIX, OPSET, OPSET_MIN } from './onnx-proto.ts';
import { parseModel, type ParsedModel } from './parse-model.ts';

export interface ReadOnnx {
  readonly graph: Graph;
  /** All parameters of the graph, one after another. */
  readonly parameters: Float32Array;
  readonly meta: ReadonlyMap<string, string>;
}

const ONNX_BYTES_MAX = 1 << 28;

/**
 * Reads an ONNX file of the operators that a graph has, as `writeOnnx` writes it. Nothing that a
 * file says is trusted: what is not known, does not fit or is too large is an `OnnxError`.
 */
export function readOnnx(bytes: Uint8Array): ReadOnnx {
  if (bytes.length > ONNX_BYTES_MAX) {
    throw new OnnxError('ONNX_LIMIT', `a file of ${bytes.length} bytes`);
  }
  const model = parseModel(bytes);
  if (model.opset > OPSET || model.opset < OPSET_MIN) {
    const known = `${OPSET_MIN} to ${OPSET}`;
    throw new OnnxError('ONNX_UNSUPPORTED', `operators of version ${model.opset}, not ${known}`);
  }
  try {
    return build(model);
  } catch (error) {
    if (!(error instanceof GraphError)) throw error;
    throw new OnnxError('ONNX_DAMAGED', error.message, { cause: error });
  }
}

function build({ graph, meta }: ParsedModel): ReadOnnx {
  const builder = new GraphBuilder(graph.name);
  const reader = new NodeReader(builder);
  const parameters: Float32Array[] = [];
  for (const tensor of graph.tensors) {
    if (tensor.kind === 'integers') reader.giveIntegers(tensor.name, tensor.values);
    else if (tensor.name.startsWith(INNER_PREFIX)) {
      reader.give(tensor.name, builder.constant(tensor.shape, tensor.values));
    } else {
      const values = Float64Array.from(tensor.values);
      const init = { kind: 'values', values } as const;
      reader.give(tensor.name, builder.parameter(tensor.name, tensor.shape, init));
      parameters.push(tensor.values);
    }
  }
  for (const { name, shape } of graph.inputs) reader.give(name, builder.input(name, shape));
  for (const node of graph.nodes) reader.read(node);
  for (const { name } of graph.outputs) builder.output(name, reader.tensor(name));
  return { graph: builder.build(), parameters: joined(parameters), meta };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
