import { joinModels, modelsIn } from '../ports/model-columns.ts';
import type { Effect } from '../ports/effect.ts';
import type { ScoreColumn } from '../ports/inference-backend.ts';
import type { EffectAnswer } from '../ports/service.ts';

export type Infer = Extract<Effect, { kind: 'infer' }>;

/** Why a question to the models has no scores. */
export type InferenceRefusal =
  | 'INFER_MODEL_UNKNOWN'
  | 'INFER_WIDTH'
  | 'INFER_NOT_A_NUMBER'
  | 'INFER_LAYOUT'
  | 'INFER_STALE'
  // Only a live service says these: in virtual time it is never late, busy or gone.
  | 'INFER_ROWS_MAX'
  | 'INFER_BUSY'
  | 'INFER_LATE'
  | 'INFER_MODELS_MAX'
  | 'INFER_FAILED'
  | 'INFER_DIED'
  | 'INFER_STOPPED';

export interface ModelIdentity {
  readonly name: string;
  readonly version: string;
  readonly width: number;
}

/** A question without scores, and why. */
export interface NoScores {
  readonly outcome: 'refused' | 'failed' | 'expired';
  readonly code: InferenceRefusal;
  readonly message: string;
}

/** A model's scores for all rows: beside each other those of a row, `NaN` where it has none. */
export interface ModelScores {
  readonly model: string;
  /** That computed them: the current one at some time between question and answer. */
  readonly version: string;
  /** What the scores of a row are, beside each other. */
  readonly columns: readonly ScoreColumn[];
  readonly scores: Float64Array;
}

export interface Question {
  readonly models: readonly string[];
  readonly rows: number;
  readonly width: number;
  readonly features: Float64Array;
}

/** The models of a question, without those that there are not. */
export function knownOf<Model>(
  { models }: Pick<Question, 'models'>,
  there: ReadonlyMap<string, Model>,
): readonly Model[] {
  return [...new Set(models)].flatMap((name) => there.get(name) ?? []);
}

/** What is wrong with the question itself, if anything. */
export function questionFault(
  question: Question,
  there: ReadonlyMap<string, ModelIdentity>,
): NoScores | undefined {
  const { models, rows, width, features } = question;
  const known = knownOf(question, there);
  if (known.length === 0) {
    const named = models.join(', ') || 'named';
    return without('refused', 'INFER_MODEL_UNKNOWN', `there is no model ${named}`);
  }
  const other = known.find(
    (model) => width !== model.width || features.length !== rows * model.width,
  );
  if (other === undefined) return undefined;
  const sent = `${features.length} numbers for ${rows} rows of ${width}`;
  return without(
    'failed',
    'INFER_WIDTH',
    `${other.name} takes rows of ${other.width}, not ${sent}`,
  );
}

/**
 * Takes away what is no score. Of several models a row that one cannot score is NaN in its column,
 * and only that; asked alone, a model answers all rows or none. What is wrong then, if anything.
 */
export function scoreFault(
  scores: Float64Array,
  outputs: number,
  isAlone: boolean,
): string | undefined {
  const rows = scores.length / outputs;
  let broken = 0;
  let first = 0;
  for (let row = 0; row < rows; row += 1) {
    const of = scores.subarray(row * outputs, (row + 1) * outputs);
    if (of.every(Number.isFinite)) continue;
    of.fill(Number.NaN);
    if (broken === 0) first = row;
    broken += 1;
  }
  if (broken === 0 || (!isAlone && broken < rows)) return undefined;
  return `row ${first} has no score`;
}

/**
 * As the journal has it: a column for each model that was asked, by `model-columns.ts`. It holds
 * probabilities alone, as a session trades on them: a model that says none, such as one that tells
 * returns, has no score here.
 */
export function inferAnswer(effect: Infer, given: readonly ModelScores[]): EffectAnswer {
  const names = modelsIn(effect.model);
  const rows = effect.rows.length;
  const scores = new Float64Array(names.length * rows).fill(Number.NaN);
  const versions = names.map((name, place) => {
    const of = given.find(({ model }) => model === name);
    const said = of === undefined ? undefined : probabilities(of);
    if (of === undefined || said === undefined) return '';
    scores.set(said, place * rows);
    return of.version;
  });
  if (given.length > 0 && versions.every((version) => version === '')) {
    const said = given.map(({ version }) => version).join(', ');
    return without('failed', 'INFER_FAILED', `${said} has no probability`);
  }
  return { outcome: 'done', scores, modelVersion: joinModels(versions) };
}

function probabilities({ columns, scores }: ModelScores): Float64Array | undefined {
  const place = columns.indexOf('probability');
  if (place < 0) return undefined;
  if (columns.length === 1) return scores;
  const rows = scores.length / columns.length;
  const at = (row: number) => scores[row * columns.length + place] ?? Number.NaN;
  return Float64Array.from({ length: rows }, (_, row) => at(row));
}

export function without(
  outcome: NoScores['outcome'],
  code: InferenceRefusal,
  message: string,
): NoScores {
  return { outcome, code, message };
}
