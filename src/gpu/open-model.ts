import { createHash } from 'node:crypto';
import type { ModelSource, ScoreColumn } from '../ports/inference-backend.ts';
import { ArtefactError } from '../models/artefact/artefact-error.ts';
import {
  type Calibration,
  expectCard,
  MODEL_BYTES_MAX,
  type ModelCard,
  parseCard,
  rowWidth,
} from '../models/artefact/card.ts';
import { OnnxError } from '../models/onnx/onnx-error.ts';
import { readOnnx } from '../models/onnx/read-onnx.ts';
import { TreePredictor } from '../models/trees/predict.ts';
import { readLightgbm } from '../models/trees/read-lightgbm.ts';
import { readXgboost } from '../models/trees/read-xgboost.ts';
import { TreeFormatError } from '../models/trees/tree-error.ts';
import type { TreeModel } from '../models/trees/tree-model.ts';
import { checkNetwork, type ServedNetwork } from './served-network.ts';

export interface ModelIdentity {
  readonly name: string;
  readonly version: string;
  /** Doubles in a row as it is asked, and how many of them, the last, are the model's own. */
  readonly width: number;
  readonly ownWidth: number;
  readonly columns: readonly ScoreColumn[];
  /** Of the probability, after the model. */
  readonly calibration?: Calibration;
}

/** A model that is whole, is what its user expects, and is of a kind that we can run. */
export type OpenedModel = { readonly identity: ModelIdentity } & (
  | { readonly kind: 'network'; readonly network: ServedNetwork }
  | { readonly kind: 'trees'; readonly trees: TreePredictor }
);

/**
 * Reads a model and holds it against its card and against what is expected of it. Throws an error
 * with a code `MODEL_*`: whatever else the bytes are, they are not run.
 */
export function openSource(source: ModelSource): OpenedModel {
  const card = parseCard(source.card);
  expectCard(card, source);
  checkBytes(card, source);
  const identity = {
    name: card.name,
    version: card.version,
    width: source.width,
    ownWidth: rowWidth(card),
    columns: card.outputs,
    ...(card.calibration === undefined ? {} : { calibration: card.calibration }),
  };
  switch (card.file.name) {
    case 'model.onnx': {
      const network = reading(card, () => readOnnx(source.model));
      return { kind: 'network', network: checkNetwork(card, network), identity };
    }
    case 'model.json':
      return { kind: 'trees', trees: openTrees(card, source, readXgboost), identity };
    case 'model.txt':
      return { kind: 'trees', trees: openTrees(card, source, readLightgbm), identity };
  }
}

function checkBytes(card: ModelCard, { model }: ModelSource): void {
  const { name, bytes, sha256 } = card.file;
  if (model.length > MODEL_BYTES_MAX) {
    throw new ArtefactError('MODEL_OVERSIZED', `${name} has ${model.length} bytes`);
  }
  const given = createHash('sha256').update(model).digest('hex');
  if (model.length === bytes && given === sha256) return;
  throw new ArtefactError(
    'MODEL_CHANGED',
    `${name} of ${card.version} has ${model.length} bytes of sha256 ${given.slice(0, 16)}, ` +
      `its card states ${bytes} of ${sha256.slice(0, 16)}`,
  );
}

function openTrees(
  card: ModelCard,
  { model }: ModelSource,
  read: (text: string) => TreeModel,
): TreePredictor {
  const text = reading(card, () => new TextDecoder('utf-8', { fatal: true }).decode(model));
  const trees = reading(card, () => read(text));
  const own = rowWidth(card);
  if (trees.features.length !== own) {
    throw unreadable(card, `its trees take ${trees.features.length} numbers, its card ${own}`);
  }
  const wrong = wrongNames(card, trees) ?? wrongAnswer(card, trees);
  if (wrong !== undefined) throw unreadable(card, wrong);
  return new TreePredictor(trees);
}

/** Of a window every bar has the names of the features, the oldest bar first. */
function wrongNames({ input }: ModelCard, trees: TreeModel): string | undefined {
  const stated = (place: number): string => input.features[place % input.features.length] ?? '';
  const place = trees.features.findIndex((name, at) => name !== stated(at));
  if (place < 0 || isUnnamed(trees)) return undefined;
  return (
    `its trees take \`${trees.features[place]?.slice(0, 64)}\` as number ${place} of a row, ` +
    `its card \`${stated(place).slice(0, 64)}\``
  );
}

/** Of features that nobody named XGBoost writes nothing, read as f0, f1; LightGBM Column_0, 1. */
function isUnnamed({ features }: TreeModel): boolean {
  const isCounted = (word: string) => features.every((name, at) => name === `${word}${at}`);
  return isCounted('f') || isCounted('Column_');
}

/** A return that is taken for a probability is a number as any other, and traded on. */
function wrongAnswer({ outputs }: ModelCard, { objective }: TreeModel): string | undefined {
  if (outputs.length !== 1) return `trees answer one column, its card has ${outputs.length}`;
  const answers = columnOf(objective);
  if (outputs[0] === answers) return undefined;
  const said = `a ${answers}, its card says \`${outputs[0]}\``;
  return `its trees are of the objective \`${objective}\`, ${said}`;
}

function columnOf(objective: TreeModel['objective']): ScoreColumn {
  switch (objective) {
    case 'binary':
    case 'share':
      return 'probability';
    case 'squared':
    case 'huber':
      return 'return';
  }
}

/** What a reader of a format says becomes what is said of the model. */
function reading<Read>(card: ModelCard, read: () => Read): Read {
  try {
    return read();
  } catch (error) {
    const isOfFormat = error instanceof OnnxError || error instanceof TreeFormatError;
    if (isOfFormat) throw unreadable(card, `${error.code}, ${error.message}`, error);
    if (error instanceof TypeError) throw unreadable(card, 'it is no UTF-8 text', error);
    throw error;
  }
}

function unreadable(card: ModelCard, why: string, cause?: unknown): ArtefactError {
  return new ArtefactError('MODEL_UNREADABLE', `${card.file.name} of ${card.version}: ${why}`, {
    cause,
  });
}
