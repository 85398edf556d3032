/** Training that cannot go on. The codes are rows of `ERROR_CODES`. */
export class TrainingError extends Error {
  override readonly name = 'TrainingError';
  readonly code: 'TRAINING_CHECKPOINT' | 'TRAINING_DIVERGED' | 'TRAINING_INPUT';

  constructor(code: TrainingError['code'], message: string) {
    super(message);
    this.code = code;
  }
}
