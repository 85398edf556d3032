import type { Disk, DiskFile } from '../../src/ports/disk.ts';
import type { Durability } from '../../src/store/journal/segment-header.ts';
import { MemoryDisk } from '../faulty-disk.ts';

interface Written {
  readonly end: number;
  readonly bytes: Uint8Array;
}

/** The death of a process may come before a write, within it or after it. */
export interface DiskWatch {
  /** How many bytes of a write that is about to happen arrive before the end; undefined: lives. */
  beforeWrite(length: number): number | undefined;
  afterWrite(): void;
  /** Now: what has arrived has arrived. */
  die(): void;
}

/**
 * The disk as one process sees it. It remembers what this process wrote and what the device has of
 * it, so that an auditor can ask at any moment: is this safe? Once the process is dead nothing it
 * still does arrives.
 */
export class SimDisk implements Disk {
  readonly inner: MemoryDisk;
  isDead = false;
  readonly #watch: DiskWatch;
  readonly #written = new Map<string, Written[]>();
  readonly #synced = new Map<string, number>();
  #operationsSeen = 0;

  constructor(inner: MemoryDisk, watch: DiskWatch) {
    this.inner = inner;
    this.#watch = watch;
    this.#operationsSeen = inner.operations.length;
  }

  /** Do the bytes that this process wrote and that would survive hold this text? */
  keeps(text: string, durability: Durability): boolean {
    this.#learnSyncs();
    const wanted = Buffer.from(text);
    for (const [path, written] of this.#written) {
      const safe = durability === 'fsync' ? (this.#synced.get(path) ?? 0) : Infinity;
      for (let at = written.length - 1; at >= 0; at -= 1) {
        const block = written[at];
        if (block !== undefined && block.end <= safe && holds(block.bytes, wanted)) return true;
      }
    }
    return durability === 'none';
  }

  open(path: string): DiskFile {
    const file = this.inner.open(path);
    return {
      get size() {
        return file.size;
      },
      append: (bytes) => this.#append(path, file, bytes),
      sync: () => file.sync(),
      close: () => file.close(),
    };
  }

  read(path: string): Uint8Array {
    return this.inner.read(path);
  }

  list(folder: string): readonly string[] {
    return this.inner.list(folder);
  }

  folders(folder: string): readonly string[] {
    return this.inner.folders(folder);
  }

  exists(path: string): boolean {
    return this.inner.exists(path);
  }

  replace(path: string, bytes: Uint8Array): void {
    if (this.#isLost()) return;
    this.inner.replace(path, bytes);
    this.#watch.afterWrite();
  }

  truncate(path: string, length: number): void {
    if (this.#isLost()) return;
    this.inner.truncate(path, length);
    this.#watch.afterWrite();
  }

  remove(path: string): void {
    if (this.#isLost()) return;
    this.inner.remove(path);
    this.#watch.afterWrite();
  }

  space(): { readonly freeBytes: number; readonly totalBytes: number } {
    return this.inner.space();
  }

  #append(path: string, file: DiskFile, bytes: Uint8Array): void {
    if (this.isDead) return;
    const arriving = this.#watch.beforeWrite(bytes.length);
    if (arriving !== undefined) {
      if (arriving > 0) file.append(bytes.subarray(0, arriving));
      return this.#watch.die();
    }
    file.append(bytes);
    const written = this.#written.get(path) ?? [];
    written.push({ end: file.size, bytes: bytes.slice() });
    this.#written.set(path, written);
    this.#watch.afterWrite();
  }

  /** Whole or not at all: these are atomic. */
  #isLost(): boolean {
    if (this.isDead) return true;
    if (this.#watch.beforeWrite(0) === undefined) return false;
    this.#watch.die();
    return true;
  }

  #learnSyncs(): void {
    const { operations } = this.inner;
    for (; this.#operationsSeen < operations.length; this.#operationsSeen += 1) {
      const operation = operations[this.#operationsSeen];
      if (operation?.name === 'synced') this.#synced.set(operation.path, operation.length);
    }
  }
}

function holds(bytes: Uint8Array, wanted: Buffer): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(wanted);
}
