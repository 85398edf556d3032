/** Layer 3 is where decisions are made, layer 0 every symbol there is. */
export const LAYERS = [0, 1, 2, 3] as const;
export type Layer = (typeof LAYERS)[number];

/** How rows of a layer are put together. All in wall time but the age of features. */
export interface LayerPolicy {
  /** Rows at which a batch is full. A request that is larger by itself goes alone. */
  readonly batchMax: number;
  /** The first of a batch waits so long for company. 0: for what is asked in the same turn. */
  readonly waitMsMax: number;
  /** Of the features when they are asked about, in market time: older ones are stale. */
  readonly freshnessMsMax: number;
}

/** By the layer's number. */
export type LayerPolicies = readonly [LayerPolicy, LayerPolicy, LayerPolicy, LayerPolicy];
