import { Worker } from 'node:worker_threads';
import { createSystemTime } from '../../src/actors/services/system-time.ts';
import { Random } from '../../src/core/random.ts';
import { momentumSet } from '../../src/domain/features/momentum-set.ts';
import { createPlainBackend } from '../../src/gpu/plain/plain-backend.ts';
import {
  createInferenceService,
  type InferenceDefinition,
} from '../../src/gpu/service/inference-service.ts';
import type { Layer } from '../../src/gpu/service/layer-policy.ts';
import type { BackendName, ModelSource } from '../../src/ports/inference-backend.ts';
import type { Provider } from '../../src/ports/service.ts';
import type { Suite, Figures, Scale, Variant } from '../harness/suite.ts';
import { shippedModel } from '../models/inference-source.ts';
import { Samples } from '../harness/percentiles.ts';

const REQUESTS: Readonly<Record<Scale, number>> = { full: 20_000, quick: 1_000 };
const WARM_UPS: Readonly<Record<Scale, number>> = { full: 3_000, quick: 200 };
/** What nothing between threads goes below. */
const FLOOR = 'floor: a bare thread and back';
const { width, layoutHash } = momentumSet();

export const inferenceService: Suite = {
  name: 'inference-service',
  measures:
    'from `ask` to the answer of the inference service on a thread with the shipped model, ' +
    'closed loop, the layer 3 policy (no wait for company). `run` is the computation as the ' +
    'thread times it; `overhead` is the median answer less the median run: queue, copy of rows ' +
    'in and scores out, two messages, checks, the promise. `floor` is postMessage to a bare ' +
    'thread and back.',
  leavesOut:
    'the supervision tree and its router, the kernel, waiting for company in slower layers, ' +
    'swaps. A machine under load wakes threads later: that is in the floor as well.',
  target: 'overhead p50 <= 150 us',
  variants: [
    { name: FLOOR, run: async (scale) => ({ figures: await floor(scale) }) },
    served('one row', { rows: 1 }),
    served('64 rows', { rows: 64 }),
    served('256 rows', { rows: 256 }),
    served('one row, three models', { rows: 1, models: 3 }),
    served('one row, onnxruntime', { rows: 1, backend: 'onnx' }),
    served('one row, layer 0 beside it', { rows: 1, isBeside: true }),
  ],
};

interface Load {
  readonly rows: number;
  readonly models?: number;
  readonly backend?: BackendName;
  /** Layer 0 asks for a thousand rows, again and again. */
  readonly isBeside?: boolean;
}

function served(name: string, load: Load): Variant {
  return {
    name,
    floors: { answer: { samples: 'answer', variant: FLOOR } },
    run: async (scale) => ({ figures: await measure(load, scale) }),
  };
}

async function measure(load: Load, scale: Scale): Promise<Figures> {
  const [requests, warmUps] = [REQUESTS[scale], WARM_UPS[scale]];
  const { rows, models = 1, backend = 'plain', isBeside = false } = load;
  const sources = Array.from({ length: models }, (_, at) => shippedModel(`model-${at}`));
  const { service, provider } = open(sources, backend);
  await provider.start();
  const names = [...service.models().keys()];
  const random = new Random(7);
  const features = Float64Array.from({ length: rows * width }, () => random.normal());
  const answers = new Samples(requests);
  const beside = { isOver: false, asked: 0 };
  const other = isBeside ? askBeside(service, names, beside) : Promise.resolve();
  for (let at = -warmUps; at < requests; at += 1) {
    const beganMs = performance.now();
    const answer = await service.ask(requestOf(features, names, 3));
    const tookMs = performance.now() - beganMs;
    if (answer.outcome !== 'done') throw new Error(answer.message);
    if (at >= 0) answers.add(tookMs);
  }
  beside.isOver = true;
  await other;
  const run = service.metrics().models.reduce((sum, { runUs }) => sum + runUs.p50, 0);
  await provider.stop();
  const figures = answers.figures('answer');
  return {
    ...figures,
    runP50Us: run,
    // Beside another layer an answer waits for the batch that runs, which is no overhead.
    ...(isBeside ? {} : { overheadP50Us: (figures['answerP50Us'] ?? Number.NaN) - run }),
    directP50Us: await direct(sources, features, scale),
    besideRequests: beside.asked,
  };
}

/** The same computation without a service, in this thread. */
async function direct(
  sources: readonly ModelSource[],
  features: Float64Array,
  scale: Scale,
): Promise<number> {
  const rows = features.length / width;
  const [requests, warmUps] = [REQUESTS[scale], WARM_UPS[scale]];
  const loaded = await Promise.all(sources.map((source) => createPlainBackend().load(source)));
  const outputs = loaded.reduce((most, model) => Math.max(most, model.outputs), 0);
  const scores = new Float64Array(rows * outputs);
  const taken = new Samples(requests);
  for (let at = -warmUps; at < requests; at += 1) {
    const beganMs = performance.now();
    for (const model of loaded) await model.score(features, rows, scores);
    if (at >= 0) taken.add(performance.now() - beganMs);
  }
  return taken.figures('direct')['directP50Us'] ?? Number.NaN;
}

async function askBeside(
  service: InferenceDefinition,
  names: readonly string[],
  state: { isOver: boolean; asked: number },
): Promise<void> {
  const features = new Float64Array(1_000 * width).fill(0.5);
  while (!state.isOver) {
    await service.ask(requestOf(features, names, 0));
    state.asked += 1;
  }
}

function requestOf(features: Float64Array, models: readonly string[], layer: Layer) {
  const rows = features.length / width;
  const askedUs = TIME.clock.nowUs();
  return { models, layer, rows, width, features, layoutHash, askedUs };
}

const TIME = createSystemTime();
const DAY_MS = 86_400_000;

function open(
  sources: readonly ModelSource[],
  backend: BackendName,
): { readonly service: InferenceDefinition; readonly provider: Provider } {
  const service = createInferenceService({
    backend,
    sources,
    rowsMax: 1_000,
    layers: [
      { batchMax: 1_000, waitMsMax: 20, freshnessMsMax: DAY_MS },
      { batchMax: 200, waitMsMax: 5, freshnessMsMax: DAY_MS },
      { batchMax: 50, waitMsMax: 2, freshnessMsMax: DAY_MS },
      { batchMax: 10, waitMsMax: 0, freshnessMsMax: DAY_MS },
    ],
    policy: {
      backoffMinMs: 1,
      backoffMaxMs: 1,
      restartsMax: 0,
      withinMs: 1,
      hungMs: 10_000,
      inFlightMax: 256,
    },
    ...TIME,
  });
  const provider = service.make({
    enter: () => undefined,
    health: () => undefined,
    failed: (error) => {
      throw error;
    },
    log: () => undefined,
  });
  return { service, provider };
}

async function floor(scale: Scale): Promise<Figures> {
  const [requests, warmUps] = [REQUESTS[scale], WARM_UPS[scale]];
  const echo =
    "const { parentPort } = require('node:worker_threads');" +
    "parentPort.on('message', (message) => parentPort.postMessage(message));";
  const worker = new Worker(echo, { eval: true });
  const taken = new Samples(requests);
  for (let at = -warmUps; at < requests; at += 1) {
    const beganMs = performance.now();
    const heard = new Promise<void>((resolve) => void worker.once('message', () => resolve()));
    worker.postMessage({ kind: 'score', batch: at }, []);
    await heard;
    if (at >= 0) taken.add(performance.now() - beganMs);
  }
  await worker.terminate();
  return taken.figures('answer');
}
