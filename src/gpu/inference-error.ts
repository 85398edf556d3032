/** Inference that cannot run, or no longer does. The models themselves have `ArtefactError`. */
export class InferenceError extends Error {
  override readonly name = 'InferenceError';
  readonly code:
    | 'INFERENCE_DIED'
    | 'INFERENCE_HUNG'
    | 'INFERENCE_REFUSED'
    | 'INFERENCE_STOPPED'
    | 'ONNX_UNAVAILABLE'
    | 'ONNX_FAILED'
    | 'TENSORFLOW_UNAVAILABLE'
    | 'TENSORFLOW_FAILED';

  constructor(code: InferenceError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
