/**
 * What a symbol's market looked like when a signal was made. Prices in ten-thousandths; NaN where
 * there is none. A plain copy: nobody reads another actor's row.
 */
export interface MarketView {
  readonly bid: number;
  readonly ask: number;
  /** Receive time of the last quote; 0 if there never was one. */
  readonly quoteUs: number;
  /** A feed without quotes: quote checks become checks of the last bar's age. */
  readonly isBarOnly: boolean;
  readonly last: number;
  /** End of the last closed bar; 0 if there is none. */
  readonly barUs: number;
  /** Trading stopped by the exchange, or quotes not seen since it resumed. */
  readonly isHalted: boolean;
  /** Limit-up limit-down band; NaN where none is known. */
  readonly bandLow: number;
  readonly bandHigh: number;
  /** Average true range of the last bars; NaN until ready. */
  readonly averageRange: number;
}
