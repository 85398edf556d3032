import { createRequire } from 'node:module';
import { InferenceError, messageOf } from '../inference-error.ts';
import type { TensorFlow } from './tensorflow.ts';

/** A way to TensorFlow.js: what is loaded, and which of its backends has to compute. */
export interface TensorFlowWay {
  readonly modules: readonly string[];
  readonly backend: string;
}

/**
 * From the fastest to the one that needs nothing native. None of them is a dependency of ours: a
 * user adds one with `npm install --no-save`.
 *
 * tfjs-node-gpu 4.22 brings TensorFlow 2.9.1, wants CUDA 11.2 and cuDNN 8.1, has no code for cards
 * from 2022 on and does not load in Node 23 and later (tfjs #8362). It was never run by us, for
 * want of such a machine; what is tested is the same graph on plain tfjs.
 */
export const TENSORFLOW_WAYS: readonly TensorFlowWay[] = [
  { modules: ['@tensorflow/tfjs-node-gpu'], backend: 'tensorflow' },
  { modules: ['@tensorflow/tfjs-node'], backend: 'tensorflow' },
  { modules: ['@tensorflow/tfjs', '@tensorflow/tfjs-backend-wasm'], backend: 'wasm' },
  { modules: ['@tensorflow/tfjs'], backend: 'cpu' },
];

export interface LoadedTensorFlow {
  readonly tf: TensorFlow;
  readonly backend: string;
  /** Such as `tfjs-node 4.22.0 tensorflow`. */
  readonly runtime: string;
}

export function nameOf({ modules, backend }: TensorFlowWay): string {
  return `${modules.map((module) => module.replace('@tensorflow/', '')).join(' with ')} ${backend}`;
}

/** Throws `TENSORFLOW_UNAVAILABLE` where it is not installed or does not load. */
export async function loadTensorFlow(way: TensorFlowWay): Promise<LoadedTensorFlow> {
  const load = createRequire(import.meta.url);
  let tf: unknown;
  try {
    [tf] = way.modules.map((module): unknown => load(module));
  } catch (error) {
    throw new InferenceError('TENSORFLOW_UNAVAILABLE', reasonOf(error), { cause: error });
  }
  if (!isTensorFlow(tf)) {
    throw new InferenceError('TENSORFLOW_UNAVAILABLE', 'it is not the library that it was');
  }
  tf.enableProdMode();
  await useBackend(tf, way.backend);
  const [first = ''] = way.modules;
  const name = first.replace('@tensorflow/', '');
  return { tf, backend: way.backend, runtime: `${name} ${tf.version_core} ${way.backend}` };
}

/** `setBackend` may answer yes and go on with another one: what it says is not believed. */
export async function useBackend(tf: TensorFlow, backend: string): Promise<void> {
  if (tf.getBackend() === backend) return;
  await tf.setBackend(backend);
  const given = tf.getBackend();
  if (given === backend) return;
  throw new InferenceError(
    'TENSORFLOW_FAILED',
    `its backend is ${given ?? 'none'}, though ${backend} was asked for`,
  );
}

function reasonOf(error: unknown): string {
  const isMissing = error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND';
  return isMissing ? 'not installed' : (messageOf(error).split('\n', 1)[0] ?? '');
}

const FUNCTIONS =
  'getBackend setBackend enableProdMode tidy keep tensor zeros add sub mul div greater notEqual ' +
  'where cast neg abs exp log sqrt tanh sigmoid relu erf clipByValue matMul transpose reshape ' +
  'broadcastTo slice stridedSlice concat sum mean max softmax';

function isTensorFlow(value: unknown): value is TensorFlow {
  if (typeof value !== 'object' || value === null) return false;
  const isFunction = (name: string) => typeof Reflect.get(value, name) === 'function';
  const isVersioned = typeof Reflect.get(value, 'version_core') === 'string';
  return isVersioned && FUNCTIONS.split(' ').every(isFunction);
}
