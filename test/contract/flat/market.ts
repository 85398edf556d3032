/** What every bar of a flat market is. */
export const FLAT_PRICE = 101.37;
export const FLAT_VOLUME = 1_200;

/**
 * What the outputs are when every bar is the same: values, or a function of the parameters and of
 * the bars so far. NaN where the indicator is undefined in such a market (`undefinedWhere`).
 */
export type Flat =
  | readonly number[]
  | ((parameters: readonly number[], bars: number) => readonly number[]);
