/** Training that cannot begin, or that ended without a model. */
export class TrainError extends Error {
  override readonly name = 'TrainError';
  readonly code:
    | 'TRAIN_CANCELLED'
    | 'TRAIN_FEATURES'
    | 'TRAIN_MODELS_UNKNOWN'
    | 'TRAIN_RUNNING'
    | 'TRAIN_SAMPLES_FEW'
    | 'TRAIN_SOURCE'
    | 'TRAIN_UNIVERSE_EMPTY'
    | 'TRAIN_WORKER_DIED';

  constructor(code: TrainError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
