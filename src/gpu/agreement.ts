import type { LoadedModel } from '../ports/inference-backend.ts';
import type { Graph, GraphNode } from '../models/graph/graph.ts';
import { parameterPlaces } from '../models/graph/parameters.ts';
import { InferenceError } from './inference-error.ts';
import type { ServedNetwork } from './served-network.ts';

/**
 * Graphics cards round less carefully than the CPU, which is within 1e-6 of the largest score of a
 * column: more is a fault.
 */
const DIFFERENCE_MAX = 1e-3;
const PROBE_ROWS = 32;

/** A driver that computes nonsense is found here and not by a strategy. */
export async function expectAgreement(
  plain: LoadedModel,
  loaded: LoadedModel,
  network: ServedNetwork,
  code: 'ONNX_FAILED' | 'TENSORFLOW_FAILED',
): Promise<void> {
  const features = probeFeatures(network, loaded.width);
  const [wanted, given] = [scoresFor(plain), scoresFor(loaded)];
  await plain.score(features, PROBE_ROWS, wanted);
  await loaded.score(features, PROBE_ROWS, given);
  const apart = relativeDifference(wanted, given, loaded.outputs);
  if (apart <= DIFFERENCE_MAX) return;
  await loaded.release();
  throw new InferenceError(
    code,
    `${loaded.runtime} computes other scores than plain JavaScript, by ${apart}`,
  );
}

/** The largest difference, in the largest score of its column. NaN where only one has a score. */
export function relativeDifference(
  wanted: Float64Array,
  given: Float64Array,
  outputs: number,
): number {
  const scales = Array.from({ length: outputs }, (_, column) =>
    wanted.reduce(
      (scale, score, at) => (at % outputs === column ? Math.max(scale, Math.abs(score)) : scale),
      Number.MIN_VALUE,
    ),
  );
  return wanted.reduce((largest, score, at) => {
    const apart = Math.abs(score - (given[at] ?? Number.NaN)) / (scales[at % outputs] ?? 1);
    return Number.isNaN(largest) || Number.isNaN(apart) ? Number.NaN : Math.max(largest, apart);
  }, 0);
}

function scoresFor({ outputs }: LoadedModel): Float64Array {
  return new Float64Array(PROBE_ROWS * outputs);
}

/** From -3 to 3 deviations, in an order without a pattern that a layout could share. */
export function probeFeatures(
  network: ServedNetwork,
  width: number,
  rows = PROBE_ROWS,
): Float64Array {
  const { mean, deviation } = scaleOf(network, width);
  return Float64Array.from({ length: rows * width }, (_, at) => {
    const place = at % width;
    const deviations = (((at * 7_919) % 601) - 300) / 100;
    return (
      (mean[place % mean.length] ?? 0) + deviations * (deviation[place % deviation.length] ?? 1)
    );
  });
}

interface Scale {
  readonly mean: ArrayLike<number>;
  readonly deviation: ArrayLike<number>;
}

const UNSCALED: Scale = { mean: [0], deviation: [1] };

/**
 * How the network scales its input, where it begins with (x - mean) / deviation: only there are
 * its curves bent, and so are mistakes seen. A vector shorter than a row is of each bar.
 */
function scaleOf({ graph, parameters }: ServedNetwork, width: number): Scale {
  const sameAs = new Set<number>(graph.inputs.map(({ id }) => id));
  let mean: ArrayLike<number> | undefined;
  for (const node of graph.nodes) {
    const [from = -1, by = -1] = node.inputs;
    if (!sameAs.has(from)) continue;
    if (node.op === 'reshape') sameAs.add(node.id);
    const values = valuesOf(graph, parameters, graph.nodes[by]);
    if (values === undefined || values.length === 0 || width % values.length !== 0) continue;
    if (node.op === 'sub') {
      mean = values;
      sameAs.clear();
      sameAs.add(node.id);
    }
    if (mean === undefined) continue;
    if (node.op === 'div') return { mean, deviation: values };
    if (node.op === 'mul') return { mean, deviation: Array.from(values, (value) => 1 / value) };
  }
  return UNSCALED;
}

function valuesOf(
  graph: Graph,
  parameters: Float32Array,
  node: GraphNode | undefined,
): ArrayLike<number> | undefined {
  if (node?.op === 'constant') return node.values;
  if (node?.op !== 'parameter') return undefined;
  const place = parameterPlaces(graph).find(({ name }) => name === node.name);
  return place === undefined ? undefined : parameters.subarray(place.at, place.at + place.length);
}
