const MESSAGE_CHARACTERS_MAX = 200;

/** What a crash says of itself, cut to what a journal should keep. */
export function textOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.slice(0, MESSAGE_CHARACTERS_MAX);
}

export function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    return error.code.slice(0, MESSAGE_CHARACTERS_MAX);
  }
  return error instanceof Error ? error.name : 'THROWN';
}
