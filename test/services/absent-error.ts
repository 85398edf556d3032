/** A server cannot be had on this machine; the message says why and what to do about it. */
export class AbsentError extends Error {
  override readonly name = 'AbsentError';
}
