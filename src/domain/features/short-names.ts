/** What traders type for the columns and features that they read most. */
export const SHORT_NAMES: ReadonlyMap<string, string> = new Map([
  ...['open', 'high', 'low', 'close', 'volume'].map((name) => [name, `bar.${name}`] as const),
  ['relVolume', 'relativeVolume20'],
]);
