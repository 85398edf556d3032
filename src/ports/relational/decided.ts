/**
 * What a registry answers to a wish that its rules may deny. A denial is an answer: nothing was
 * changed, and the same wish gets the same answer until something else changes.
 */
export type Decided<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'refused'; readonly code: RegistryRefusal; readonly reason: string };

/**
 * `IDENTITY_REUSED`: the id is known, with other content. `UNKNOWN_ID`: there is no such row.
 * `ALREADY_ACTIVE`: a type has one active model. `SUCCESSOR_MISSING`: the last active model of a
 * type goes only for another. `STATUS_FORBIDS`: not from the status it has. `VERSION_OTHER`:
 * somebody was quicker. `KEY_BUSY`: an open job has that key. `CLAIM_LOST`: the job is somebody
 * else's by now, or ended. `NAME_TAKEN`: another symbol has that name then. `TIME_BACKWARDS`: it
 * would end before it began, or change what was before.
 */
export type RegistryRefusal =
  | 'IDENTITY_REUSED'
  | 'UNKNOWN_ID'
  | 'ALREADY_ACTIVE'
  | 'SUCCESSOR_MISSING'
  | 'STATUS_FORBIDS'
  | 'VERSION_OTHER'
  | 'KEY_BUSY'
  | 'CLAIM_LOST'
  | 'NAME_TAKEN'
  | 'TIME_BACKWARDS';

/** A person or a part of the engine, and why. */
export interface Author {
  readonly by: string;
  readonly reason: string;
}
