/**
 * The file system as the journal sees it, so that full disks, I/O errors, torn writes and failed
 * syncs can be tested. Every call may throw a `DiskError`; `sync` rejects with one.
 *
 * Paths are relative to the data directory, with `/` between parts.
 */
export interface Disk {
  /** Opens for appending, creating it; the folder is created too. Size is the length it has now. */
  open(path: string): DiskFile;
  /** The whole file. */
  read(path: string): Uint8Array;
  /** Names (not paths) of the files in a folder, sorted; empty where there is no folder. */
  list(folder: string): readonly string[];
  /** Names of the folders in a folder, sorted; empty where there is no folder. */
  folders(folder: string): readonly string[];
  exists(path: string): boolean;
  /** Writes a whole file so that after a crash either the old or the new content is there. */
  replace(path: string, bytes: Uint8Array): void;
  truncate(path: string, length: number): void;
  remove(path: string): void;
  /** Bytes that can still be written, and the size of the volume. */
  space(): { readonly freeBytes: number; readonly totalBytes: number };
}

export interface DiskFile {
  readonly size: number;
  /** Returns once the operating system has all of the bytes (`write(2)`), or throws. */
  append(bytes: Uint8Array): void;
  /** Settles when the device has them (`fdatasync`), off the calling thread. */
  sync(): Promise<void>;
  close(): void;
}

export class DiskError extends Error {
  override readonly name = 'DiskError';
  readonly code: 'DISK_FULL' | 'DISK_FAILED' | 'DISK_SYNC_FAILED' | 'DISK_MISSING';
  readonly path: string;

  constructor(code: DiskError['code'], path: string, message: string, options?: ErrorOptions) {
    super(`${path}: ${message}`, options);
    this.code = code;
    this.path = path;
  }
}
