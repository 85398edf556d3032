import { oneOf, type ValueOf } from '../../core/record.ts';

/**
 * Where one of our orders stands, in our own books. `unknown` is a state of its own: a timeout is
 * not a rejection. `notPlaced` by absence is provisional: a late accept is adopted (see
 * machine.ts for the graph).
 */
export const standing = oneOf(
  'intended',
  'unknown',
  'working',
  'partiallyFilled',
  'cancelPending',
  'replacePending',
  'filled',
  'canceled',
  'expired',
  'rejected',
  'replaced',
  'notPlaced',
);

export type Standing = ValueOf<typeof standing>;
