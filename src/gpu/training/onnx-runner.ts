import { assert, present } from '../../core/assert.ts';
import { isBound } from '../../models/graph/bind-batch.ts';
import type { Graph } from '../../models/graph/graph.ts';
import { sizeOf } from '../../models/graph/shapes.ts';
import { writeOnnx } from '../../models/onnx/write-onnx.ts';
import type { GraphRunner, OpenRunner } from '../../models/training/graph-runner.ts';
import { InferenceError } from '../inference-error.ts';
import { openProvider, type ProviderOptions } from '../onnx/open-provider.ts';
import {
  loadOnnxRuntime,
  type OnnxRuntime,
  type OnnxSession,
  type OnnxTensor,
  runtimeName,
} from '../onnx/runtime.ts';

export interface RunnerOptions extends ProviderOptions {
  readonly module?: string;
}

/**
 * Runs training graphs in onnxruntime, in the calling thread, which every run blocks. On the CPU
 * with one thread, so the same seed gives the same bits on the same processor; a graphics card
 * promises none. Neither WebGPU on a card nor CUDA was ever run by us, for want of a machine.
 */
export function createOnnxRunner(options: RunnerOptions = {}): OpenRunner {
  return async (graph) => {
    assert(isBound(graph), 'a graph that is run has a known batch');
    assert(graph.parameters.length === 0, 'a graph that is run has inputs alone');
    const onnx = loadOnnxRuntime(options.module);
    const bytes = writeOnnx(graph);
    const opened = await openProvider(onnx, bytes, { ...options, hasOneSize: true });
    return new OnnxRunner(onnx, opened.session, graph, runtimeName(onnx, opened.provider));
  };
}

/**
 * Two sets of outputs take turns: what one run answered may be an input of the next, and the
 * runtime writes while it still reads.
 */
class OnnxRunner implements GraphRunner {
  readonly runtime: string;
  readonly #onnx: OnnxRuntime;
  readonly #session: OnnxSession;
  readonly #graph: Graph;
  readonly #answers: readonly [Answers, Answers];
  #turn: 0 | 1 = 0;

  constructor(onnx: OnnxRuntime, session: OnnxSession, graph: Graph, runtime: string) {
    this.runtime = runtime;
    this.#onnx = onnx;
    this.#session = session;
    this.#graph = graph;
    this.#answers = [answersOf(onnx, graph), answersOf(onnx, graph)];
  }

  async run(inputs: ReadonlyMap<string, Float32Array>): Promise<ReadonlyMap<string, Float32Array>> {
    const feeds: Record<string, OnnxTensor> = {};
    for (const { name, shape } of this.#graph.inputs) {
      const values = inputs.get(name);
      if (values?.length !== sizeOf(shape)) {
        const given = values === undefined ? 'is not given' : `has ${values.length} numbers`;
        throw new InferenceError('ONNX_FAILED', `input ${name} ${given}, not ${sizeOf(shape)}`);
      }
      feeds[name] = new this.#onnx.Tensor('float32', values, shape);
    }
    const { tensors, values } = this.#answers[this.#turn];
    this.#turn = this.#turn === 0 ? 1 : 0;
    await this.#session.run(feeds, tensors);
    return values;
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}

interface Answers {
  readonly tensors: Readonly<Record<string, OnnxTensor>>;
  readonly values: ReadonlyMap<string, Float32Array>;
}

function answersOf(onnx: OnnxRuntime, { nodes, outputs }: Graph): Answers {
  const values = new Map<string, Float32Array>();
  const tensors: Record<string, OnnxTensor> = {};
  for (const { name, id } of outputs) {
    const { shape } = present(nodes[id], 'an output is a node');
    const room = new Float32Array(sizeOf(shape));
    values.set(name, room);
    tensors[name] = new onnx.Tensor('float32', room, shape);
  }
  return { tensors, values };
}
