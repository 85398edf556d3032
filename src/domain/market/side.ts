import { oneOf, type ValueOf } from '../../core/record.ts';

export const side = oneOf('buy', 'sell');
export type Side = ValueOf<typeof side>;

/** +1 for a buy, -1 for a sell: the sign of the change in position. */
export function signOf(value: Side): 1 | -1 {
  return value === 'buy' ? 1 : -1;
}
