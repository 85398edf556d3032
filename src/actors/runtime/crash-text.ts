const MESSAGE_CHARACTERS_MAX = 200;

/** What a crash says of itself, cut to what a journal should keep. */
export function textOf(error: unknown): string {
  if (error instanceof Error) return String(error.message).slice(0, MESSAGE_CHARACTERS_MAX);
  // To turn an unknown object into text is to run its code, which may throw again.
  if (typeof error === 'object' || typeof error === 'function') return `thrown: ${typeof error}`;
  return String(error).slice(0, MESSAGE_CHARACTERS_MAX);
}

export function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    return error.code.slice(0, MESSAGE_CHARACTERS_MAX);
  }
  return error instanceof Error ? error.name : 'THROWN';
}
