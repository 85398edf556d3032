import { z } from 'zod';
import type { PlainFileSource } from '../../ports/inference-backend.ts';
import { FEATURES_MAX, hashModel, HIDDEN_MAX, type Model, versionOf } from './model.ts';

/** A model file that cannot be used. */
export class ModelError extends Error {
  override readonly name = 'ModelError';
  readonly code:
    | 'MODEL_UNREADABLE'
    | 'MODEL_CHANGED'
    | 'MODEL_LAYOUT'
    | 'MODEL_WIDTH'
    | 'MODEL_VERSION';

  constructor(code: ModelError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * Reads the text of a model file. `layoutHash` is that of the features the caller computes.
 * Throws `ModelError`: unreadable, changed since it was written (its hash differs), or trained with
 * other features than the caller's. Metrics and other notes in the file are not read.
 */
export function loadModel(json: string, layoutHash: string): Model {
  const file = parse(json);
  const { name, features, hidden, horizonBars } = file;
  const contents = {
    name,
    layoutHash: file.layoutHash,
    features,
    hidden,
    horizonBars,
    mean: doubles(file.mean, features.length, 'mean'),
    deviation: doubles(file.deviation, features.length, 'deviation'),
    weights1: doubles(file.weights1, features.length * hidden, 'weights1'),
    bias1: doubles(file.bias1, hidden, 'bias1'),
    weights2: doubles(file.weights2, hidden, 'weights2'),
    bias2: file.bias2,
  };
  const contentHash = hashModel(contents);
  if (contentHash !== file.contentHash) {
    throw new ModelError(
      'MODEL_CHANGED',
      `model ${name} has the content hash ${contentHash}, but states ${file.contentHash}`,
    );
  }
  if (file.layoutHash !== layoutHash) {
    throw new ModelError(
      'MODEL_LAYOUT',
      `model ${name} needs features of layout ${file.layoutHash}, not ${layoutHash}`,
    );
  }
  return { ...contents, contentHash, version: versionOf(name, contentHash) };
}

/** Reads the model that a backend is given, and holds it against all that is expected of it. */
export function openModel({ json, layoutHash, width, version }: PlainFileSource): Model {
  const model = loadModel(json, layoutHash);
  const { name, features } = model;
  if (features.length !== width) {
    throw new ModelError(
      'MODEL_WIDTH',
      `model ${name} takes rows of ${features.length} numbers, not ${width}`,
    );
  }
  if (version !== undefined && model.version !== version) {
    throw new ModelError('MODEL_VERSION', `the model is ${model.version}, not ${version}`);
  }
  return model;
}

const hash = z.string().regex(/^[0-9a-f]{16}$/);
const numbers = z.array(z.number()).max(FEATURES_MAX * HIDDEN_MAX);

const ModelFile = z.object({
  format: z.literal('plain-mlp/1'),
  name: z.string().regex(/^[a-z0-9-]{1,64}$/),
  contentHash: hash,
  layoutHash: hash,
  features: z.array(z.string().min(1)).min(1).max(FEATURES_MAX),
  hidden: z.int().min(1).max(HIDDEN_MAX),
  horizonBars: z.int().min(1).max(10_000),
  mean: numbers,
  deviation: z.array(z.number().positive()).max(FEATURES_MAX),
  weights1: numbers,
  bias1: numbers,
  weights2: numbers,
  bias2: z.number(),
});

function parse(json: string): z.infer<typeof ModelFile> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new ModelError('MODEL_UNREADABLE', 'the model file is no JSON', { cause: error });
  }
  const parsed = ModelFile.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ModelError('MODEL_UNREADABLE', z.prettifyError(parsed.error), { cause: parsed.error });
}

function doubles(values: readonly number[], length: number, what: string): Float64Array {
  if (values.length === length) return Float64Array.from(values);
  throw new ModelError(
    'MODEL_UNREADABLE',
    `${what} has ${values.length} numbers instead of ${length}`,
  );
}
