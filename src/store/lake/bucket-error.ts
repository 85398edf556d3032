import { LakeError, type LakeErrorCode } from './lake-error.ts';

export interface Secrets {
  readonly accessKey: string;
  readonly secretKey: string;
}

/** Whether the same request may be answered otherwise a moment later. */
export function isPassing(error: unknown): boolean {
  return codeOf(error) === 'LAKE_AWAY' || (error instanceof LakeError && isHalf(error));
}

/** As ours, without the client's own error: that one carries the request, and with it the keys. */
export function bucketError(
  error: unknown,
  what: string,
  attempts: number,
  secrets: Secrets,
): LakeError {
  if (error instanceof LakeError) return error;
  const tries = attempts > 1 ? ` (${attempts} tries)` : '';
  const { name, message } = error instanceof Error ? error : { name: '', message: String(error) };
  const status = bucketStatus(error);
  const answered = status === undefined ? 'no answer' : `answered ${status}`;
  const said = withoutSecrets(`${name}: ${message}`, secrets);
  return new LakeError(codeOf(error), `${what}: ${answered}${tries}, ${said}`);
}

function bucketStatus(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('$metadata' in error)) return undefined;
  const { $metadata: metadata } = error;
  if (typeof metadata !== 'object' || metadata === null) return undefined;
  const status: unknown = Reflect.get(metadata, 'httpStatusCode');
  return typeof status === 'number' ? status : undefined;
}

/** A server may repeat what it was sent. */
function withoutSecrets(text: string, { accessKey, secretKey }: Secrets): string {
  return [secretKey, accessKey]
    .filter((secret) => secret !== '')
    .reduce((clean, secret) => clean.replaceAll(secret, '(private)'), text);
}

function isHalf({ code }: LakeError): boolean {
  return code === 'LAKE_DAMAGED';
}

/** What did not come from the server, or is a fault of its own, passes. */
function codeOf(error: unknown): LakeErrorCode {
  const name = error instanceof Error ? error.name : '';
  const status = bucketStatus(error);
  if (name === 'NoSuchKey' || name === 'NotFound') return 'LAKE_MISSING';
  if (FULL.has(name) || status === INSUFFICIENT_STORAGE) return 'LAKE_FULL';
  if (status === undefined || status >= 500 || AGAIN.has(status)) return 'LAKE_AWAY';
  return status >= 400 ? 'LAKE_REFUSED' : 'LAKE_AWAY';
}

const FULL: ReadonlySet<string> = new Set(['QuotaExceeded', 'XMinioStorageFull']);
const INSUFFICIENT_STORAGE = 507;
/** Request timeout, conflict, too many requests. */
const AGAIN: ReadonlySet<number> = new Set([408, 409, 429]);
