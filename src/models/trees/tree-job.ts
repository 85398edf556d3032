import type { BoostingOptions, TreeRows } from './tree-options.ts';

export interface TreeJob {
  readonly data: TreeRows;
  /** What early stopping looks at, and the curve beside the training loss. */
  readonly validation?: TreeRows;
  readonly options: BoostingOptions;
}

/** After a tree. Losses are mean log losses or mean squared errors. */
export interface TreeProgress {
  /** How many trees there are, of how many at most. */
  readonly tree: number;
  readonly trees: number;
  /** Of at most 10,000 rows, evenly apart. */
  readonly loss: number;
  readonly validationLoss?: number;
  /** With how many trees the validation loss was least; all of them without validation. */
  readonly bestTree: number;
}
