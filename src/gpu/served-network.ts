import { present } from '../core/assert.ts';
import { ArtefactError } from '../models/artefact/artefact-error.ts';
import { type ModelCard, rowWidth } from '../models/artefact/card.ts';
import { BATCH, type Graph, type Shape } from '../models/graph/graph.ts';
import { isSameShape, sizeOf } from '../models/graph/shapes.ts';

/** A network as it is served: rows of features in, a number a row out for each column. */
export interface ServedNetwork {
  readonly graph: Graph;
  /** All of them, one after another, in the order of the graph. */
  readonly parameters: Float32Array;
  /** Names of the outputs that are the columns, in their order. */
  readonly outputs: readonly string[];
}

/** The one input of a served network, a row of features for each row of the batch. */
export const FEATURES = 'features';

/** Numbers that are computed for a row of the batch, over all nodes: 32 MB of doubles. */
export const NUMBERS_PER_ROW_MAX = 1 << 22;
/** Numbers that do not depend on the batch: 512 MB of doubles. The largest file has a quarter. */
const NUMBERS_FIXED_MAX = 1 << 26;

/** Holds a network against its card; sizes as well, since a file of a few bytes can ask for all. */
export function checkNetwork(
  card: ModelCard,
  { graph, parameters }: Omit<ServedNetwork, 'outputs'>,
): ServedNetwork {
  const wrong = wrongIn(card, graph) ?? tooLarge(graph);
  if (wrong !== undefined) throw unfit(card, wrong);
  if (!parameters.every(Number.isFinite)) throw unfit(card, 'it has weights that are no numbers');
  return { graph, parameters, outputs: card.outputs };
}

function wrongIn(card: ModelCard, graph: Graph): string | undefined {
  const wanted = [BATCH, rowWidth(card)];
  const [input, ...more] = graph.inputs;
  const isFit = input?.name === FEATURES && isSameShape(input.shape, wanted) && more.length === 0;
  if (!isFit) return `it does not take \`${FEATURES}\` ${written(wanted)} and nothing else`;
  for (const output of card.outputs) {
    const found = graph.outputs.find(({ name }) => name === output);
    if (found === undefined) return `it has no output \`${output}\``;
    const { shape } = present(graph.nodes[found.id], 'an output is a node');
    if (!isSameShape(shape, [BATCH])) return `its output \`${output}\` is ${written(shape)}`;
  }
  return undefined;
}

/** Rows of one run whose numbers are so many, and one at least. */
export function rowsWithin(graph: Graph, numbers: number): number {
  return Math.max(1, Math.floor(numbers / Math.max(1, numbersOf(graph).perRow)));
}

function numbersOf({ nodes }: Graph): { readonly perRow: number; readonly fixed: number } {
  let perRow = 0;
  let fixed = 0;
  for (const { shape } of nodes) {
    const size = sizeOf(shape);
    if (size < 0) perRow -= size;
    else fixed += size;
  }
  return { perRow, fixed };
}

function tooLarge(graph: Graph): string | undefined {
  const { perRow, fixed } = numbersOf(graph);
  if (perRow > NUMBERS_PER_ROW_MAX) return `it computes ${perRow} numbers for a row`;
  return fixed > NUMBERS_FIXED_MAX ? `it holds ${fixed} numbers` : undefined;
}

function written(shape: Shape): string {
  return `[${shape.map((size) => (size < 0 ? `${-size} x rows` : size)).join(', ')}]`;
}

function unfit(card: ModelCard, why: string): ArtefactError {
  return new ArtefactError('MODEL_UNREADABLE', `${card.file.name} of ${card.version}: ${why}`);
}
