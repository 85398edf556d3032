declare const proof: unique symbol;

/**
 * Something that risk has let pass. Only `domain/risk` makes one, so an order that skipped risk
 * does not type-check.
 */
export interface RiskApproved<T> {
  readonly value: T;
  readonly [proof]: 'approved';
}

/** For the risk decision alone; tidy knows its callers. */
export function approve<T>(value: T): RiskApproved<T> {
  return { value } as RiskApproved<T>;
}
