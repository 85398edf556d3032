/** A recording that cannot be opened at all. What is wrong inside one is a fault, not an error. */
export class RecordedError extends Error {
  override readonly name = 'RecordedError';
  readonly code:
    | 'RECORDED_MISSING'
    | 'RECORDED_UNRECOGNISED'
    | 'RECORDED_DATE_MISSING'
    | 'RECORDED_UNREADABLE'
    | 'RECORDED_WHOLE';

  constructor(code: RecordedError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
