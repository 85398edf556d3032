/** An ONNX file that cannot be written, or that is not one of ours to read. */
export class OnnxError extends Error {
  override readonly name = 'OnnxError';
  readonly code: 'ONNX_DAMAGED' | 'ONNX_LIMIT' | 'ONNX_UNSUPPORTED' | 'ONNX_VALUE';

  constructor(code: OnnxError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
