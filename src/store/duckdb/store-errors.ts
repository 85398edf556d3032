import { StoreError, type StoreErrorCode } from '../../ports/store-error.ts';

/**
 * What the database's own words mean. It has no codes; the words are those of 1.5, and what is not
 * among them is `otherwise`, so that an unknown failure is never taken for a success.
 */
export function storeErrorOf(
  error: unknown,
  doing: string,
  otherwise: StoreErrorCode = 'STORE_AWAY',
): StoreError {
  if (error instanceof StoreError) return error;
  const said = messageOf(error);
  const [, code = otherwise] = MEANINGS.find(([words]) => words.test(said)) ?? [];
  return new StoreError(code, `${doing}: ${shortened(said)}`, { cause: error });
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Past these nothing of the instance can be trusted: it is closed and opened anew. */
export function isEndOfInstance(error: unknown): boolean {
  return /database has been invalidated|FATAL Error|INTERNAL Error/.test(messageOf(error));
}

const MEANINGS: readonly (readonly [words: RegExp, code: StoreErrorCode])[] = [
  [/No space left|File too large|max_temp_directory_size/, 'STORE_FULL'],
  [/Could not set lock|Conflicting lock|Unique file handle conflict/, 'STORE_LOCKED'],
  [/not a valid DuckDB|[Cc]orrupt|[Cc]hecksum|Serialization Error/, 'STORE_DAMAGED'],
  [/Could not read enough bytes|Failure while replaying WAL/, 'STORE_DAMAGED'],
  [/version number \d+, but we can only read/, 'STORE_DAMAGED'],
  [/Permission denied|read-only mode/, 'STORE_REFUSED'],
];

const SAID_MAX = 500;

/** The first words: it adds a page of advice, and the place in a long question. */
function shortened(said: string): string {
  const [first = ''] = said.split('\n\nSee also');
  return first.length > SAID_MAX ? `${first.slice(0, SAID_MAX)}...` : first.trimEnd();
}
