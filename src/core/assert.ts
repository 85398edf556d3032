/**
 * Our own mistake, never the world's. Nothing below the supervisor catches it: wrong code stops.
 */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
  readonly code = 'INVARIANT';
}

/** States what must be true of values we made. What comes from outside is parsed, not asserted. */
export function assert(condition: boolean, statement: string): asserts condition {
  if (!condition) throw new InvariantError(`broken invariant: ${statement}`);
}

/** Proves at compile time that a switch over a union is complete, and stops us if it was not. */
export function unreachable(value: never): never {
  throw new InvariantError(`unreachable case: ${JSON.stringify(value)}`);
}

/** Turns `undefined` into a stop, for look-ups whose key we put there ourselves. */
export function present<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new InvariantError(`broken invariant: ${what} is present`);
  return value;
}
