import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { Inflate } from 'fflate';
import { RecordedError } from './recorded-error.ts';
import { findZipMember } from './zip-member.ts';

// Ten times as much comes out; a market of 200 open files stays below 100 MB.
const CHUNK_BYTES = 16_384;
const GZIP_TRAILER_BYTES = 8;
const GZIP_HEADER_BYTES_MAX = 65_536;

/**
 * The bytes of a plain, gzipped or zipped file, a chunk at a time, so that memory stays flat
 * whatever the size. The ending of the name decides which it is.
 */
export class ByteInput {
  readonly #file: number;
  readonly #inflate: Inflate | undefined;
  readonly #checksum: number | undefined;
  readonly #chunk = new Uint8Array(CHUNK_BYTES);
  #at = 0;
  #left: number;
  #output: Uint8Array | undefined;
  #sum = 0;
  #isOpen = true;
  /** What is wrong with the container; final once `read` answered undefined. */
  damage: string | undefined;
  /** The bytes end before their end: what comes last may be half a row. */
  isCut = false;

  constructor(path: string) {
    this.#file = openFile(path);
    const extent = this.#extentOf(path, fstatSync(this.#file).size);
    this.#at = extent.at;
    this.#left = extent.bytes;
    this.#checksum = extent.checksum;
    this.damage = extent.damage;
    this.isCut = extent.isCut;
    if (extent.isDeflated) {
      this.#inflate = new Inflate((bytes) => {
        this.#output = bytes;
      });
    }
  }

  /** The next bytes, valid until the next call; undefined at the end and after damage. */
  read(): Uint8Array | undefined {
    while (this.#isOpen && this.#left > 0) {
      const bytes = this.#readChunk();
      if (bytes !== undefined && bytes.length > 0) {
        if (this.#checksum !== undefined) this.#sum = crc32(bytes, this.#sum);
        return bytes;
      }
    }
    this.#finish();
    return undefined;
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    closeSync(this.#file);
  }

  #readChunk(): Uint8Array | undefined {
    const wanted = Math.min(CHUNK_BYTES, this.#left);
    const count = readSync(this.#file, this.#chunk, 0, wanted, this.#at);
    this.#at += count;
    this.#left = count === 0 ? 0 : this.#left - count;
    // Unread bytes stay in the decompressor, so it gets a copy.
    const bytes = this.#chunk.slice(0, count);
    if (this.#inflate === undefined) return bytes;
    this.#output = undefined;
    try {
      // First what there is, then the end: so a file cut short gives up all it has.
      this.#inflate.push(bytes, false);
      if (this.#left === 0) this.#endInflate(this.#inflate);
    } catch (error) {
      this.#left = 0;
      this.isCut = true;
      const reason = error instanceof Error ? error.message : String(error);
      this.damage ??= `damaged: ${reason} near byte ${this.#at}; rows before it were kept`;
    }
    return this.#output;
  }

  #endInflate(inflate: Inflate): void {
    const bytes = this.#output;
    try {
      inflate.push(new Uint8Array(0), true);
    } finally {
      this.#output = bytes;
    }
  }

  #finish(): void {
    if (!this.#isOpen) return;
    if (this.#checksum !== undefined && this.#sum !== this.#checksum) {
      const [expected, found] = [this.#checksum.toString(16), this.#sum.toString(16)];
      const what = 'damaged or cut short';
      this.damage ??= `${what}: expected crc32 ${expected}, found ${found}; its rows were kept`;
      // The decompressor does not miss the end at every place where a stream may be cut.
      this.isCut = true;
    }
    this.close();
  }

  #extentOf(path: string, fileBytes: number): Extent {
    const readAt = (at: number, length: number) => {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, fileBytes - at)));
      return bytes.subarray(0, readSync(this.#file, bytes, 0, bytes.length, at));
    };
    if (path.endsWith('.zip')) {
      const member = findZipMember(readAt, fileBytes);
      return member === undefined
        ? nothing('damaged: expected a zip, found none')
        : { ...member, bytes: member.compressedBytes, isCut: member.checksum === undefined };
    }
    if (!path.endsWith('.gz')) {
      return { ...WHOLE, bytes: fileBytes };
    }
    return gzipExtent(readAt(0, GZIP_HEADER_BYTES_MAX), readAt(fileBytes - 8, 8), fileBytes);
  }
}

interface Extent {
  readonly at: number;
  readonly bytes: number;
  readonly isDeflated: boolean;
  readonly checksum: number | undefined;
  readonly damage: string | undefined;
  readonly isCut: boolean;
}

const WHOLE: Extent = {
  at: 0,
  bytes: 0,
  isDeflated: false,
  checksum: undefined,
  damage: undefined,
  isCut: false,
};

function openFile(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    throw new RecordedError('RECORDED_UNREADABLE', `cannot open ${path}`, { cause });
  }
}

function nothing(damage: string): Extent {
  return { ...WHOLE, damage };
}

/** RFC 1952, 2.3: a header of ten bytes and optional fields; crc32 and length at the end. */
function gzipExtent(head: Uint8Array, trailer: Uint8Array, fileBytes: number): Extent {
  const isGzip = head[0] === 0x1f && head[1] === 0x8b && head[2] === 8;
  if (!isGzip || trailer.length < GZIP_TRAILER_BYTES) {
    return nothing('damaged: expected gzip, found something else');
  }
  const flags = head[3] ?? 0;
  let at = 10;
  if ((flags & 4) !== 0) at += 2 + (head[at] ?? 0) + (head[at + 1] ?? 0) * 256;
  if ((flags & 8) !== 0) at = head.indexOf(0, at) + 1;
  if ((flags & 16) !== 0) at = head.indexOf(0, at) + 1;
  if ((flags & 2) !== 0) at += 2;
  const checksum = new DataView(trailer.buffer, trailer.byteOffset).getUint32(0, true);
  const bytes = fileBytes - GZIP_TRAILER_BYTES - at;
  return { ...WHOLE, at, bytes, isDeflated: true, checksum };
}
