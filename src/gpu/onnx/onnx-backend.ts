import { present } from '../../core/assert.ts';
import type { InferenceBackend, LoadedModel } from '../../ports/inference-backend.ts';
import type { Graph } from '../../models/graph/graph.ts';
import { sizeOf } from '../../models/graph/shapes.ts';
import { writeOnnx } from '../../models/onnx/write-onnx.ts';
import { expectAgreement, probeFeatures } from '../agreement.ts';
import { InferenceError } from '../inference-error.ts';
import { inRuns, networkModel, type NetworkRuntime } from '../network-model.ts';
import { type OpenedModel, openSource } from '../open-model.ts';
import { plainModel } from '../plain/plain-model.ts';
import { FEATURES, rowsWithin, type ServedNetwork } from '../served-network.ts';
import { openProvider, type OpenedProvider, type ProviderOptions } from './open-provider.ts';
import { loadOnnxRuntime, type OnnxRuntime, runtimeName } from './runtime.ts';
import { sumsByProduct } from './sums-by-product.ts';

export interface OnnxOptions extends ProviderOptions {
  readonly module?: string;
}

const PAIRING_ROWS = 8;

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
  model: Extract<OpenedModel, { kind: 'network' }>,
  options: OnnxOptions,
): Promise<LoadedModel> {
  const { network, identity } = model;
  const onnx = loadOnnxRuntime(options.module);
  // What was read is written again, so that nothing which our reader skipped reaches native code.
  const bytes = writeOnnx(sumsByProduct(network.graph), {
    parameters: network.parameters,
    meta: { version: identity.version },
  });
  const opened = await openProvider(onnx, bytes, options);
  const runtime = new OnnxNetwork(onnx, opened, network);
  const loaded = networkModel(identity, runtime);
  await expectAgreement(plainModel(model), loaded, network, 'ONNX_FAILED');
  await runtime.pairSingles(network);
  return loaded;
}

class OnnxNetwork implements NetworkRuntime {
  readonly runtime: string;
  readonly fellBack?: string;
  readonly #onnx: OnnxRuntime;
  readonly #opened: OpenedProvider;
  readonly #outputs: readonly string[];
  readonly #width: number;
  readonly #rowsMax: number;
  #rowsMin = 1;

  constructor(onnx: OnnxRuntime, opened: OpenedProvider, { graph, outputs }: ServedNetwork) {
    this.runtime = runtimeName(onnx, opened.provider);
    if (opened.fellBack !== undefined) this.fellBack = opened.fellBack;
    this.#onnx = onnx;
    this.#opened = opened;
    this.#outputs = outputs;
    this.#width = present(graph.inputs[0]?.shape[1], 'a served network takes rows');
    this.#rowsMax = opened.provider === 'cpu' ? rowsNear(graph) : rowsFar(graph);
  }

  /**
   * Where a row alone goes another way through the runtime than a batch does, and gets other bits,
   * it gets company, if two rows are enough: it then has the bits that it has in any batch. No
   * network of ours needs it with AVX-512, since their sums are written as products.
   */
  async pairSingles(network: ServedNetwork): Promise<void> {
    const width = this.#width;
    const features = Float32Array.from(probeFeatures(network, width, PAIRING_ROWS));
    const batch = (await this.run(features, PAIRING_ROWS)).map((column) => column.slice());
    for (this.#rowsMin = 1; this.#rowsMin <= 2; this.#rowsMin += 1) {
      let isSame = true;
      for (let row = 0; row < PAIRING_ROWS; row += 1) {
        const one = features.subarray(row * width, (row + 1) * width);
        const said = await this.run(one, 1);
        isSame &&= said.every((column, at) => column[0] === batch[at]?.[row]);
      }
      if (isSame) return;
    }
    this.#rowsMin = 1; // Company does not help.
  }

  async run(features: Float32Array, rows: number): Promise<readonly Float32Array[]> {
    const batch = { features, rows, columns: this.#outputs.length, rowsMax: this.#rowsMax };
    return inRuns(batch, (part, count) => this.#runOnce(part, count));
  }

  async #runOnce(features: Float32Array, rows: number): Promise<readonly Float32Array[]> {
    const { session, provider } = this.#opened;
    const least = Math.max(rows, this.#rowsMin);
    const padded = provider === 'webgpu' ? paddedRows(least) : least;
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

/** Numbers of the largest tensor of a run on the CPU: a megabyte, which its caches hold. */
const NEAR_MAX = 1 << 18;
const NEAR_ROWS_MIN = 8;
/** Numbers of all tensors of a run: 128 MB on the CPU, a gigabyte on a graphics card. */
const NEAR_ALL_MAX = 1 << 25;
const FAR_ALL_MAX = 1 << 28;

/**
 * Rows of one run. Measured, a transformer of 64 x 64 takes a fifth less for 256 rows in parts of
 * 32 than at once; a small MLP has room for two thousand.
 */
function rowsNear(graph: Graph): number {
  const largest = graph.nodes.reduce((most, { shape }) => Math.max(most, -sizeOf(shape)), 1);
  const near = Math.max(NEAR_ROWS_MIN, Math.floor(NEAR_MAX / largest));
  return Math.min(near, rowsWithin(graph, NEAR_ALL_MAX));
}

/** A power of four, as batches are filled up to those. */
function rowsFar(graph: Graph): number {
  let rows = 1;
  while (rows * 4 <= rowsWithin(graph, FAR_ALL_MAX)) rows *= 4;
  return rows;
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
