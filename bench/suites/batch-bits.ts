import { present } from '../../src/core/assert.ts';
import { Random } from '../../src/core/random.ts';
import { type BackendOptions, createBackend } from '../../src/gpu/create-backend.ts';
import { TENSORFLOW_WAYS } from '../../src/gpu/tensorflow/load-tensorflow.ts';
import type { BackendName, LoadedModel } from '../../src/ports/inference-backend.ts';
import type { Suite, Figures, Scale, Variant } from '../harness/suite.ts';
import { type NetName, NETS, netSource } from '../models/inference-nets.ts';

const ROWS = 100;
const SIZES = [2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100] as const;
/** Where it is only to be seen that it runs. */
const SIZES_OF: Readonly<Record<Scale, readonly number[]>> = { full: SIZES, quick: [2, 7, 33] };
const QUICK_NETS = ['mlp', 'dlinear'] as const satisfies NetName[];

const wasm: BackendOptions = {
  tensorflow: { ways: TENSORFLOW_WAYS.filter(({ backend }) => backend === 'wasm') },
};
const javaScript: BackendOptions = {
  tensorflow: { ways: TENSORFLOW_WAYS.filter(({ backend }) => backend === 'cpu') },
};

export const batchBits: Suite = {
  name: 'batch-bits',
  measures:
    'whether a row has in a batch the very bits that it has alone: for each network the largest ' +
    'difference, in billionths of the largest score of a column, over batches of ' +
    `${SIZES.join()}; 0 is the same bits. Nothing is timed.`,
  leavesOut: 'trees, which are plain JavaScript on every backend, row by row.',
  target: '0 where the backend allows it, else below 1000',
  variants: [
    variant('plain JavaScript', 'plain'),
    variant('onnxruntime cpu', 'onnx'),
    variant('tfjs in JavaScript', 'tensorflow', javaScript),
    variant('tfjs in WebAssembly', 'tensorflow', wasm),
  ],
};

function variant(name: string, backend: BackendName, options: BackendOptions = {}): Variant {
  return {
    name,
    async run(scale) {
      const figures: Record<string, number> = {};
      const runtimes = new Set<string>();
      for (const net of scale === 'quick' ? QUICK_NETS : netNames()) {
        const model = await createBackend(backend, options).load(netSource(net));
        runtimes.add(model.runtime);
        figures[`${net}Ppb`] = (await largestDifference(model, SIZES_OF[scale])) * 1e9;
        await model.release();
      }
      return { figures, note: [...runtimes].join(', ') };
    },
  };
}

function netNames(): readonly NetName[] {
  return [
    'mlp',
    'dlinear',
    'lstm',
    'transformer',
    'nhits',
    'patchtst',
  ] satisfies (keyof typeof NETS)[];
}

async function largestDifference(
  model: LoadedModel,
  sizes: readonly number[],
): Promise<Figures[string]> {
  const { width, outputs } = model;
  const random = new Random(29);
  const features = Float64Array.from({ length: ROWS * width }, () => random.normal());
  const alone = new Float64Array(ROWS * outputs);
  for (let row = 0; row < ROWS; row += 1) {
    const one = features.subarray(row * width, (row + 1) * width);
    await model.score(one, 1, alone.subarray(row * outputs, (row + 1) * outputs));
  }
  const scales = Array.from({ length: outputs }, (_, column) =>
    alone.reduce((most, score, at) => {
      return at % outputs === column ? Math.max(most, Math.abs(score)) : most;
    }, 0),
  );
  let largest = 0;
  for (const rows of sizes) {
    const batch = new Float64Array(rows * outputs);
    await model.score(features, rows, batch);
    batch.forEach((score, at) => {
      const scale = present(scales[at % outputs], 'the scale of a column');
      largest = Math.max(largest, Math.abs(score - (alone[at] ?? Number.NaN)) / scale);
    });
  }
  return largest;
}
