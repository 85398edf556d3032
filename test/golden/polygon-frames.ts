/** The symbols that are known while golden frames of Polygon are read. */
export const POLYGON_SYMBOLS = ['AAPL', 'SPY', 'XYZ', 'MSFT', 'BRK.A'] as const;
