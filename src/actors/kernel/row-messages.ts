/** Its sweep tells a symbol's row that the time of its open bar is over. */
export interface CloseBar {
  readonly kind: 'closeBar';
}

/** The models' probabilities that the symbol's price rises; NaN of one that gave none. */
export interface RowScored {
  readonly kind: 'rowScored';
  readonly scores: Float64Array;
  /** Of each model; empty where it gave no answer at all. */
  readonly versions: readonly string[];
  /** End of the bar that was scored. */
  readonly barUs: number;
}

export type SymbolRowMessage = CloseBar | RowScored;

/** A closed bar as the layers measure it. */
export interface Measured {
  readonly kind: 'measured';
  /** Close in ten-thousandths. */
  readonly price: number;
  /** Shares in the bar. */
  readonly volume: number;
  /** Quoted spread in basis points of the middle; NaN without a quote. */
  readonly spreadBps: number;
  /** Average true range over price, in basis points; NaN until ready. */
  readonly rangeBps: number;
  /** Change over the bar, in average true ranges; NaN until ready. */
  readonly momentum: number;
  readonly zScore: number;
  readonly isHalted: boolean;
}

/** A completed day, from history. */
export interface DayMeasured {
  readonly kind: 'dayMeasured';
  readonly close: number;
  readonly volume: number;
}

/** Trading in the symbol stopped; the next measured bar says whether it goes on. */
export interface HaltSeen {
  readonly kind: 'haltSeen';
}

export type LayerRowMessage = Measured | DayMeasured | HaltSeen;

/** A complete feature row, valid until the row's next bar. */
export interface FeaturesReady {
  readonly kind: 'featuresReady';
  readonly features: Float64Array;
  /** End of the bar that it describes, and its close in ten-thousandths. */
  readonly barUs: number;
  readonly close: number;
}

/** What the predictions tell a row of theirs: so it was scored. */
export interface BarScored {
  readonly kind: 'barScored';
  readonly scores: Float64Array;
  readonly barUs: number;
}

/** A bar that closed and of which no features were told: what was said may be about its close. */
export interface BarClosed {
  readonly kind: 'barClosed';
  readonly barUs: number;
  readonly close: number;
}

/** A closed bar turned out to be another one, and the symbol has learned again since then. */
export interface BarChanged {
  readonly kind: 'barChanged';
  /** Of the bar that changed. */
  readonly barUs: number;
  /** Of the last bar, as it is now; no features where the row must not be scored. */
  readonly features: Float64Array | undefined;
  readonly close: number;
}

export type PredictionRowMessage = FeaturesReady | BarScored | BarClosed | BarChanged;
