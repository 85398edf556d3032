/** What a test of the adapter does not care about. */
export const ALPACA_DEFAULTS = {
  name: 'alpaca',
  keyId: 'PK1',
  secret: 's1',
  policy: {
    backoffMinMs: 1,
    backoffMaxMs: 10,
    restartsMax: 5,
    withinMs: 1_000,
    inFlightMax: 100,
    hungMs: 10_000,
  },
  requestsPerMinute: 200,
  requestsKept: 40,
  orderMsMax: 4_500,
  statementMsMax: 20_000,
  firstWordMsMax: 4_000,
  stream: {
    connectMsMax: 5_000,
    pingMs: 2_000,
    pongMsMax: 3_000,
    backoffMinMs: 250,
    backoffMaxMs: 30_000,
    stableMs: 30_000,
  },
  chance: () => 1,
} as const;
