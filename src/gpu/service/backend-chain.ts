import type { BackendName, InferenceBackend } from '../../ports/inference-backend.ts';
import { createOnnxBackend } from '../onnx/onnx-backend.ts';
import { createPlainBackend } from '../plain/plain-backend.ts';
import { createTensorFlowBackend } from '../tensorflow/tensorflow-backend.ts';

export interface ChainOptions {
  readonly backend: BackendName;
  /** For onnx, wanted first to last; the CPU comes after all of them. */
  readonly executionProviders: readonly string[];
  /** Another module in place of onnxruntime, for tests. */
  readonly onnxModule?: string;
}

/**
 * The backends that a model goes through when one after the other is lost: what is configured, the
 * same runtime on the CPU, and plain JavaScript, which is always there.
 */
export function backendChain(options: ChainOptions): readonly InferenceBackend[] {
  const { backend, executionProviders, onnxModule } = options;
  const plain = createPlainBackend();
  if (backend === 'plain') return [plain];
  const module = onnxModule === undefined ? {} : { module: onnxModule };
  if (backend === 'tensorflow') {
    return [createTensorFlowBackend(), createOnnxBackend(module), plain];
  }
  const wanted = createOnnxBackend({ executionProviders, ...module });
  if (executionProviders.every((provider) => provider === 'cpu')) return [wanted, plain];
  return [wanted, createOnnxBackend({ executionProviders: [], ...module }), plain];
}
