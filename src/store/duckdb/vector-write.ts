import type { Vectors } from './native.ts';

/** Fills one vector of a chunk with the chosen rows of one column. */
export type VectorWrite = (vector: Vector, chosen: ChosenRows) => void;

export type Vector = ReturnType<Vectors['data_chunk_get_vector']>;

export interface ChosenRows {
  readonly rows: Uint32Array;
  readonly length: number;
  /** They follow one another, so a part of a column is copied at once. */
  readonly isRun: boolean;
}
