import * as fs from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { assert } from '../../core/assert.ts';
import { DiskError, type Disk, type DiskFile } from '../../ports/disk.ts';
import { makeFolder, syncFolder } from '../durable-folder.ts';

/**
 * The file system under `root`, which is created. Everything but `sync` happens on the calling
 * thread. New names are made durable too: a file's first `sync` also syncs its folder, and
 * `replace`, `remove` and `truncate` return when the device has their effect.
 */
export function nodeDisk(root: string): Disk {
  const base = resolve(root);
  guarded('', () => fs.mkdirSync(base, { recursive: true }));
  const place = (path: string): string => {
    assert(isInside(path), `the path "${path}" stays inside the data directory`);
    return join(base, path);
  };
  return {
    open: (path) => guarded(path, () => openFile(path, place(path))),
    read: (path) => guarded(path, () => readFile(place(path))),
    list: (folder) => guarded(folder, () => listEntries(place(folder), (entry) => entry.isFile())),
    folders: (folder) =>
      guarded(folder, () => listEntries(place(folder), (entry) => entry.isDirectory())),
    exists: (path) => fs.existsSync(place(path)),
    replace: (path, bytes) => guarded(path, () => replaceFile(place(path), bytes)),
    truncate: (path, length) => guarded(path, () => truncateFile(place(path), length)),
    remove(path) {
      guarded(path, () => {
        fs.unlinkSync(place(path));
        syncFolder(dirname(place(path)));
      });
    },
    space() {
      const { bavail, blocks, bsize } = guarded('', () => fs.statfsSync(base));
      return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
    },
  };
}

function openFile(path: string, place: string): DiskFile {
  makeFolder(dirname(place));
  return new NodeFile(path, place, fs.openSync(place, 'a'));
}

class NodeFile implements DiskFile {
  readonly #path: string;
  readonly #place: string;
  readonly #descriptor: number;
  #size: number;
  /** Also an old file's name may be unsynced: whoever made it may have died before its sync. */
  #isNameSynced = false;

  constructor(path: string, place: string, descriptor: number) {
    this.#path = path;
    this.#place = place;
    this.#descriptor = descriptor;
    this.#size = fs.fstatSync(descriptor).size;
  }

  get size(): number {
    return this.#size;
  }

  append(bytes: Uint8Array): void {
    guarded(this.#path, () => {
      // write(2) may take less than it was given, so the rest is given again.
      for (let at = 0; at < bytes.length;) {
        const written = fs.writeSync(this.#descriptor, bytes, at, bytes.length - at);
        this.#size += written;
        at += written;
      }
    });
  }

  async sync(): Promise<void> {
    try {
      await fdatasync(this.#descriptor);
      if (this.#isNameSynced) return;
      const folder = await openFolder(dirname(this.#place), 'r');
      try {
        await fsync(folder);
      } finally {
        fs.closeSync(folder);
      }
      this.#isNameSynced = true;
    } catch (error) {
      throw new DiskError('DISK_SYNC_FAILED', this.#path, describe(error), { cause: error });
    }
  }

  close(): void {
    guarded(this.#path, () => fs.closeSync(this.#descriptor));
  }
}

const fdatasync = promisify(fs.fdatasync);
const fsync = promisify(fs.fsync);
const openFolder = promisify<string, string, number>(fs.open);

/** Not a Buffer: its `slice` is a view, where everybody else's is a copy. */
function readFile(place: string): Uint8Array {
  const { buffer, byteOffset, byteLength } = fs.readFileSync(place);
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function replaceFile(place: string, bytes: Uint8Array): void {
  makeFolder(dirname(place));
  const draft = `${place}.tmp`;
  try {
    fs.writeFileSync(draft, bytes, { flush: true });
    fs.renameSync(draft, place);
  } catch (error) {
    fs.rmSync(draft, { force: true });
    throw error;
  }
  syncFolder(dirname(place));
}

function truncateFile(place: string, length: number): void {
  const descriptor = fs.openSync(place, 'r+');
  try {
    fs.ftruncateSync(descriptor, length);
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

function listEntries(place: string, isWanted: (entry: fs.Dirent) => boolean): readonly string[] {
  if (!fs.existsSync(place)) return [];
  const entries = fs.readdirSync(place, { withFileTypes: true });
  return entries
    .filter(isWanted)
    .map((entry) => entry.name)
    .toSorted();
}

function isInside(path: string): boolean {
  return !path.startsWith('/') && !path.split('/').includes('..');
}

function guarded<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = codeOf(error);
    // What the system did not raise is our own mistake and stays what it is.
    if (code === undefined) throw error;
    throw new DiskError(kindOf(code), path, describe(error), { cause: error });
  }
}

function kindOf(code: string): DiskError['code'] {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return 'DISK_FULL';
    case 'ENOENT':
      return 'DISK_MISSING';
    default:
      return 'DISK_FAILED';
  }
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
