import { present } from '../../src/core/assert.ts';
import { Random } from '../../src/core/random.ts';
import { createOnnxBackend } from '../../src/gpu/onnx/onnx-backend.ts';
import { createPlainBackend } from '../../src/gpu/plain/plain-backend.ts';
import { TENSORFLOW_WAYS } from '../../src/gpu/tensorflow/load-tensorflow.ts';
import { createTensorFlowBackend } from '../../src/gpu/tensorflow/tensorflow-backend.ts';
import type { LoadedModel } from '../../src/ports/inference-backend.ts';
import type { Suite, Outcome, Scale, Variant } from '../harness/suite.ts';
import { type NetName, netSource } from '../models/inference-nets.ts';
import { openPeer } from '../models/inference-peer.ts';
import { Samples } from '../harness/percentiles.ts';
import { Stopwatch } from '../harness/stopwatch.ts';

const COMPARED = ['mlp', 'lstm', 'transformer'] as const;
const BATCHES = [1, 8, 64, 256] as const;
const TURNS = 3;
const TURN_MS: Readonly<Record<Scale, number>> = { full: 250, quick: 10 };
const CALLS_MIN = 2;
const QUICK_BATCH_MAX = 1;
const SWEEP_ROWS: Readonly<Record<Scale, number>> = { full: 10_000, quick: 1_000 };

export const inference: Suite = {
  name: 'inference',
  measures:
    'a batch of doubles to scores in the calling thread: MLP 60-128-64-3, bidirectional LSTM(64) ' +
    'over 64 x 60 with attention, transformer of width 64, 4 heads, 2 layers over 64 x 60. `own` ' +
    'is onnxruntime on the CPU as sessions use it: rounding, the look for NaN and checks are ' +
    'in. `graph` is the same graph through our adapter on tfjs-wasm, `layers` the same written ' +
    'with tf.layers there, `plain` our interpreter. In a run they take turns; CPU is of the ' +
    'cheapest turn, a call; `ratioCpu` is the cheaper of graph and layers over own.',
  leavesOut: 'threads, queues, the service; loading and the first calls of a size.',
  target: 'ratioCpu >= 4 (MLP), >= 9 (LSTM, transformer); 10,000 rows of the MLP <= 20 ms CPU',
  variants: [
    ...COMPARED.flatMap((name) => BATCHES.map((rows) => beside(name, rows))),
    { name: 'mlp, a sweep of 10,000', run: (scale) => sweep(scale) },
    { name: 'floor: a call that does nothing', run: (scale) => floor(scale) },
  ],
};

interface Contender {
  readonly name: string;
  call(): Promise<unknown>;
}

function beside(name: (typeof COMPARED)[number], rows: number): Variant {
  return { name: `${name}, batch ${rows}`, run: (scale) => compare(name, rows, scale) };
}

async function compare(
  name: (typeof COMPARED)[number],
  rows: number,
  scale: Scale,
): Promise<Outcome> {
  // The peers take half a minute for a large batch of a recurrent network.
  if (scale === 'quick' && rows > QUICK_BATCH_MAX) {
    return { figures: {}, note: 'takes long: not in a quick run' };
  }
  const source = netSource(name);
  const wasm = TENSORFLOW_WAYS.filter(({ backend }) => backend === 'wasm');
  const own = await createOnnxBackend().load(source);
  const graph = await createTensorFlowBackend({ ways: wasm }).load(source);
  const plain = await createPlainBackend().load(source);
  const features = rowsFor(rows, source.width);
  const contenders: Contender[] = [
    scoring('own', own, features, rows),
    scoring('graph', graph, features, rows),
    scoring('plain', plain, features, rows),
  ];
  if (name !== 'transformer') {
    const peer = await openPeer(name);
    const narrow = Float32Array.from(features);
    contenders.push({ name: 'layers', call: () => peer(narrow, rows) });
  }
  const figures = await takeTurns(contenders, scale);
  const ratio = (unit: string) => {
    const peers = [figures[`graph${unit}`], figures[`layers${unit}`]];
    const times = peers.filter((time) => time !== undefined);
    return Math.min(...times) / present(figures[`own${unit}`], 'our own time');
  };
  const ratios = { ratioCpu: ratio('CpuUs'), ratioP50: ratio('P50Us') };
  return { figures: { ...ratios, ...figures }, note: `${own.runtime} beside ${graph.runtime}` };
}

async function takeTurns(
  contenders: readonly Contender[],
  scale: Scale,
): Promise<Record<string, number>> {
  const cpu = new Map<string, number>();
  const walls = new Map(contenders.map(({ name }) => [name, new Samples(1 << 16)]));
  for (const { call } of contenders) await call();
  for (let turn = 0; turn < TURNS; turn += 1) {
    for (const { name, call } of contenders) {
      const samples = present(walls.get(name), 'its times');
      const ms = await turnOf(call, samples, TURN_MS[scale]);
      cpu.set(name, Math.min(ms, cpu.get(name) ?? Number.POSITIVE_INFINITY));
    }
  }
  const figures: Record<string, number> = {};
  for (const { name } of contenders) {
    figures[`${name}CpuUs`] = present(cpu.get(name), 'its CPU time') * 1_000;
    const wall = present(walls.get(name), 'its times').figures(name);
    figures[`${name}P50Us`] = present(wall[`${name}P50Us`], 'its median');
  }
  return figures;
}

/** CPU of a call, in milliseconds, over as many as fit into the turn. */
async function turnOf(
  call: () => Promise<unknown>,
  walls: Samples,
  turnMs: number,
): Promise<number> {
  const watch = new Stopwatch();
  const untilMs = performance.now() + turnMs;
  let calls = 0;
  let began = performance.now();
  while (calls < CALLS_MIN || began < untilMs) {
    await call();
    const ended = performance.now();
    walls.add(ended - began);
    began = ended;
    calls += 1;
  }
  return watch.read().cpuMs / calls;
}

function scoring(
  name: string,
  model: LoadedModel,
  features: Float64Array,
  rows: number,
): Contender {
  const scores = new Float64Array(rows * model.outputs);
  return { name, call: () => model.score(features, rows, scores) };
}

function rowsFor(rows: number, width: number): Float64Array {
  const random = new Random(17);
  return Float64Array.from({ length: rows * width }, () => random.normal());
}

async function sweep(scale: Scale): Promise<Outcome> {
  const rows = SWEEP_ROWS[scale];
  const name: NetName = 'mlp';
  const source = netSource(name);
  const features = rowsFor(rows, source.width);
  const own = await createOnnxBackend().load(source);
  const plain = await createPlainBackend().load(source);
  const figures = await takeTurns(
    [scoring('own', own, features, rows), scoring('plain', plain, features, rows)],
    scale,
  );
  return { figures, note: own.runtime };
}

async function floor(scale: Scale): Promise<Outcome> {
  const nothing = { name: 'nothing', call: async () => undefined };
  return { figures: await takeTurns([nothing], scale) };
}
