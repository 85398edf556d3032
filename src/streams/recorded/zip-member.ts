/** Where the one member of a zip lies, and what it must be. */
export interface ZipMember {
  /** First compressed byte. */
  readonly at: number;
  readonly compressedBytes: number;
  readonly isDeflated: boolean;
  /** Undefined where the directory is gone: nothing to check against. */
  readonly checksum: number | undefined;
  /** What is wrong with the archive, as far as its directory shows. */
  readonly damage: string | undefined;
}

/** Reads `length` bytes from `at`, fewer at the end of the file. */
export type ReadAt = (at: number, length: number) => Uint8Array;

// PKWARE APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12, 4.3.16: signatures and fixed sizes.
const LOCAL_HEADER = 0x04034b50;
const LOCAL_HEADER_BYTES = 30;
const DIRECTORY_ENTRY = 0x02014b50;
const DIRECTORY_ENTRY_BYTES = 46;
const DIRECTORY_END = 0x06054b50;
const DIRECTORY_END_BYTES = 22;
const COMMENT_BYTES_MAX = 65_535;
const STORED = 0;
const DEFLATED = 8;

/**
 * Finds the first member by the directory at the end. Where that is gone (a file cut short), by the
 * header at the start, so that the rows before the cut are not lost. Undefined: not a zip at all.
 */
export function findZipMember(readAt: ReadAt, fileBytes: number): ZipMember | undefined {
  const tailBytes = Math.min(fileBytes, DIRECTORY_END_BYTES + COMMENT_BYTES_MAX);
  const tail = viewOf(readAt(fileBytes - tailBytes, tailBytes));
  for (let at = tail.byteLength - DIRECTORY_END_BYTES; at >= 0; at -= 1) {
    if (tail.getUint32(at, true) !== DIRECTORY_END) continue;
    const entries = tail.getUint16(at + 10, true);
    const found = byDirectory(readAt, fileBytes, tail.getUint32(at + 16, true), entries);
    if (found !== undefined) return found;
  }
  return byLocalHeader(readAt, fileBytes);
}

function byDirectory(
  readAt: ReadAt,
  fileBytes: number,
  directoryAt: number,
  entries: number,
): ZipMember | undefined {
  const entry = viewOf(readAt(directoryAt, DIRECTORY_ENTRY_BYTES));
  if (entry.byteLength < DIRECTORY_ENTRY_BYTES) return undefined;
  if (entry.getUint32(0, true) !== DIRECTORY_ENTRY) return undefined;
  const local = localHeader(readAt, entry.getUint32(42, true));
  if (local === undefined) return undefined;
  const method = entry.getUint16(10, true);
  const compressedBytes = Math.min(entry.getUint32(20, true), fileBytes - local.dataAt);
  return {
    at: local.dataAt,
    compressedBytes,
    isDeflated: method === DEFLATED,
    checksum: entry.getUint32(16, true),
    damage: damageOf(method, entries),
  };
}

function damageOf(method: number, entries: number): string | undefined {
  if (method !== DEFLATED && method !== STORED) {
    return `expected a stored or deflated member, found method ${method}`;
  }
  return entries === 1 ? undefined : `expected one member, found ${entries}; the first was read`;
}

function byLocalHeader(readAt: ReadAt, fileBytes: number): ZipMember | undefined {
  const local = localHeader(readAt, 0);
  if (local === undefined) return undefined;
  return {
    at: local.dataAt,
    compressedBytes: fileBytes - local.dataAt,
    isDeflated: local.method === DEFLATED,
    checksum: undefined,
    damage: 'truncated: expected a directory at the end, found none; rows before the cut were kept',
  };
}

function localHeader(
  readAt: ReadAt,
  at: number,
): { readonly dataAt: number; readonly method: number } | undefined {
  const view = viewOf(readAt(at, LOCAL_HEADER_BYTES));
  if (view.byteLength < LOCAL_HEADER_BYTES) return undefined;
  if (view.getUint32(0, true) !== LOCAL_HEADER) return undefined;
  const names = view.getUint16(26, true) + view.getUint16(28, true);
  return { dataAt: at + LOCAL_HEADER_BYTES + names, method: view.getUint16(8, true) };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
