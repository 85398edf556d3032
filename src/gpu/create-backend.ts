import type { BackendName, InferenceBackend } from '../ports/inference-backend.ts';
import { createOnnxBackend, type OnnxOptions } from './onnx/onnx-backend.ts';
import { createPlainBackend } from './plain/plain-backend.ts';
import {
  createTensorFlowBackend,
  type TensorFlowOptions,
} from './tensorflow/tensorflow-backend.ts';

export interface BackendOptions {
  readonly onnx?: OnnxOptions;
  readonly tensorflow?: TensorFlowOptions;
}

export function createBackend(name: BackendName, options: BackendOptions = {}): InferenceBackend {
  switch (name) {
    case 'plain':
      return createPlainBackend();
    case 'onnx':
      return createOnnxBackend(options.onnx);
    case 'tensorflow':
      return createTensorFlowBackend(options.tensorflow);
  }
}
