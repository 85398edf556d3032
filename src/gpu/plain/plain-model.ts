import type { LoadedModel } from '../../ports/inference-backend.ts';
import { calibrated } from '../../models/artefact/calibration.ts';
import type { Graph } from '../../models/graph/graph.ts';
import { interpret, type Interpreter } from '../../models/interpreter/interpreter.ts';
import { numbersKept } from '../../models/interpreter/places.ts';
import type { TreePredictor } from '../../models/trees/predict.ts';
import { NetworkRows } from '../network-model.ts';
import type { ModelIdentity, OpenedModel } from '../open-model.ts';
import { FEATURES, type ServedNetwork } from '../served-network.ts';

export const PLAIN_RUNTIME = 'plain JavaScript';

/**
 * A model in plain JavaScript, which is what all other ways are held against. Networks compute in
 * double precision from rows rounded to 32 bits, trees as their own libraries do; both with our own
 * exponentials, so every machine and every Node gives the same bits.
 */
export function plainModel(opened: OpenedModel): LoadedModel {
  const { name, version, width, columns } = opened.identity;
  const scorer = plainScorer(opened);
  return {
    name,
    version,
    width,
    outputs: columns.length,
    columns,
    runtime: PLAIN_RUNTIME,
    score: async (features, rows, scores) => scorer(features, rows, scores),
    release: async () => undefined,
  };
}

/** As `LoadedModel.score`, at once: in virtual time nothing waits. */
export type PlainScorer = (features: Float64Array, rows: number, scores: Float64Array) => void;

export function plainScorer(opened: OpenedModel): PlainScorer {
  const { identity } = opened;
  switch (opened.kind) {
    case 'network': {
      const network = new PlainNetwork(opened.network);
      const numbers = new NetworkRows(identity);
      return (features, rows, scores) => {
        if (rows === 0) return;
        numbers.write(network.run(numbers.narrow(features, rows), rows), rows, scores);
      };
    }
    case 'trees':
      return treeScorer(identity, opened.trees);
  }
}

/**
 * Batches are cut into these, the largest first: a plan is made for each size of a batch, and holds
 * the weights once more. That changes no bit, since a row's sums never mix with another's.
 */
const CHUNKS = [1, 8, 64] as const;
/** Doubles that a plan may keep for more than one row: 64 MB. */
const KEPT_MAX = 1 << 23;

/**
 * A row alone there always is, since a network is refused whose row asks for too much. Where few
 * rows keep too much, more are not even laid out: their tensors may be beyond any graph.
 */
function chunksFor(graph: Graph): readonly number[] {
  const chunks: number[] = [];
  for (const chunk of CHUNKS) {
    if (chunk > 1 && numbersKept(graph, chunk) > KEPT_MAX) break;
    chunks.unshift(chunk);
  }
  return chunks;
}

class PlainNetwork {
  readonly #interpreter: Interpreter;
  readonly #outputs: readonly string[];
  readonly #chunks: readonly number[];
  #parameters: Float32Array | undefined;

  constructor({ graph, parameters, outputs }: ServedNetwork) {
    this.#interpreter = interpret(graph, { precision: 'double' });
    this.#outputs = outputs;
    this.#chunks = chunksFor(graph);
    this.#parameters = parameters;
  }

  run(features: Float32Array, rows: number): readonly Float64Array[] {
    const width = features.length / rows;
    const answers = this.#outputs.map(() => new Float64Array(rows));
    let from = 0;
    for (const chunk of this.#chunks) {
      for (; from + chunk <= rows; from += chunk) {
        const fed = features.subarray(from * width, (from + chunk) * width);
        const given = this.#interpreter.run(new Map([[FEATURES, fed]]), this.#parameters);
        this.#parameters = undefined; // They stay with the interpreter.
        this.#outputs.forEach((name, column) => answers[column]?.set(given.get(name) ?? [], from));
      }
    }
    return answers;
  }
}

/** A NaN is a value that is missing: they know what to do. A row of nothing else has no score. */
function treeScorer(identity: ModelIdentity, trees: TreePredictor): PlainScorer {
  const { width, ownWidth, calibration } = identity;
  return (features, rows, scores) => {
    if (ownWidth === width) trees.predict(features, rows, scores);
    for (let row = 0; row < rows; row += 1) {
      const at = (row + 1) * width - ownWidth;
      if (ownWidth < width) scores[row] = trees.predictRow(features, at);
      if (isEmpty(features, at, ownWidth)) scores[row] = Number.NaN;
      if (calibration === undefined) continue;
      scores[row] = calibrated(calibration, scores[row] ?? Number.NaN);
    }
  };
}

function isEmpty(features: Float64Array, at: number, width: number): boolean {
  for (let place = 0; place < width; place += 1) {
    if (!Number.isNaN(features[at + place])) return false;
  }
  return true;
}
