/**
 * What may go wrong between the venue's books and a client (venues.md 10, chaos controls). All but
 * `refuse` and `limit` let the request take effect first: that is what makes them hard.
 */
export type RestFault =
  /** The answer comes late, by wall time. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** No answer: the connection is cut. */
  | { readonly kind: 'drop' }
  /** A 5xx instead of the answer. */
  | { readonly kind: 'fail'; readonly status: number }
  /** A 5xx, and nothing happened. */
  | { readonly kind: 'refuse'; readonly status: number }
  /** 429 for a span of the venue's time, and nothing happens; some proxies add no headers. */
  | { readonly kind: 'limit'; readonly forUs: number; readonly hasHeaders: boolean }
  /** A body that is no JSON, under the status of the answer. */
  | { readonly kind: 'garbage'; readonly text: string }
  /** A page with a token and no rows; the token leads to the same rows again. */
  | { readonly kind: 'emptyPage' }
  /** A page whose next token is the one it was asked with. */
  | { readonly kind: 'repeatToken' };

export interface FaultQuestion {
  readonly method: string;
  readonly path: string;
  readonly nowUs: number;
  /** Whether the request asks for a page after the first. */
  readonly hasToken: boolean;
}

/** Asked once for every request that was let in. */
export interface RestFaults {
  take(question: FaultQuestion): RestFault | undefined;
}

export const NO_FAULTS: RestFaults = { take: () => undefined };
