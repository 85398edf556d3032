/** Rare things about one symbol, as sources hear them. Times are when we learned of them. */
export type SymbolFact =
  | {
      readonly kind: 'news';
      readonly headline: string;
      /** -1 to 1 where the provider scores it, else NaN. */
      readonly sentiment: number;
      readonly nowUs: number;
    }
  | {
      readonly kind: 'layerMoved';
      readonly layer: number;
      readonly isMember: boolean;
      readonly nowUs: number;
    }
  /** A date on which the company reports or has reported: whole days since 1970. */
  | { readonly kind: 'earnings'; readonly day: number; readonly nowUs: number }
  | {
      readonly kind: 'fundamental';
      /** `earningsPerShare`, `bookValuePerShare`, ... */
      readonly field: string;
      readonly value: number;
      readonly nowUs: number;
    };

/** Rare things about the whole market. */
export type MarketFact =
  | {
      readonly kind: 'session';
      /** Whole days since 1970 in New York. */
      readonly day: number;
      readonly openUs: number;
      readonly closeUs: number;
      readonly nowUs: number;
    }
  /** A number of the economy, on the day of its release. */
  | {
      readonly kind: 'macro';
      /** `M2SL`, `ICSA`, `T10Y2Y`, ... */
      readonly series: string;
      readonly value: number;
      /** The day that it is of: whole days since 1970. */
      readonly observedDay: number;
      readonly nowUs: number;
    }
  /** The last value of an index that is no traded symbol here: `VIX`, `VIX3M`. */
  | {
      readonly kind: 'index';
      readonly index: string;
      readonly value: number;
      readonly nowUs: number;
    };
