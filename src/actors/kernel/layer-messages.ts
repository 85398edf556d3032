/** A closed bar as the layers measure it. */
export interface Measured {
  readonly kind: 'measured';
  /** Close in ten-thousandths. */
  readonly price: number;
  /** Of the bar. */
  readonly volume: number;
  readonly spreadBps: number;
  /** Average true range over price, in basis points. */
  readonly rangeBps: number;
  /** Change over the last bars, in average true ranges. */
  readonly momentum: number;
  readonly zScore: number;
  readonly isHalted: boolean;
  readonly barUs: number;
}

/** A completed day, from history or from our own bars. */
export interface DayMeasured {
  readonly kind: 'dayMeasured';
  readonly close: number;
  readonly volume: number;
}

export type LayerRowMessage = Measured | DayMeasured;
