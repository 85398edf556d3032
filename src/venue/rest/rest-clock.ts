/** The venue's time: rules and rate limits live by it. */
export interface RestClock {
  nowUs(): number;
  /** What `/v2/clock` says, where the venue's clock is made to be wrong. */
  toldUs?(): number;
  /** Market seconds in one of ours: `Retry-After` is in ours. */
  readonly speed: number;
}
