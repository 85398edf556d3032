import { readFileSync, statSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { HistoryError } from './history-error.ts';

/** Fifty times the largest file of its kind; what is more was given by mistake. */
const BYTES_MAX = 256 * 1024 * 1024;

/**
 * A file as text, unpacked where its name ends in `.gz`.
 *
 * Throws `HistoryError` where it is not there, damaged, or too large to be meant.
 */
export function readText(path: string): string {
  try {
    const { size } = statSync(path);
    if (size > BYTES_MAX)
      throw new RangeError(`expected at most ${BYTES_MAX} bytes, found ${size}`);
    const bytes = readFileSync(path);
    const plain = path.endsWith('.gz') ? gunzipSync(bytes, { maxOutputLength: BYTES_MAX }) : bytes;
    return plain.toString('utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HistoryError(`cannot read ${path}: ${reason}`, { cause });
  }
}
