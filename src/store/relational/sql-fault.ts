import { isRecord } from '../../core/json.ts';
import { StoreError, type StoreErrorCode } from '../../ports/store-error.ts';

/** What a driver's error says, without the error: it may hold values and connections. */
export interface SqlFault {
  /** Five characters of PostgreSQL, or a name of the system's such as `ECONNREFUSED`; or empty. */
  readonly state: string;
  readonly message: string;
  /** Of the constraint that was violated, or empty. */
  readonly constraint: string;
}

export function faultOf(error: unknown): SqlFault {
  const { code, message, constraint } = isRecord(error) ? error : {};
  const state = typeof code === 'string' ? code : '';
  const said = typeof message === 'string' && message !== '' ? message : state;
  return {
    state,
    message: said === '' ? String(error) : said,
    constraint: typeof constraint === 'string' ? constraint : '',
  };
}

/** With the fault as its cause, for those who know what a constraint means. */
export function storeErrorOf(fault: SqlFault, place: string): StoreError {
  if (fault.state === '57014') {
    const message = `${place} cancelled a statement that took too long; it was not done`;
    return new StoreError('STORE_AWAY', message, { cause: fault });
  }
  return new StoreError(codeOf(fault), `${place}: ${fault.message}`, { cause: fault });
}

/** The constraint that was violated; undefined where it failed for another reason. */
export function violatedBy(error: unknown): string | undefined {
  const fault = causeOf(error);
  return fault === undefined || !fault.state.startsWith('23') ? undefined : fault.constraint;
}

/** Another transaction was in the way: the same again may well succeed. */
export function isCollision(error: unknown): boolean {
  const state = causeOf(error)?.state;
  return state === '40001' || state === '40P01';
}

function causeOf(error: unknown): SqlFault | undefined {
  if (!(error instanceof StoreError) || !isRecord(error.cause)) return undefined;
  const { state, message, constraint } = error.cause;
  if (typeof state !== 'string' || typeof constraint !== 'string') return undefined;
  return { state, message: String(message), constraint };
}

/** Whatever its state: the server has one for a full disk, and none for a quota or a limit. */
export const NO_ROOM = /No space left on device|Disk quota exceeded|File too large/i;

/** SQLSTATE classes: https://www.postgresql.org/docs/15/errcodes-appendix.html */
const BY_STATE: readonly (readonly [state: RegExp, code: StoreErrorCode])[] = [
  [/^(?:53100|ENOSPC|EDQUOT|EFBIG)$/, 'STORE_FULL'],
  // Gone, going, not yet there, or too busy: class 08, shutdowns, resources, waits for locks.
  [/^(?:08|57P0|53|55P03|40)/, 'STORE_AWAY'],
  [/^(?:XX00[12]|58)/, 'STORE_DAMAGED'],
  // No such table, column, function, schema; a type that is another; something that is there.
  [/^(?:42P0[17]|42703|42704|42883|42804|42710|42723|3F000|42P10)$/, 'STORE_SCHEMA'],
  [/^(?:EACCES|EPERM|EROFS|EEXIST|ENOTDIR|ELOOP|ENAMETOOLONG)$/, 'STORE_REFUSED'],
  // A certificate that is not trusted, or of another host.
  [/^(?:CERT_|ERR_TLS|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO)/, 'STORE_REFUSED'],
  [/^E[A-Z_]{3,}$/, 'STORE_AWAY'],
];

/** What the driver says without a code. */
const BY_MESSAGE: readonly (readonly [message: RegExp, code: StoreErrorCode])[] = [
  [/SASL|password|does not support SSL/i, 'STORE_REFUSED'],
];

function codeOf({ state, message }: SqlFault): StoreErrorCode {
  if (NO_ROOM.test(message)) return 'STORE_FULL';
  const found = BY_STATE.find(([pattern]) => pattern.test(state));
  if (found !== undefined) return found[1];
  if (state !== '') return 'STORE_REFUSED';
  return BY_MESSAGE.find(([pattern]) => pattern.test(message))?.[1] ?? 'STORE_AWAY';
}
