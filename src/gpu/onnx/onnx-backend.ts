import type { InferenceBackend, LoadedModel } from '../../ports/inference-backend.ts';
import { InferenceError, messageOf } from '../inference-error.ts';
import { ModelError, openModel } from '../plain/load-model.ts';
import { type Model, score } from '../plain/model.ts';
import { loadOnnxRuntime, type OnnxRuntime, type OnnxSession } from './runtime.ts';
import { INPUT, OUTPUT, writeModel } from './write-model.ts';

export interface OnnxOptions {
  /** Wanted first to last; `cpu` is tried when none of them opens. */
  readonly executionProviders?: readonly string[];
  readonly module?: string;
}

/** Graphics cards round less carefully than the CPU, which is within 1e-6: more is a fault. */
const DIFFERENCE_MAX = 1e-3;
const PROBE_ROWS = 32;

/** onnxruntime in the calling thread, which a run blocks: it belongs in a worker. */
export function createOnnxBackend(options: OnnxOptions = {}): InferenceBackend {
  return {
    name: 'onnx',
    async load(source) {
      if (!('json' in source))
        throw new ModelError('MODEL_UNREADABLE', 'it is no plain-mlp/1 file');
      const model = openModel(source);
      const bytes = writeModel(model);
      if (bytes === undefined) {
        throw new InferenceError('ONNX_FAILED', `${model.version} does not fit into 32-bit floats`);
      }
      const runtime = loadOnnxRuntime(options.module);
      const opened = await open(runtime, bytes, options.executionProviders ?? []);
      const loaded = new OnnxModel(model, runtime, opened);
      await agree(model, loaded);
      return loaded;
    },
  };
}

interface Opened {
  readonly session: OnnxSession;
  readonly provider: string;
  readonly fellBack?: string;
}

/** A provider that is not there throws, and nothing falls back by itself. */
async function open(
  runtime: OnnxRuntime,
  bytes: Uint8Array,
  wanted: readonly string[],
): Promise<Opened> {
  const failures: string[] = [];
  for (const provider of new Set([...wanted, 'cpu'])) {
    try {
      const session = await runtime.InferenceSession.create(bytes, {
        // Alone: beside another, one that the library does not know is dropped without a word. What
        // a provider cannot compute goes to the CPU all the same.
        executionProviders: [provider],
        intraOpNumThreads: 1, // More of them only wait for each other at these sizes.
        interOpNumThreads: 1,
        executionMode: 'sequential',
        graphOptimizationLevel: 'all',
        enableMemPattern: false, // A pattern is kept for each size of batch.
        enableCpuMemArena: true,
        logSeverityLevel: 4,
      });
      const fellBack = failures.join('; ');
      return { session, provider, ...(fellBack === '' ? {} : { fellBack }) };
    } catch (error) {
      failures.push(`${provider}: ${messageOf(error)}`);
    }
  }
  throw new InferenceError('ONNX_FAILED', `no session opens: ${failures.join('; ')}`);
}

class OnnxModel implements LoadedModel {
  readonly name: string;
  readonly version: string;
  readonly width: number;
  readonly outputs = 1;
  readonly columns = ['probability'] as const;
  readonly runtime: string;
  readonly fellBack?: string;
  readonly #onnx: OnnxRuntime;
  readonly #session: OnnxSession;
  #features = new Float32Array(0);

  constructor(model: Model, onnx: OnnxRuntime, { session, provider, fellBack }: Opened) {
    this.name = model.name;
    this.version = model.version;
    this.width = model.features.length;
    this.runtime = `onnxruntime ${onnx.env.versions.common ?? 'unknown'} ${provider}`;
    if (fellBack !== undefined) this.fellBack = fellBack;
    this.#onnx = onnx;
    this.#session = session;
  }

  async score(features: Float64Array, rows: number, scores: Float64Array): Promise<void> {
    const numbers = rows * this.width;
    if (rows === 0) return;
    if (this.#features.length < numbers) this.#features = new Float32Array(numbers);
    const narrow = this.#features.subarray(0, numbers);
    narrow.set(features.subarray(0, numbers));
    const unscored = this.#blank(narrow, rows);
    const tensor = new this.#onnx.Tensor('float32', narrow, [rows, this.width]);
    const { data } = (await this.#session.run({ [INPUT]: tensor }))[OUTPUT] ?? {};
    if (!(data instanceof Float32Array) || data.length !== rows) {
      throw new InferenceError('ONNX_FAILED', `the runtime gave no ${rows} scores`);
    }
    scores.set(data);
    for (const row of unscored) scores[row] = Number.NaN;
  }

  release(): Promise<void> {
    return this.#session.release();
  }

  /** Vector code turns some NaN into numbers, so rows without a meaning are not left to it. */
  #blank(features: Float32Array, rows: number): readonly number[] {
    const blanked: number[] = [];
    for (let row = 0; row < rows; row += 1) {
      const values = features.subarray(row * this.width, (row + 1) * this.width);
      if (values.every(Number.isFinite)) continue;
      values.fill(0);
      blanked.push(row);
    }
    return blanked;
  }
}

/** A driver that computes nonsense is found here and not by a strategy. */
async function agree(model: Model, loaded: LoadedModel): Promise<void> {
  const { width } = loaded;
  const features = Float64Array.from({ length: PROBE_ROWS * width }, (_, at) => {
    const place = at % width;
    // From -3 to 3 deviations, in an order without a pattern that a layout could share.
    const deviations = (((at * 7_919) % 601) - 300) / 100;
    return (model.mean[place] ?? 0) + deviations * (model.deviation[place] ?? 1);
  });
  const [wanted, given] = [new Float64Array(PROBE_ROWS), new Float64Array(PROBE_ROWS)];
  score(model, features, PROBE_ROWS, wanted);
  await loaded.score(features, PROBE_ROWS, given);
  const differences = wanted.map((value, row) => Math.abs(value - (given[row] ?? Number.NaN)));
  if (differences.every((difference) => difference <= DIFFERENCE_MAX)) return;
  await loaded.release();
  throw new InferenceError(
    'ONNX_FAILED',
    `${loaded.runtime} computes other scores than plain JavaScript, by ${Math.max(...differences)}`,
  );
}
