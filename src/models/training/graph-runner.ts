import type { Graph } from '../graph/graph.ts';

/**
 * Something that runs a graph: the interpreter, or a native runtime behind `src/gpu`.
 *
 * One call at a time. The arrays of an answer may be views that the next call reuses: whoever keeps
 * one copies it.
 */
export interface GraphRunner {
  /** What does the work, as a card and a log name it. */
  readonly runtime: string;
  run(inputs: ReadonlyMap<string, Float32Array>): Promise<ReadonlyMap<string, Float32Array>>;
  release(): Promise<void>;
}

/** Takes a graph whose batch is bound and whose parameters are all inputs. */
export type OpenRunner = (graph: Graph) => Promise<GraphRunner>;
