import { assert } from '../core/assert.ts';

/**
 * Several models score a row in one pass. `infer.model` then names them all, and an answer's
 * `modelVersion` their versions, in the same order and joined by a plus; its `scores` hold a column
 * a model, one after another: all rows of the first, then all rows of the next. Of a model that
 * gave no answer the version is empty and the column NaN; one NaN is a row that it cannot score.
 * With a single model all of it is what it looks like.
 */
const JOINT = '+';

/** What `infer.model` or an answer's `modelVersion` says, one by one. */
export function modelsIn(text: string): readonly string[] {
  return text.split(JOINT);
}

/** The text of several; names and versions have no plus in them. */
export function joinModels(names: readonly string[]): string {
  assert(names.length > 0 && !names.some((name) => name.includes(JOINT)), 'names have no plus');
  return names.join(JOINT);
}

/** The scores of the model at this place; empty where the answer is too short for it. */
export function columnOf(scores: Float64Array, rows: number, place: number): Float64Array {
  const column = scores.subarray(place * rows, (place + 1) * rows);
  return column.length === rows ? column : new Float64Array(0);
}
