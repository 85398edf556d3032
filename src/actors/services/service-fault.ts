/** Why the tree itself ended an instance of a service. */
export class ServiceFault extends Error {
  override readonly name = 'ServiceFault';
  readonly code: 'SERVICE_HUNG' | 'SERVICE_KILLED' | 'SERVICE_CRASHED';

  constructor(code: ServiceFault['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** What a log line, an answer and the screen have room for. */
const MESSAGE_LENGTH_MAX = 300;

export function describeError(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return text.slice(0, MESSAGE_LENGTH_MAX);
}
