import { present } from '../../core/assert.ts';
import type { Graph } from '../../models/graph/graph.ts';
import { parameterPlaces } from '../../models/graph/parameters.ts';
import { InferenceError } from '../inference-error.ts';
import { inRuns, type NetworkRuntime } from '../network-model.ts';
import { rowsWithin, type ServedNetwork } from '../served-network.ts';
import { executeGraph, type TensorValues } from './execute-graph.ts';
import { type LoadedTensorFlow, useBackend } from './load-tensorflow.ts';
import type { TensorFlow, TensorFlowTensor } from './tensorflow.ts';

/** Numbers of all tensors of a run, which are all let go of at its end: a gigabyte. */
const NUMBERS_MAX = 1 << 28;

export class TensorFlowNetwork implements NetworkRuntime {
  readonly runtime: string;
  readonly fellBack?: string;
  readonly #tf: TensorFlow;
  readonly #backend: string;
  readonly #network: ServedNetwork;
  readonly #fixed: TensorValues;
  readonly #rowsMax: number;

  constructor({ tf, backend, runtime }: LoadedTensorFlow, network: ServedNetwork, fellBack = '') {
    this.runtime = runtime;
    if (fellBack !== '') this.fellBack = fellBack;
    this.#tf = tf;
    this.#backend = backend;
    this.#network = network;
    this.#fixed = fixedValues(tf, network);
    this.#rowsMax = rowsWithin(network.graph, NUMBERS_MAX);
  }

  run(features: Float32Array, rows: number): Promise<readonly Float32Array[]> {
    const columns = this.#network.outputs.length;
    const batch = { features, rows, columns, rowsMax: this.#rowsMax };
    return inRuns(batch, (part, count) => this.#runOnce(part, count));
  }

  async #runOnce(features: Float32Array, rows: number): Promise<readonly Float32Array[]> {
    const { graph, outputs } = this.#network;
    // Its backend is one for the whole thread: another model may have chosen another one.
    await useBackend(this.#tf, this.#backend);
    const input = present(graph.inputs[0], 'a served network has an input');
    const wanted = outputs.map((name) =>
      present(graph.outputs.find((output) => output.name === name)?.id, 'an output'),
    );
    const tensors = this.#tf.tidy((): readonly TensorFlowTensor[] => {
      const values = new Map(this.#fixed);
      const shape = [rows, present(input.shape[1], 'the width of a row')];
      values.set(input.id, this.#tf.tensor(features, shape, 'float32'));
      executeGraph(this.#tf, graph, values, { rows, isWanted: () => true });
      return wanted.map((id) => present(values.get(id), 'an output has a value'));
    });
    try {
      return await Promise.all(tensors.map((tensor) => numbersOf(tensor, rows)));
    } finally {
      for (const tensor of tensors) tensor.dispose();
    }
  }

  async release(): Promise<void> {
    for (const tensor of this.#fixed.values()) tensor.dispose();
    this.#fixed.clear();
  }
}

/** Parameters, constants and all that follows from them alone, computed once. */
function fixedValues(tf: TensorFlow, { graph, parameters }: ServedNetwork): TensorValues {
  const fixed: TensorValues = new Map();
  tf.tidy((): readonly TensorFlowTensor[] => {
    parameterPlaces(graph).forEach(({ at, length }, index) => {
      const { id, shape } = present(graph.parameters[index], 'a parameter');
      fixed.set(id, tf.tensor(parameters.slice(at, at + length), shape, 'float32'));
    });
    const isFixed = fixedNodes(graph);
    executeGraph(tf, graph, fixed, { rows: 1, isWanted: ({ id }) => isFixed[id] === 1 });
    for (const tensor of fixed.values()) tf.keep(tensor);
    return [];
  });
  return fixed;
}

function fixedNodes({ nodes }: Graph): Uint8Array {
  const isFixed = new Uint8Array(nodes.length);
  for (const { id, op, inputs } of nodes) {
    const isMade = op !== 'input' && inputs.every((input) => isFixed[input] === 1);
    isFixed[id] = isMade ? 1 : 0;
  }
  return isFixed;
}

async function numbersOf(tensor: TensorFlowTensor, rows: number): Promise<Float32Array> {
  const data = await tensor.data();
  if (data instanceof Float32Array && data.length === rows) return data;
  throw new InferenceError('TENSORFLOW_FAILED', `the runtime gave no ${rows} scores`);
}
