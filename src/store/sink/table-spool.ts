import { assert, present } from '../../core/assert.ts';
import { DecodeError } from '../../core/bytes.ts';
import { DiskError, type Disk, type DiskFile } from '../../ports/disk.ts';
import type { RowBatch, TableDeclaration } from '../../ports/time-series.ts';
import { bytesOf, joined } from './batch-bytes.ts';
import { batchOfFrame, type Frame, frameOf, readSegment, segmentHead } from './segment.ts';

/** What all tables share. */
export interface SpoolBudget {
  readonly bytesMax: number;
  bytes: number;
}

export interface SpoolPlace {
  readonly disk: Disk;
  readonly folder: string;
  readonly segmentBytes: number;
  readonly budget: SpoolBudget;
  /** Bytes that were rows and cannot be read any more; a copy of them is kept at the path. */
  readonly damaged: (path: string, bytes: number, reason: string) => void;
  /** A file does not take what it is given: full, broken. */
  readonly failed: (error: DiskError) => void;
}

export interface SpoolHead {
  readonly batch: RowBatch;
  /** What to drop when it is written. */
  readonly number: number;
}

interface Sealed {
  readonly path: string;
  readonly bytes: number;
  /** As counted when it was written or found; what is damaged since is not among them. */
  rows: number;
}

interface Loaded {
  readonly sealed: Sealed;
  readonly content: Uint8Array;
  readonly table: TableDeclaration;
  readonly frames: readonly Frame[];
  at: number;
}

interface Open {
  readonly path: string;
  readonly file: DiskFile;
  readonly table: TableDeclaration;
  bytes: number;
  rows: number;
  frames: number;
  isSynced: boolean;
  syncing: Promise<unknown>;
}

/**
 * The batches of one table on disk, first in, first out, in segments that are removed as a whole.
 *
 * What `append` took survives the death of this process; a loss of power may cost what was not yet
 * synced. A segment that was sent in part is sent again from its beginning after a crash: the rows
 * are the same rows, and their order is the same.
 */
export class TableSpool {
  readonly #place: SpoolPlace;
  readonly #sealed: Sealed[] = [];
  #loaded: Loaded | undefined;
  #open: Open | undefined;
  #segment = 0;
  #frame = 0;
  #closing: Promise<unknown> = Promise.resolve();
  rows = 0;

  /** Takes up what is there. */
  constructor(place: SpoolPlace) {
    this.#place = place;
    const { disk, folder } = place;
    for (const name of disk.list(folder)) {
      const number = /^(\d{10})\.seg$/.exec(name)?.[1];
      if (number === undefined) continue;
      this.#segment = Number(number);
      this.#find(`${folder}/${name}`);
    }
  }

  get isEmpty(): boolean {
    return (
      this.#loaded === undefined && this.#sealed.length === 0 && (this.#open?.frames ?? 0) === 0
    );
  }

  /** Its number; undefined where there is no room, or the disk does not take it. */
  append(batch: RowBatch): number | undefined {
    const { budget, segmentBytes } = this.#place;
    if (budget.bytes + bytesOf(batch) > budget.bytesMax) return undefined;
    if (this.#open !== undefined && this.#open.table !== batch.table) this.#seal();
    const frame = frameOf(batch, this.#frame + 1);
    try {
      this.#open ??= this.#begin(batch.table);
      this.#open.file.append(frame);
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      // It may stand there in part: nothing is written after it.
      this.#seal();
      this.#place.failed(error);
      return undefined;
    }
    this.#frame += 1;
    const open = this.#open;
    open.bytes += frame.length;
    open.rows += batch.rows;
    open.frames += 1;
    open.isSynced = false;
    budget.bytes += frame.length;
    this.rows += batch.rows;
    if (open.bytes >= segmentBytes) this.#seal();
    return this.#frame;
  }

  /** The oldest batches of one segment, as many as make no more rows than that; at least one. */
  head(rowsMax: number, bytesMax: number): SpoolHead | undefined {
    for (let loaded = this.#load(); loaded !== undefined; loaded = this.#load()) {
      const batches: RowBatch[] = [];
      let [rows, bytes, number] = [0, 0, 0];
      for (const frame of loaded.frames.slice(loaded.at)) {
        rows += frame.rows;
        bytes += frame.until - frame.from;
        if (batches.length > 0 && (rows > rowsMax || bytes > bytesMax)) break;
        batches.push(batchOfFrame(loaded.table, loaded.content, frame));
        number = frame.number;
      }
      if (batches.length > 0) return { batch: joined(batches), number };
      this.#removeLoaded(loaded);
    }
    return undefined;
  }

  /** The batches up to this one are somewhere else. */
  drop(through: number): void {
    for (let loaded = this.#load(); loaded !== undefined; loaded = this.#load()) {
      const { frames, sealed } = loaded;
      for (; loaded.at < frames.length; loaded.at += 1) {
        const { number, rows } = present(frames[loaded.at], 'a frame of a segment');
        if (number > through) return;
        this.rows -= rows;
        sealed.rows -= rows;
      }
      this.#removeLoaded(loaded);
      if (this.rows === 0) return;
    }
  }

  /** Settles when the device has what was appended; never rejects. */
  async sync(): Promise<void> {
    const open = this.#open;
    if (open === undefined || open.isSynced) return;
    open.isSynced = true;
    const syncing = this.#settle(open.file.sync());
    open.syncing = Promise.all([open.syncing, syncing]);
    await syncing;
  }

  async close(): Promise<void> {
    this.#seal();
    await this.#closing;
  }

  #find(path: string): void {
    const { disk, budget } = this.#place;
    const content = this.#read(path);
    if (content === undefined) return;
    const segment = this.#parse(path, content);
    if (segment === undefined || segment.frames.length === 0) {
      // Nothing in it was ever whole, or what was is kept as damaged.
      disk.remove(path);
      return;
    }
    const rows = segment.frames.reduce((sum, frame) => sum + frame.rows, 0);
    this.#sealed.push({ path, bytes: content.length, rows });
    this.#frame = Math.max(this.#frame, segment.frames.at(-1)?.number ?? 0);
    budget.bytes += content.length;
    this.rows += rows;
  }

  #load(): Loaded | undefined {
    if (this.#loaded !== undefined) return this.#loaded;
    if (this.#sealed.length === 0) this.#seal();
    const sealed = this.#sealed.shift();
    if (sealed === undefined) return undefined;
    const content = this.#read(sealed.path);
    const segment = content === undefined ? undefined : this.#parse(sealed.path, content);
    if (content === undefined || segment === undefined) {
      this.rows -= sealed.rows;
      this.#forget(sealed);
      return this.#load();
    }
    const { table, frames } = segment;
    this.#loaded = { sealed, content, table, frames, at: 0 };
    return this.#loaded;
  }

  #read(path: string): Uint8Array | undefined {
    try {
      return this.#place.disk.read(path);
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      this.#place.damaged(path, 0, error.message);
      return undefined;
    }
  }

  #parse(path: string, content: Uint8Array): ReturnType<typeof readSegment> {
    try {
      const segment = readSegment(content);
      const bytes = segment?.damagedBytes ?? 0;
      if (bytes > 0) this.#putAside(path, content, bytes, 'frames that fail their sum');
      return segment;
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#putAside(path, content, content.length, error.message);
      return undefined;
    }
  }

  /** What is damaged is kept, whole, before its segment can go; and is told of once. */
  #putAside(path: string, content: Uint8Array, bytes: number, reason: string): void {
    const { disk, damaged, failed } = this.#place;
    const aside = path.replace(/\.seg$/, '.damaged');
    if (disk.exists(aside)) return;
    damaged(aside, bytes, reason);
    try {
      disk.replace(aside, content);
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      failed(error);
    }
  }

  #removeLoaded(loaded: Loaded): void {
    // Damage since it was counted.
    this.rows -= loaded.sealed.rows;
    this.#loaded = undefined;
    this.#forget(loaded.sealed);
  }

  #forget({ path, bytes }: Sealed): void {
    this.#place.budget.bytes -= bytes;
    if (this.#place.disk.exists(path)) this.#place.disk.remove(path);
  }

  #begin(table: TableDeclaration): Open {
    const { disk, folder, budget } = this.#place;
    this.#segment += 1;
    const path = `${folder}/${String(this.#segment).padStart(10, '0')}.seg`;
    const head = segmentHead(table);
    const file = disk.open(path);
    try {
      file.append(head);
    } catch (error) {
      file.close();
      disk.remove(path);
      throw error;
    }
    const { length: bytes } = head;
    budget.bytes += bytes;
    const syncing = Promise.resolve();
    return { path, file, table, bytes, rows: 0, frames: 0, isSynced: true, syncing };
  }

  /** Nothing is written to it any more. */
  #seal(): void {
    const open = this.#open;
    if (open === undefined) return;
    this.#open = undefined;
    const { path, bytes, rows, frames, file, syncing } = open;
    const synced = this.#settle(file.sync());
    this.#closing = Promise.all([this.#closing, syncing, synced]).then(() => file.close());
    if (frames > 0) this.#sealed.push({ path, bytes, rows });
    else {
      assert(rows === 0, 'rows stand in frames');
      this.#forget({ path, bytes, rows });
    }
  }

  async #settle(syncing: Promise<void>): Promise<void> {
    try {
      await syncing;
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      this.#place.failed(error);
    }
  }
}
