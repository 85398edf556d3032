import { InferenceError } from '../../gpu/inference-error.ts';
import { createOnnxBackend } from '../../gpu/onnx/onnx-backend.ts';
import { createPlainBackend } from '../../gpu/plain/plain-backend.ts';
import { createOnnxRunner } from '../../gpu/training/onnx-runner.ts';
import type { OpenRunner } from '../../models/training/graph-runner.ts';
import { openInterpretedRunner } from '../../models/training/interpreted-runner.ts';
import type { LoadedModel, ModelSource } from '../../ports/inference-backend.ts';

export type RunnerKind = 'onnx' | 'interpreter';

/** onnxruntime where it is installed; plain JavaScript where not, or where it is asked for. */
export function openRunnerOf(kind: RunnerKind): OpenRunner {
  if (kind === 'interpreter') return openInterpretedRunner;
  const native = createOnnxRunner();
  return async (graph) => await orPlain(native(graph), () => openInterpretedRunner(graph));
}

export async function loadServed(kind: RunnerKind, source: ModelSource): Promise<LoadedModel> {
  const plain = () => createPlainBackend().load(source);
  if (kind === 'interpreter') return await plain();
  return await orPlain(createOnnxBackend().load(source), plain);
}

async function orPlain<T>(native: Promise<T>, plain: () => Promise<T>): Promise<T> {
  try {
    return await native;
  } catch (error) {
    if (error instanceof InferenceError && error.code === 'ONNX_UNAVAILABLE') return await plain();
    throw error;
  }
}
