import type { InferenceBackend, LoadedModel } from '../../ports/inference-backend.ts';
import { expectAgreement } from '../agreement.ts';
import { InferenceError, messageOf } from '../inference-error.ts';
import { networkModel } from '../network-model.ts';
import { type OpenedModel, openSource } from '../open-model.ts';
import { plainModel } from '../plain/plain-model.ts';
import { loadTensorFlow, nameOf, TENSORFLOW_WAYS, type TensorFlowWay } from './load-tensorflow.ts';
import { TensorFlowNetwork } from './tensorflow-network.ts';

export interface TensorFlowOptions {
  /** First to last; without it from a graphics card down to plain JavaScript. */
  readonly ways?: readonly TensorFlowWay[];
}

/**
 * The same graphs through TensorFlow.js, where a user has added it: see `TENSORFLOW_WAYS` for what
 * was never run. An LSTM is unrolled, so a native runtime is faster. Trees stay in plain
 * JavaScript.
 */
export function createTensorFlowBackend(options: TensorFlowOptions = {}): InferenceBackend {
  return {
    name: 'tensorflow',
    async load(source) {
      const model = openSource(source);
      if (model.kind === 'trees') return plainModel(model);
      return openNetwork(model, options.ways ?? TENSORFLOW_WAYS);
    },
  };
}

/** The first way on which the model computes what it should. */
async function openNetwork(
  model: Extract<OpenedModel, { kind: 'network' }>,
  ways: readonly TensorFlowWay[],
): Promise<LoadedModel> {
  const failures: string[] = [];
  let isAnyThere = false;
  for (const way of ways) {
    try {
      return await openOn(way, model, failures.join('; '));
    } catch (error) {
      if (!(error instanceof InferenceError)) throw error;
      isAnyThere ||= error.code === 'TENSORFLOW_FAILED';
      failures.push(`${nameOf(way)}: ${error.message}`);
    }
  }
  throw new InferenceError(
    isAnyThere ? 'TENSORFLOW_FAILED' : 'TENSORFLOW_UNAVAILABLE',
    `no TensorFlow.js runs ${model.identity.version}: ${failures.join('; ')}`,
  );
}

async function openOn(
  way: TensorFlowWay,
  model: Extract<OpenedModel, { kind: 'network' }>,
  fellBack: string,
): Promise<LoadedModel> {
  const loaded = await loadTensorFlow(way);
  try {
    const runtime = new TensorFlowNetwork(loaded, model.network, fellBack);
    const served = networkModel(model.identity, runtime);
    await expectAgreement(plainModel(model), served, model.network, 'TENSORFLOW_FAILED');
    return served;
  } catch (error) {
    // A kernel that one of its backends does not have, such as WebAssembly's, is found here.
    if (error instanceof InferenceError) throw error;
    throw new InferenceError('TENSORFLOW_FAILED', messageOf(error), { cause: error });
  }
}
