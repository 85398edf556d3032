import type { MemoryDisk } from '../../faulty-disk.ts';

/** An intent is among the last things written when its order leaves. */
const TAIL_BYTES = 1 << 18;

/** I2: what the device has for certain, as far as syncs that have settled cover it. */
export class DurableIds {
  readonly #disk: MemoryDisk;
  readonly #folder: string;
  readonly #synced = new Map<string, number>();
  #seen = 0;

  constructor(disk: MemoryDisk, folder: string) {
    this.#disk = disk;
    this.#folder = folder;
  }

  has(id: string): boolean {
    const { operations } = this.#disk;
    for (; this.#seen < operations.length; this.#seen += 1) {
      const operation = operations[this.#seen];
      if (operation?.name !== 'synced' || !operation.path.startsWith(this.#folder)) continue;
      this.#synced.set(operation.path, operation.length);
    }
    return [...this.#synced].some(([path, length]) => {
      const bytes = Buffer.from(this.#disk.read(path)).subarray(0, length);
      return bytes.includes(id, Math.max(0, length - TAIL_BYTES)) || bytes.includes(id);
    });
  }
}
