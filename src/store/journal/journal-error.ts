/** The journal cannot take, or cannot read, a record. Nothing acknowledged before it is lost. */
export class JournalError extends Error {
  override readonly name = 'JournalError';
  readonly code:
    | 'JOURNAL_FAILED'
    | 'JOURNAL_FULL'
    | 'JOURNAL_CLOSED'
    | 'JOURNAL_MOVED'
    | 'JOURNAL_VERSION';

  constructor(code: JournalError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * What is on the disk is not what was written, and it is not the unfinished end of a crash. Nobody
 * repairs this by itself: the engine stops and a person decides.
 */
export class JournalDamage extends Error {
  override readonly name = 'JournalDamage';
  readonly code = 'JOURNAL_DAMAGED';
  /** Name of the file inside the journal's folder. */
  readonly segment: string;
  /** Byte inside the segment where the damaged part begins. */
  readonly offset: number;
  readonly expected: string;

  constructor(segment: string, offset: number, expected: string) {
    super(`${segment} is damaged at byte ${offset}: expected ${expected}`);
    this.segment = segment;
    this.offset = offset;
    this.expected = expected;
  }
}
