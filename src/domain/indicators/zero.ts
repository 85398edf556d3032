/** TA-Lib's TA_EPSILON: at or above it a sum of moves counts, below it the market stood still. */
export const ZERO_BELOW = 1e-14;
