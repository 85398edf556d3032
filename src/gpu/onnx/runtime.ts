import { createRequire } from 'node:module';
import { InferenceError, messageOf } from '../inference-error.ts';

/** What we use of onnxruntime-node: its own types are not there where it is not installed. */
export interface OnnxRuntime {
  readonly Tensor: new (type: 'float32', data: Float32Array, dims: readonly number[]) => OnnxTensor;
  readonly InferenceSession: {
    create(model: Uint8Array, options: OnnxSessionOptions): Promise<OnnxSession>;
  };
  readonly env: { readonly versions: { readonly common?: string }; logLevel?: string };
}

export interface OnnxTensor {
  readonly dims: readonly number[];
  readonly data: unknown;
}

export type OnnxTensors = Readonly<Record<string, OnnxTensor>>;

export interface OnnxSession {
  readonly outputNames: readonly string[];
  /** What is fetched into a tensor is written into its array. */
  run(feeds: OnnxTensors, fetches?: OnnxTensors): Promise<OnnxTensors>;
  release(): Promise<void>;
}

interface OnnxSessionOptions {
  readonly executionProviders: readonly string[];
  readonly intraOpNumThreads: number;
  readonly interOpNumThreads: number;
  readonly executionMode: 'sequential';
  readonly graphOptimizationLevel: 'all';
  readonly enableMemPattern: boolean;
  readonly enableCpuMemArena: boolean;
  readonly logSeverityLevel: 4;
}

const ONNX_MODULE = 'onnxruntime-node';

/**
 * Loads onnxruntime only when it is wanted: it is 46 MB of native code, and optional. It is
 * CommonJS, and asked for by a value, so that we compile where it is not installed.
 */
export function loadOnnxRuntime(module: string = ONNX_MODULE): OnnxRuntime {
  let loaded: unknown;
  try {
    loaded = createRequire(import.meta.url)(module);
  } catch (error) {
    throw new InferenceError('ONNX_UNAVAILABLE', `${module} ${ADVICE}: ${firstLine(error)}`, {
      cause: error,
    });
  }
  if (!isOnnxRuntime(loaded)) {
    throw new InferenceError('ONNX_UNAVAILABLE', `${module} is not the library that it was`);
  }
  // It writes to our standard error by itself, what its exceptions say anyway.
  loaded.env.logLevel = 'fatal';
  return loaded;
}

export function runtimeName(onnx: OnnxRuntime, provider: string): string {
  return `onnxruntime ${onnx.env.versions.common ?? 'unknown'} ${provider}`;
}

/**
 * A session on one provider alone: beside another, one that the library does not know is dropped
 * without a word. What a provider cannot compute goes to the CPU all the same. A provider that is
 * not there throws, and nothing falls back by itself.
 */
export function openSession(
  onnx: OnnxRuntime,
  model: Uint8Array,
  { provider, hasOneSize }: { readonly provider: string; readonly hasOneSize: boolean },
): Promise<OnnxSession> {
  return onnx.InferenceSession.create(model, {
    executionProviders: [provider],
    intraOpNumThreads: 1, // More of them only wait for each other at these sizes.
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    enableMemPattern: hasOneSize, // A pattern is kept for each size of batch.
    enableCpuMemArena: true,
    logSeverityLevel: 4,
  });
}

const ADVICE =
  'cannot be loaded; install it with `npm install --include=optional`, on a platform that it has ' +
  'a binary for, or choose the plain backend';

function firstLine(error: unknown): string {
  return messageOf(error).split('\n', 1)[0] ?? '';
}

function isOnnxRuntime(value: unknown): value is OnnxRuntime {
  return (
    isHolder(value) &&
    'Tensor' in value &&
    typeof value.Tensor === 'function' &&
    'InferenceSession' in value &&
    isHolder(value.InferenceSession) &&
    'create' in value.InferenceSession &&
    typeof value.InferenceSession.create === 'function' &&
    'env' in value &&
    isHolder(value.env) &&
    'versions' in value.env
  );
}

/** Something with properties: a class has them as well. */
function isHolder(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
