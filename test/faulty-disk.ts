import { assert } from '../src/core/assert.ts';
import { Random } from '../src/core/random.ts';
import { DiskError, type Disk, type DiskFile } from '../src/ports/disk.ts';

/** What goes wrong at the n-th (from 1, counted from now) operation of that kind. */
export interface DiskFault {
  readonly operation: 'append' | 'sync' | 'replace' | 'read' | 'space';
  readonly nth: number;
  readonly code: DiskError['code'];
  /** Bytes that still arrive before an append fails. */
  readonly tornAfter?: number;
}

export interface DiskOperation {
  readonly name: 'open' | 'append' | 'sync' | 'synced' | 'replace' | 'truncate' | 'remove';
  readonly path: string;
  /** Length of the file after it; for `sync` and `synced`: what the sync covers. */
  readonly length: number;
}

export interface Crash {
  /** Also what the operating system held is lost, but for a part of it that the seed decides. */
  readonly powerLoss: boolean;
  readonly seed?: number;
}

interface MemoryFile {
  bytes: Uint8Array;
  length: number;
  /** The device has this many bytes, and the name. */
  syncedLength: number;
  isNameSynced: boolean;
  /** A failed sync drops what it should have written, and later syncs do not tell. */
  isSyncBroken: boolean;
}

/** A disk in memory that fails as planned, tells what was asked of it, and can crash. */
export class MemoryDisk implements Disk {
  readonly operations: DiskOperation[] = [];
  capacityBytes: number;
  readonly #files = new Map<string, MemoryFile>();
  readonly #faults: DiskFault[] = [];
  readonly #counts = { append: 0, sync: 0, replace: 0, read: 0, space: 0 };
  #heldSyncs: (() => void)[] | undefined;

  constructor(capacityBytes = 2 ** 40) {
    this.capacityBytes = capacityBytes;
  }

  // What tests do to it.

  plan(fault: DiskFault): void {
    this.#faults.push({ ...fault, nth: fault.nth + this.#counts[fault.operation] });
  }

  /** From now on a sync settles only when `releaseSyncs` is called. */
  holdSyncs(): void {
    this.#heldSyncs ??= [];
  }

  releaseSyncs(): void {
    const held = this.#heldSyncs ?? [];
    this.#heldSyncs = undefined;
    for (const release of held) release();
  }

  /** The disk as the next process finds it. This one stays as it is. */
  crash(crash: Crash = { powerLoss: false }): MemoryDisk {
    const survivor = new MemoryDisk(this.capacityBytes);
    const random = new Random(crash.seed ?? 0);
    for (const [path, file] of this.#files) {
      if (!crash.powerLoss) {
        // The operating system lives on, with what it has not yet synced and what it lost.
        survivor.#files.set(path, { ...file, bytes: file.bytes.slice() });
        continue;
      }
      const kept = file.syncedLength + random.below(file.length - file.syncedLength + 1);
      const isLost = !file.isNameSynced && random.chance(0.5);
      if (!isLost) survivor.put(path, file.bytes.slice(0, kept));
    }
    return survivor;
  }

  /** Puts a file there as if it had always been. */
  put(path: string, bytes: Uint8Array): void {
    const { length } = bytes;
    const file = { bytes: bytes.slice(), length, syncedLength: length };
    this.#files.set(path, { ...file, isNameSynced: true, isSyncBroken: false });
  }

  flipBit(path: string, bit: number): void {
    const file = this.#file(path);
    const at = Math.floor(bit / 8);
    assert(at < file.length, 'the bit is inside the file');
    file.bytes[at] = (file.bytes[at] ?? 0) ^ (1 << (bit % 8));
  }

  get usedBytes(): number {
    let used = 0;
    for (const file of this.#files.values()) used += file.length;
    return used;
  }

  // What the port asks.

  open(path: string): DiskFile {
    const file = this.#files.get(path) ?? {
      bytes: new Uint8Array(64),
      length: 0,
      syncedLength: 0,
      isNameSynced: false,
      isSyncBroken: false,
    };
    this.#files.set(path, file);
    this.#log('open', path, file.length);
    let isOpen = true;
    return {
      get size() {
        return file.length;
      },
      append: (bytes) => {
        assert(isOpen, 'a closed file is not written');
        this.#append(path, file, bytes);
      },
      sync: () => {
        assert(isOpen, 'a closed file is not synced');
        return this.#sync(path, file);
      },
      close: () => {
        assert(isOpen, 'a file is closed once');
        isOpen = false;
      },
    };
  }

  read(path: string): Uint8Array {
    this.#failIfPlanned('read', path);
    const file = this.#file(path);
    return file.bytes.slice(0, file.length);
  }

  list(folder: string): readonly string[] {
    const start = folder === '' ? '' : `${folder}/`;
    return [...this.#files.keys()]
      .filter((path) => path.startsWith(start) && !path.slice(start.length).includes('/'))
      .map((path) => path.slice(start.length))
      .toSorted();
  }

  folders(folder: string): readonly string[] {
    const start = folder === '' ? '' : `${folder}/`;
    const names = [...this.#files.keys()]
      .filter((path) => path.startsWith(start) && path.slice(start.length).includes('/'))
      .map((path) => path.slice(start.length).split('/')[0] ?? '');
    return [...new Set(names)].toSorted();
  }

  exists(path: string): boolean {
    return this.#files.has(path);
  }

  replace(path: string, bytes: Uint8Array): void {
    this.#failIfPlanned('replace', path);
    if (this.usedBytes + bytes.length > this.capacityBytes) throw full(path);
    this.put(path, bytes);
    this.#log('replace', path, bytes.length);
  }

  truncate(path: string, length: number): void {
    const file = this.#file(path);
    assert(length <= file.length, 'a truncation makes a file shorter');
    file.length = length;
    file.syncedLength = file.isSyncBroken ? Math.min(file.syncedLength, length) : length;
    this.#log('truncate', path, length);
  }

  remove(path: string): void {
    this.#file(path);
    this.#files.delete(path);
    this.#log('remove', path, 0);
  }

  space(): { readonly freeBytes: number; readonly totalBytes: number } {
    this.#failIfPlanned('space', '');
    return { freeBytes: this.capacityBytes - this.usedBytes, totalBytes: this.capacityBytes };
  }

  #append(path: string, file: MemoryFile, bytes: Uint8Array): void {
    const fault = this.#fault('append');
    const free = this.capacityBytes - this.usedBytes;
    const isFull = fault === undefined && bytes.length > free;
    const taken = fault === undefined ? Math.min(free, bytes.length) : (fault.tornAfter ?? 0);
    const part = bytes.subarray(0, taken);
    if (file.length + part.length > file.bytes.length) {
      const grown = new Uint8Array((file.length + part.length) * 2);
      grown.set(file.bytes.subarray(0, file.length));
      file.bytes = grown;
    }
    file.bytes.set(part, file.length);
    file.length += part.length;
    this.#log('append', path, file.length);
    if (fault !== undefined) throw new DiskError(fault.code, path, 'a planned fault');
    if (isFull) throw full(path);
  }

  async #sync(path: string, file: MemoryFile): Promise<void> {
    const covered = file.length;
    this.#log('sync', path, covered);
    const fault = this.#fault('sync');
    if (this.#heldSyncs === undefined) await Promise.resolve();
    else await new Promise<void>((release) => this.#heldSyncs?.push(release));
    if (fault !== undefined) {
      file.isSyncBroken = true;
      throw new DiskError(fault.code, path, 'a planned fault');
    }
    if (!file.isSyncBroken) file.syncedLength = Math.max(file.syncedLength, covered);
    file.isNameSynced = true;
    this.#log('synced', path, covered);
  }

  #failIfPlanned(operation: 'read' | 'replace' | 'space', path: string): void {
    const fault = this.#fault(operation);
    if (fault !== undefined) throw new DiskError(fault.code, path, 'a planned fault');
  }

  #fault(operation: DiskFault['operation']): DiskFault | undefined {
    this.#counts[operation] += 1;
    const count = this.#counts[operation];
    return this.#faults.find((fault) => fault.operation === operation && fault.nth === count);
  }

  #file(path: string): MemoryFile {
    const file = this.#files.get(path);
    if (file === undefined) throw new DiskError('DISK_MISSING', path, 'no such file');
    return file;
  }

  #log(name: DiskOperation['name'], path: string, length: number): void {
    this.operations.push({ name, path, length });
  }
}

function full(path: string): DiskError {
  return new DiskError('DISK_FULL', path, 'no space left');
}
