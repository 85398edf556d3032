/** A session that cannot be gone on with, or that is not what its description says. */
export class SessionError extends Error {
  override readonly name = 'SessionError';
  readonly code:
    | 'SESSION_UNREADABLE'
    | 'SESSION_INCOMPLETE'
    | 'SESSION_OTHER_ACCOUNT'
    | 'SESSION_OTHER_MARKET';

  constructor(code: SessionError['code'], message: string) {
    super(message);
    this.code = code;
  }
}
