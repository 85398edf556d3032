/**
 * `LAKE_AWAY`: not reached, or kept answering that it cannot; try again. `LAKE_FULL`: no room.
 * `LAKE_REFUSED`: rights, a wrong name, a bucket that is not there. `LAKE_MISSING`: no such file.
 * `LAKE_DAMAGED`: a file is not what its manifest says. `LAKE_DIFFERS`: what was copied is not what
 * was read; nothing was deleted. `LAKE_NEWER`: written by a later build. `LAKE_READER_MISSING`:
 * DuckDB's native part is not installed here.
 */
export type LakeErrorCode =
  | 'LAKE_AWAY'
  | 'LAKE_FULL'
  | 'LAKE_REFUSED'
  | 'LAKE_MISSING'
  | 'LAKE_DAMAGED'
  | 'LAKE_DIFFERS'
  | 'LAKE_NEWER'
  | 'LAKE_READER_MISSING';

/** Names place and file, and never a key of a bucket. */
export class LakeError extends Error {
  override readonly name = 'LakeError';
  readonly code: LakeErrorCode;

  constructor(code: LakeErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
