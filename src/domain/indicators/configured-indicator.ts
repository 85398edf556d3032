import type { Indicator } from './indicator.ts';

/** An indicator that also tells its parameters: two averages in one set differ by nothing else. */
export interface ConfiguredIndicator extends Indicator {
  /** In the order of the factory's arguments: `[12, 26, 9]`. */
  readonly parameters: readonly number[];
}
