import { present } from '../../core/assert.ts';
import type { InferenceBackend, LoadedModel } from '../../ports/inference-backend.ts';
import { writeOnnx } from '../../models/onnx/write-onnx.ts';
import { expectAgreement } from '../agreement.ts';
import { InferenceError } from '../inference-error.ts';
import { networkModel, type NetworkRuntime } from '../network-model.ts';
import { type OpenedModel, openSource } from '../open-model.ts';
import { networkOf } from '../plain/mlp-network.ts';
import { plainModel } from '../plain/plain-model.ts';
import { FEATURES, type ServedNetwork } from '../served-network.ts';
import { openProvider, type OpenedProvider, type ProviderOptions } from './open-provider.ts';
import { loadOnnxRuntime, type OnnxRuntime, runtimeName } from './runtime.ts';

export interface OnnxOptions extends ProviderOptions {
  readonly module?: string;
}

/**
 * onnxruntime in the calling thread, which a run blocks: it belongs in a worker. Trees are computed
 * in plain JavaScript, which for a row or a batch is faster than to ask another library.
 *
 * Its CUDA provider and WebGPU on a graphics card were never run by us, for want of a machine with
 * one; WebGPU was on Mesa's software adapter. A provider that computes other scores than plain
 * JavaScript is refused when it loads a model.
 */
export function createOnnxBackend(options: OnnxOptions = {}): InferenceBackend {
  return {
    name: 'onnx',
    async load(source) {
      const model = openSource(source);
      if (model.kind === 'trees') return plainModel(model);
      return openNetwork(model, options);
    },
  };
}

async function openNetwork(
  model: Exclude<OpenedModel, { kind: 'trees' }>,
  options: OnnxOptions,
): Promise<LoadedModel> {
  const { version } = model.identity;
  const network = model.kind === 'network' ? model.network : networkOf(model.model);
  if (network === undefined) {
    throw new InferenceError('ONNX_FAILED', `${version} does not fit into 32-bit floats`);
  }
  const onnx = loadOnnxRuntime(options.module);
  // What was read is written again, so that nothing which our reader skipped reaches native code.
  const bytes = writeOnnx(network.graph, {
    parameters: network.parameters,
    meta: { version },
  });
  const opened = await openProvider(onnx, bytes, options);
  const loaded = networkModel(model.identity, new OnnxNetwork(onnx, opened, network));
  await expectAgreement(plainModel(model), loaded, network, 'ONNX_FAILED');
  return loaded;
}

class OnnxNetwork implements NetworkRuntime {
  readonly runtime: string;
  readonly fellBack?: string;
  readonly #onnx: OnnxRuntime;
  readonly #opened: OpenedProvider;
  readonly #outputs: readonly string[];
  readonly #width: number;

  constructor(onnx: OnnxRuntime, opened: OpenedProvider, { graph, outputs }: ServedNetwork) {
    this.runtime = runtimeName(onnx, opened.provider);
    if (opened.fellBack !== undefined) this.fellBack = opened.fellBack;
    this.#onnx = onnx;
    this.#opened = opened;
    this.#outputs = outputs;
    this.#width = present(graph.inputs[0]?.shape[1], 'a served network takes rows');
  }

  async run(features: Float32Array, rows: number): Promise<readonly Float32Array[]> {
    const { session, provider } = this.#opened;
    const padded = provider === 'webgpu' ? paddedRows(rows) : rows;
    const fed = padded === rows ? features : padTo(features, padded * this.#width);
    const tensor = new this.#onnx.Tensor('float32', fed, [padded, this.#width]);
    const answers = await session.run({ [FEATURES]: tensor });
    return this.#outputs.map((output) => {
      const { data } = answers[output] ?? {};
      if (data instanceof Float32Array && data.length === padded) return data;
      throw new InferenceError('ONNX_FAILED', `the runtime gave no ${padded} scores`);
    });
  }

  release(): Promise<void> {
    return this.#opened.session.release();
  }
}

/** WebGPU compiles its shaders anew for every size of batch: there are few of them this way. */
function paddedRows(rows: number): number {
  let padded = 1;
  while (padded < rows) padded *= 4;
  return padded;
}

function padTo(features: Float32Array, length: number): Float32Array {
  const padded = new Float32Array(length);
  padded.set(features);
  return padded;
}
