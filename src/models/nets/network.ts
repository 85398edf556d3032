import type { Graph } from '../graph/graph.ts';
import type { Dropout } from '../training/dropout-masks.ts';

/**
 * What a graph is built for. `training` has the loss, dropout masks and the batch's own statistics;
 * `evaluation` has the loss without either, by what serving will use; `serving` has the answers.
 */
export type Mode = 'training' | 'evaluation' | 'serving';

/** Mean and variance of a batch, which the loop folds into what serving normalises by. */
export interface Statistic {
  /** Outputs `mean:<name>` and `variance:<name>`; parameters of serving, see `runningNames`. */
  readonly name: string;
  readonly width: number;
  /** How many values of one sample each is taken over. */
  readonly valuesPerSample: number;
}

export interface NetworkGraph {
  readonly graph: Graph;
  readonly dropouts: readonly Dropout[];
  readonly statistics: readonly Statistic[];
}

/** One definition, three graphs. Parameters of the same name are the same in all of them. */
export interface Network {
  readonly name: string;
  build(mode: Mode): NetworkGraph;
}

/** The parameters of serving and evaluation that no gradient makes. */
export function runningNames(statistic: string): {
  readonly mean: string;
  readonly variance: string;
} {
  return { mean: `${statistic}.runningMean`, variance: `${statistic}.runningVariance` };
}
