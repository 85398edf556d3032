import { DiskError, type Disk, type DiskFile } from '../../ports/disk.ts';

/** A file of lines of JSON for people and tools, of bounded size. What it does not take counts. */
export class Notes {
  /** Lines that were not written. */
  dropped = 0;
  readonly #disk: Disk;
  readonly #path: string;
  readonly #bytesMax: number;
  readonly #failed: (error: DiskError) => void;
  #file: DiskFile | undefined;

  constructor(disk: Disk, path: string, bytesMax: number, failed: (error: DiskError) => void) {
    this.#disk = disk;
    this.#path = path;
    this.#bytesMax = bytesMax;
    this.#failed = failed;
  }

  add(lines: readonly unknown[]): void {
    if (lines.length === 0) return;
    const text = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''), 'utf8');
    try {
      this.#file ??= this.#disk.open(this.#path);
      if (this.#file.size + text.length > this.#bytesMax) this.dropped += lines.length;
      else this.#file.append(text);
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      this.dropped += lines.length;
      this.#failed(error);
    }
  }

  /** What is told stays told also after a loss of power; never rejects. */
  async close(): Promise<void> {
    try {
      await this.#file?.sync();
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      this.#failed(error);
    }
    this.#file?.close();
    this.#file = undefined;
  }
}
