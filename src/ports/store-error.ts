/**
 * `STORE_AWAY`: not reached, or gone in the middle; may come back. `STORE_FULL`: no room.
 * `STORE_SCHEMA`: a table is not what was declared. `STORE_DAMAGED`: what is there cannot be read.
 * `STORE_REFUSED`: it was understood and denied: rights, a wrong query. `STORE_LOCKED`: another
 * process has it.
 */
export type StoreErrorCode =
  | 'STORE_AWAY'
  | 'STORE_FULL'
  | 'STORE_SCHEMA'
  | 'STORE_DAMAGED'
  | 'STORE_REFUSED'
  | 'STORE_LOCKED';

/** Says what happened, where, and what to do next. Never a password, a token or a URL with one. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
