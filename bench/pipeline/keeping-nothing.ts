import type { Disk } from '../../src/ports/disk.ts';

/** A disk without one: what is appended is counted and gone. The journal is made all the same. */
export function keepingNothing(): Disk {
  return {
    open() {
      let size = 0;
      return {
        get size() {
          return size;
        },
        append(bytes) {
          size += bytes.length;
        },
        sync: () => Promise.resolve(),
        close: () => undefined,
      };
    },
    read: () => new Uint8Array(0),
    list: () => [],
    folders: () => [],
    exists: () => false,
    replace: () => undefined,
    truncate: () => undefined,
    remove: () => undefined,
    space: () => ({ freeBytes: 1e12, totalBytes: 1e12 }),
  };
}
