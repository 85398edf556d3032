/**
 * A named number that models, scanners and people read, declared once: the declaration drives the
 * registry, the check of a config, the table in the docs and the hash of a layout.
 */
export interface FeatureDeclaration {
  /** As config and expressions name it: `return5`, `relativeVolume`. */
  readonly name: string;
  readonly family: FeatureFamily;
  /** What it tells, in one sentence. */
  readonly tells: string;
  /** Where the formula is from, where it is anybody's. */
  readonly source?: string;
  readonly units: FeatureUnits;
  /** The lowest layer whose symbols have it computed. */
  readonly layer: 0 | 1 | 2 | 3;
  /** Raised when it changes what it means without changing its name: every layout hash moves. */
  readonly version: number;
  /** A row without it is refused; any other may be imputed, and is flagged. */
  readonly isCritical: boolean;
  /** What stands in for it where it is NaN: a value, or the mean of the training data. */
  readonly imputed: number | 'mean';
  /**
   * What it reads, in the order in which `formula` gets them: columns of sources (`bar.close`,
   * `quote.bid`), outputs of indicators (`atr14`, `macd12-26-9.histogram`) and other features.
   * Where one names no timeframe, it has that of the feature (`return5:5m`).
   */
  readonly inputs: readonly string[];
  /** Reads `x[0 .. inputs.length)` and nothing else; answers NaN where it is not defined. */
  readonly formula: (x: Float64Array) => number;
}

export const FEATURE_FAMILIES = [
  'price-volume',
  'technical',
  'microstructure',
  'cross-asset',
  'regime',
  'macro',
  'layer',
  'temporal',
  'sentiment',
  'fundamental',
  'custom',
] as const;
export type FeatureFamily = (typeof FEATURE_FAMILIES)[number];

/**
 * `atr`: in average true ranges; `bps`: hundredths of a per cent; `share`: 0 to 1; `dollars2`:
 * square dollars, as of a variance; `flag`: 1 where it holds, 0 where it does not, which is a
 * condition where an expression reads it; `number`: of no unit that has a name.
 */
export type FeatureUnits =
  | 'dollars'
  | 'dollars2'
  | 'dollarsPerShare'
  | 'shares'
  | 'ratio'
  | 'share'
  | 'percent'
  | 'bps'
  | 'atr'
  | 'score'
  | 'sign'
  | 'count'
  | 'seconds'
  | 'minutes'
  | 'days'
  | 'probability'
  | 'bits'
  | 'radians'
  | 'degrees'
  | 'flag'
  | 'number';
