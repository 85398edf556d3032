import type { BackendName, InferenceBackend } from '../../ports/inference-backend.ts';
import type { AdapterOptions } from '../onnx/open-provider.ts';
import { createPlainBackend } from '../plain/plain-backend.ts';

export interface ChainOptions {
  readonly backend: BackendName;
  /** For onnx, wanted first to last; the CPU comes after all of them. */
  readonly executionProviders: readonly string[];
  readonly adapter?: AdapterOptions;
  /** Another module in place of onnxruntime, for tests. */
  readonly onnxModule?: string;
}

/**
 * The backends that a model goes through when one after the other is lost: what is configured, the
 * same runtime on the CPU, and plain JavaScript, which is always there. Only what is wanted is read
 * from the disk, because a thread that replaces another has half a second for all it does.
 */
export async function backendChain(options: ChainOptions): Promise<readonly InferenceBackend[]> {
  const { backend, executionProviders, adapter, onnxModule } = options;
  const plain = createPlainBackend();
  if (backend === 'plain') return [plain];
  const { createOnnxBackend } = await import('../onnx/onnx-backend.ts');
  const module = onnxModule === undefined ? {} : { module: onnxModule };
  const onCpu = createOnnxBackend(module);
  if (backend === 'tensorflow') {
    const { createTensorFlowBackend } = await import('../tensorflow/tensorflow-backend.ts');
    return [createTensorFlowBackend(), onCpu, plain];
  }
  if (executionProviders.every((provider) => provider === 'cpu')) return [onCpu, plain];
  return [createOnnxBackend({ executionProviders, ...adapter, ...module }), onCpu, plain];
}
