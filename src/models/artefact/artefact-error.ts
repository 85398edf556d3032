/** A model that cannot be used as it was found. The codes are rows of `ERROR_CODES`. */
export class ArtefactError extends Error {
  override readonly name = 'ArtefactError';
  readonly code:
    | 'MODEL_UNREADABLE'
    | 'MODEL_CHANGED'
    | 'MODEL_FOREIGN'
    | 'MODEL_LAYOUT'
    | 'MODEL_MISSING'
    | 'MODEL_OVERSIZED'
    | 'MODEL_VERSION'
    | 'MODEL_WIDTH';

  constructor(code: ArtefactError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
