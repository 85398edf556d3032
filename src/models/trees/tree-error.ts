/**
 * A model file that is refused, or a model that a format cannot carry. `place` names the line of a
 * text or the field of a document, so that a person finds it.
 */
export class TreeFormatError extends Error {
  override readonly name = 'TreeFormatError';
  readonly code: TreeFormatCode;
  readonly place: string;

  constructor(code: TreeFormatCode, place: string, message: string) {
    super(`${place}: ${message}`);
    this.code = code;
    this.place = place;
  }
}

/**
 * Unreadable: damaged, or not of this format. Unsupported: sound, but it has what we do not have
 * (categories, linear leaves, several classes). Too large: beyond a limit of `tree-model.ts`.
 * Inexact: writing it would change its answers.
 */
export type TreeFormatCode =
  | 'TREES_UNREADABLE'
  | 'TREES_UNSUPPORTED'
  | 'TREES_TOO_LARGE'
  | 'TREES_INEXACT';

/** Rows, labels, weights or options that nothing can be learned from. */
export class TreeDataError extends Error {
  override readonly name = 'TreeDataError';
  readonly code = 'TREES_DATA';
}
