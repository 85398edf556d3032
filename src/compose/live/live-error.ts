/** Why a live session cannot begin. */
export class LiveError extends Error {
  override readonly name = 'LiveError';
  readonly code:
    | 'LIVE_KEYS_MISSING'
    | 'LIVE_MODE_OTHER'
    | 'LIVE_ACCOUNT_HELD'
    | 'LIVE_ACCOUNT_OTHER'
    | 'LIVE_FAULT_POINT'
    | 'LIVE_NO_SYMBOLS'
    | 'VENUE_NOT_STARTED'
    | 'VENUE_UNREACHABLE';

  constructor(code: LiveError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
