import { z } from 'zod';
import { hashText } from '../../core/hash.ts';
import { ArtefactError } from './artefact-error.ts';

/**
 * What is known of a model: what it takes and gives, how it was made, and how good it was.
 *
 * An artefact is a folder `models/<name>/<contentHash>/` with `card.json` and one model file. The
 * content hash covers all that has a part in an answer, and nothing else: a figure that is measured
 * again changes no version.
 */
export const CARD_FORMAT = 'strata-model/1';

export const FAMILIES = [
  'mlp',
  'dlinear',
  'lstm',
  'transformer',
  'nhits',
  'patchtst',
  'xgboost',
  'lightgbm',
  'forest',
] as const;
export type Family = (typeof FAMILIES)[number];

export const PURPOSES = ['liquidity', 'momentum', 'value', 'ensemble'] as const;
export type Purpose = (typeof PURPOSES)[number];

const MODEL_FILES = ['model.onnx', 'model.json', 'model.txt'] as const;
const OUTPUTS = ['probability', 'return', 'confidence'] as const;

export const CARD_BYTES_MAX = 1_048_576;
export const MODEL_BYTES_MAX = 67_108_864;
const CARD_FEATURES_MAX = 4_096;
const WINDOW_MAX = 2_048;
/** Doubles in a row: eight megabytes. */
const ROW_WIDTH_MAX = 1_048_576;
const NAME = /^[a-z0-9-]{1,64}$/;
const HASH = /^[0-9a-f]{16}$/;
const SHA256 = /^[0-9a-f]{64}$/;
const KNOTS_MAX = 10_000;

const count = z.int().min(0);
const figure = z.number();
const text = z.string().max(4_096);
const figures = z.record(z.string().max(64), figure);

/** Applied to the probability after the model. */
const calibration = z.discriminatedUnion('kind', [
  /** A line from knot to knot, level beyond the first and the last. `at` rises strictly. */
  z.object({
    kind: z.literal('isotonic'),
    at: z.array(figure).min(1).max(KNOTS_MAX),
    value: z.array(z.number().min(0).max(1)).min(1).max(KNOTS_MAX),
  }),
  /** 1 / (1 + e^-(slope ln(p / (1 - p)) + intercept)). */
  z.object({ kind: z.literal('platt'), slope: figure, intercept: figure }),
]);

/** One line of the table of figures: the model, a member, a baseline. */
const measured = z.object({
  name: z.string().max(128),
  role: z.enum(['model', 'member', 'vote', 'baseline']),
  figures,
  /** This model less that line, of the first metric, with a paired interval. */
  difference: z
    .object({
      metric: z.string().max(64),
      value: figure,
      /** Left out where there are too few independent days to say. */
      low: figure.optional(),
      high: figure.optional(),
      level: z.number().gt(0).lt(1),
      /** Independent blocks of days that the interval rests on. */
      blocks: count,
    })
    .optional(),
});

const metrics = z.object({
  /** What decides, such as `logLoss`; lower is better, but for `auc` and `accuracy`. */
  primary: z.string().max(64),
  rows: count,
  /** Independent samples that the rows are worth. */
  effectiveRows: figure,
  fromUs: figure,
  toUs: figure,
  table: z.array(measured).min(1).max(64),
  /** In words, such as `does not beat the naive baseline`. */
  verdict: text,
  beatsBaselines: z.boolean(),
  /** How many models were tried for the choice, and what is left of it. */
  trials: z.int().min(1),
  deflatedSharpe: figure.optional(),
  overfitProbability: figure.optional(),
  /** Said and seen, by groups of the final test. */
  reliability: z
    .array(z.object({ said: figure, seen: figure, rows: count }))
    .max(100)
    .optional(),
  importance: z
    .array(z.object({ feature: z.string().max(256), share: figure }))
    .max(CARD_FEATURES_MAX)
    .optional(),
});

const Card = z.object({
  format: z.literal(CARD_FORMAT),
  name: z.string().regex(NAME),
  /** `name@` and the first eight digits of the content hash: what an answer is marked with. */
  version: z.string().max(80),
  contentHash: z.string().regex(HASH),
  family: z.enum(FAMILIES),
  purpose: z.enum(PURPOSES),
  file: z.object({
    name: z.enum(MODEL_FILES),
    bytes: z.int().min(1).max(MODEL_BYTES_MAX),
    sha256: z.string().regex(SHA256),
  }),
  /** A row is `window` rows of the features, oldest first, raw: the model scales them itself. */
  input: z.object({
    layoutHash: z.string().regex(HASH),
    features: z.array(z.string().min(1).max(256)).min(1).max(CARD_FEATURES_MAX),
    window: z.int().min(1).max(WINDOW_MAX),
  }),
  /** The columns of an answer. */
  outputs: z.array(z.enum(OUTPUTS)).min(1).max(OUTPUTS.length),
  calibration: calibration.optional(),
  label: z.object({
    kind: z.string().max(64),
    horizonBars: z.int().min(1).max(1_000_000),
    text,
  }),
  data: z.object({
    source: text,
    /** Over every sample: features, label, weight, time. */
    hash: z.string().regex(HASH),
    timeframe: z.string().max(32),
    fromUs: figure,
    toUs: figure,
    symbols: z.array(z.string().min(1).max(32)).max(20_000),
    universe: z.object({ strategy: z.string().max(64), text }),
    /** Rows by part: train, validation, calibration, test. */
    rows: z.record(z.string().max(64), count),
    effectiveRows: figure,
    /** What was left out, by reason. */
    dropped: z.record(z.string().max(128), count),
  }),
  config: z.object({
    hash: z.string().regex(HASH),
    values: z.record(z.string().max(128), z.json()),
  }),
  seeds: figures,
  /** Training loss and validation loss by epoch or round. */
  curve: z
    .array(z.object({ at: figure, loss: figure, validationLoss: figure.optional() }))
    .max(10_000),
  /** What computed the training, such as `onnxruntime 1.30.0 cpu`. */
  runtime: z.string().max(256),
  madeUs: figure,
  wallSeconds: figure,
  cpuSeconds: figure,
  metrics,
});

type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;

export type ModelCard = DeepReadonly<z.infer<typeof Card>>;
export type Calibration = NonNullable<ModelCard['calibration']>;
export type Metrics = ModelCard['metrics'];
export type Measured = Metrics['table'][number];

/** All that has a part in an answer. */
export type Answering = Pick<
  ModelCard,
  'name' | 'family' | 'purpose' | 'file' | 'input' | 'outputs' | 'calibration' | 'label'
>;

/**
 * Reads the text of a `card.json`. Throws `ArtefactError`: no card, one of another format, a field
 * that is not as expected (named, with what was expected), or contents that are not those that its
 * hash was made of.
 */
export function parseCard(json: string): ModelCard {
  if (json.length > CARD_BYTES_MAX) {
    throw new ArtefactError('MODEL_OVERSIZED', `a card of ${json.length} characters is too long`);
  }
  const parsed = Card.safeParse(valueOf(json));
  if (!parsed.success) {
    throw new ArtefactError('MODEL_UNREADABLE', `the card: ${z.prettifyError(parsed.error)}`, {
      cause: parsed.error,
    });
  }
  const card = parsed.data;
  const fault = faultOf(card);
  if (fault !== undefined) throw new ArtefactError('MODEL_UNREADABLE', `the card: ${fault}`);
  const contentHash = contentHashOf(card);
  if (contentHash !== card.contentHash || card.version !== versionOf(card.name, contentHash)) {
    throw new ArtefactError(
      'MODEL_CHANGED',
      `the card of ${card.name} states ${card.version}, but its contents hash to ` +
        versionOf(card.name, contentHash),
    );
  }
  return card;
}

/** The text of a `card.json`: one form for one card. */
export function cardText(card: ModelCard): string {
  return `${JSON.stringify(card, undefined, 2)}\n`;
}

/** 16 hex digits over the model's bytes, by their sha256, and all else that makes an answer. */
export function contentHashOf(card: Answering): string {
  const { name, family, purpose, file, input, outputs, calibration: after, label } = card;
  const parts = [
    CARD_FORMAT,
    [name, family, purpose],
    [file.name, file.bytes, file.sha256],
    [input.layoutHash, input.features, input.window],
    outputs,
    after === undefined ? [] : calibrationParts(after),
    [label.kind, label.horizonBars],
  ];
  return hashText(JSON.stringify(parts));
}

export function versionOf(name: string, contentHash: string): string {
  return `${name}@${contentHash.slice(0, 8)}`;
}

export function rowWidth(card: Pick<ModelCard, 'input'>): number {
  return card.input.features.length * card.input.window;
}

/**
 * Holds a card against what its user computes. A row may hold more bars than the model sees, since
 * several share one: its own are the last. Throws `ArtefactError`.
 */
export function expectCard(
  card: Pick<ModelCard, 'name' | 'version' | 'input'>,
  expected: { readonly layoutHash: string; readonly width: number; readonly version?: string },
): void {
  const { name, version, input } = card;
  if (input.layoutHash !== expected.layoutHash) {
    throw new ArtefactError(
      'MODEL_LAYOUT',
      `model ${name} needs features of layout ${input.layoutHash}, not ${expected.layoutHash}`,
    );
  }
  const own = rowWidth(card);
  if (own > expected.width || expected.width % input.features.length !== 0) {
    throw new ArtefactError(
      'MODEL_WIDTH',
      `model ${name} takes rows of ${own} numbers, not ${expected.width}`,
    );
  }
  if (expected.version !== undefined && version !== expected.version) {
    throw new ArtefactError('MODEL_VERSION', `the model is ${version}, not ${expected.version}`);
  }
}

function calibrationParts(after: Calibration): readonly unknown[] {
  switch (after.kind) {
    case 'isotonic':
      return [after.kind, after.at, after.value];
    case 'platt':
      return [after.kind, after.slope, after.intercept];
  }
}

function valueOf(json: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new ArtefactError('MODEL_UNREADABLE', 'the card is no JSON', { cause: error });
  }
  const format = typeof value === 'object' && value !== null && 'format' in value && value.format;
  if (format === CARD_FORMAT) return value;
  const said = typeof format === 'string' ? `"${format.slice(0, 64)}"` : 'no format';
  throw new ArtefactError('MODEL_FOREIGN', `the card says ${said}, expected "${CARD_FORMAT}"`);
}

/** What one field alone does not show. */
function faultOf(card: ModelCard): string | undefined {
  const { input, outputs, calibration: after, file, family } = card;
  if (rowWidth(card) > ROW_WIDTH_MAX) return `a row has more than ${ROW_WIDTH_MAX} numbers`;
  if (new Set(input.features).size < input.features.length) return 'a feature is there twice';
  if (new Set(outputs).size < outputs.length) return 'an output is there twice';
  if (file.name !== fileOf(family)) return `a ${family} is kept in ${fileOf(family)}`;
  if (after === undefined) return undefined;
  if (!outputs.includes('probability')) return 'calibrated, without a probability';
  return calibrationFault(after);
}

/** One that falls would make a model say the reverse of what it learned. */
function calibrationFault(after: Calibration): string | undefined {
  if (after.kind === 'platt') {
    return after.slope > 0 ? undefined : 'a calibration whose slope is not above 0';
  }
  const { at, value } = after;
  if (at.length !== value.length) return 'a calibration with knots without values';
  const isRising = at.every((place, knot) => knot === 0 || place > (at[knot - 1] ?? place));
  if (!isRising) return 'a calibration whose knots do not rise';
  const isFalling = value.some((level, knot) => level < (value[knot - 1] ?? level));
  return isFalling ? 'a calibration whose values fall' : undefined;
}

export function fileOf(family: Family): (typeof MODEL_FILES)[number] {
  switch (family) {
    case 'mlp':
    case 'dlinear':
    case 'lstm':
    case 'transformer':
    case 'nhits':
    case 'patchtst':
      return 'model.onnx';
    case 'xgboost':
    case 'forest':
      return 'model.json';
    case 'lightgbm':
      return 'model.txt';
  }
}
