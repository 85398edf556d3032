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
const LOCATOR_64 = 0x07064b50;
const LOCATOR_64_BYTES = 20;
const DIRECTORY_END_64 = 0x06064b50;
const DIRECTORY_END_64_BYTES = 56;
const EXTRA_64 = 0x0001;
/** A field with this value is kept in its 64-bit twin (4.3.15, 4.5.3). */
const IN_64 = 0xffffffff;
const ENTRIES_IN_64 = 0xffff;
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
    const [entries, directoryAt] = [tail.getUint16(at + 10, true), tail.getUint32(at + 16, true)];
    const found =
      directoryAt === IN_64 || entries === ENTRIES_IN_64
        ? by64(readAt, fileBytes, fileBytes - tail.byteLength + at)
        : byDirectory(readAt, fileBytes, directoryAt, entries);
    if (found !== undefined) return found;
  }
  return byLocalHeader(readAt, fileBytes);
}

/** An archive with 64-bit sizes says where its directory is in a second end of its own. */
function by64(readAt: ReadAt, fileBytes: number, endAt: number): ZipMember | undefined {
  const locator = viewOf(readAt(Math.max(0, endAt - LOCATOR_64_BYTES), LOCATOR_64_BYTES));
  if (locator.byteLength < LOCATOR_64_BYTES) return undefined;
  if (locator.getUint32(0, true) !== LOCATOR_64) return undefined;
  const end = viewOf(readAt(Number(locator.getBigUint64(8, true)), DIRECTORY_END_64_BYTES));
  if (end.byteLength < DIRECTORY_END_64_BYTES) return undefined;
  if (end.getUint32(0, true) !== DIRECTORY_END_64) return undefined;
  const entries = Number(end.getBigUint64(32, true));
  return byDirectory(readAt, fileBytes, Number(end.getBigUint64(48, true)), entries);
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
  const extraAt = directoryAt + DIRECTORY_ENTRY_BYTES + entry.getUint16(28, true);
  const sizes = sizesOf(entry, viewOf(readAt(extraAt, entry.getUint16(30, true))));
  const local = localHeader(readAt, sizes.headerAt);
  if (local === undefined) return undefined;
  const method = entry.getUint16(10, true);
  const compressedBytes = Math.min(sizes.compressedBytes, fileBytes - local.dataAt);
  return {
    at: local.dataAt,
    compressedBytes,
    isDeflated: method === DEFLATED,
    checksum: entry.getUint32(16, true),
    damage: damageOf(method, entries),
  };
}

/** Compressed size and place of the header: in the entry, or in its extra field for 64 bits. */
function sizesOf(
  entry: DataView,
  extra: DataView,
): { readonly compressedBytes: number; readonly headerAt: number } {
  let compressedBytes = entry.getUint32(20, true);
  let headerAt = entry.getUint32(42, true);
  for (let at = 0; at + 4 <= extra.byteLength; at += 4 + extra.getUint16(at + 2, true)) {
    if (extra.getUint16(at, true) !== EXTRA_64) continue;
    let next = at + 4;
    // Only the fields that overflow are there, in this order.
    const take = () => {
      next += 8;
      return next <= extra.byteLength ? Number(extra.getBigUint64(next - 8, true)) : 0;
    };
    if (entry.getUint32(24, true) === IN_64) take();
    if (compressedBytes === IN_64) compressedBytes = take();
    if (headerAt === IN_64) headerAt = take();
  }
  return { compressedBytes, headerAt };
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
