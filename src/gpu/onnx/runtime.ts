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

export interface OnnxSession {
  run(feeds: Readonly<Record<string, OnnxTensor>>): Promise<Readonly<Record<string, OnnxTensor>>>;
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

export const ONNX_MODULE = 'onnxruntime-node';

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
