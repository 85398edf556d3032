import { createOnnxBackend } from '../../src/gpu/onnx/onnx-backend.ts';
import { createPlainBackend } from '../../src/gpu/plain/plain-backend.ts';
import { TENSORFLOW_WAYS } from '../../src/gpu/tensorflow/load-tensorflow.ts';
import { createTensorFlowBackend } from '../../src/gpu/tensorflow/tensorflow-backend.ts';
import { TREE_FAMILIES } from '../served-models.ts';
import { describeArtefacts } from './inference-artefacts.ts';

const onBackend = (backend: string) => () =>
  createTensorFlowBackend({ ways: TENSORFLOW_WAYS.filter((way) => way.backend === backend) });

describeArtefacts('plain JavaScript', createPlainBackend, { isBatchExact: () => true });
// Its vector code is the processor's own, and promises no bits. With AVX-512 all are the same: the
// bench `batch-bits` shows it for each model. Trees it leaves to JavaScript.
describeArtefacts('onnxruntime on the CPU', createOnnxBackend, {
  isBatchExact: (family) => TREE_FAMILIES.some((one) => one === family),
});
// Both compute each number alone, in an order that has nothing to do with the batch.
const exact = { isBatchExact: () => true, rowsMax: 31 };
describeArtefacts('TensorFlow.js in JavaScript', onBackend('cpu'), exact);
describeArtefacts('TensorFlow.js in WebAssembly', onBackend('wasm'), exact);
