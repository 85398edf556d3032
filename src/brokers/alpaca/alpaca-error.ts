/** What ends the service: its supervisor makes a new one, within its budget. */
export class AlpacaError extends Error {
  override readonly name = 'AlpacaError';
  readonly code: 'BROKER_KEY_REFUSED' | 'BROKER_UNREACHABLE' | 'BROKER_UNREADABLE';
  /** A key that is refused will not be taken the next time. */
  readonly isFinal: boolean;

  constructor(code: AlpacaError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.isFinal = code === 'BROKER_KEY_REFUSED';
  }
}
