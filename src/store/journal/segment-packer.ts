import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { dropDraft, type PackedFile } from './pack-file.ts';

/** What a thread says when it is done. */
export type FromPacking = PackedFile;

/** Compresses closed segments beside the thread that decides. */
export interface SegmentPacker {
  /** A segment that nobody writes any more and that is as safe as the session wants it. */
  closed(segment: string): void;
  /** Lets go of what it is at: the next life begins it anew. */
  stop(): Promise<void>;
}

export interface SegmentPackerOptions {
  /** Of the journal: where its segments lie. */
  readonly folder: string;
  /** From now on a segment takes so much less of the disk. */
  packed(segment: string, file: PackedFile): void;
  /** It stays as it was written; nothing of it is lost. */
  failed(segment: string, error: unknown): void;
}

/**
 * One segment at a time, the oldest first, each in a thread of its own: a day has a few, and
 * between them there is no thread. It keeps no process alive.
 */
export function createSegmentPacker({
  folder,
  packed,
  failed,
}: SegmentPackerOptions): SegmentPacker {
  const waiting: string[] = [];
  let running: { readonly worker: Worker; readonly segment: string } | undefined;
  let isStopped = false;

  /** Undefined where the system has no thread for us: no reason to fail whoever wrote it. */
  const begin = (segment: string): Worker | undefined => {
    // Beside us, under our own extension: TypeScript under test, JavaScript where it was built.
    const extension = import.meta.url.slice(import.meta.url.lastIndexOf('.'));
    const entry = new URL(`./packing-thread${extension}`, import.meta.url);
    try {
      return new Worker(entry, { workerData: join(folder, segment), name: 'packing' });
    } catch (error) {
      failed(segment, error);
      return undefined;
    }
  };

  const next = (): void => {
    const segment = running === undefined && !isStopped ? waiting.shift() : undefined;
    if (segment === undefined) return;
    const worker = begin(segment);
    if (worker === undefined) return;
    running = { worker, segment };
    worker.unref();
    worker.on('message', (file: unknown) => {
      if (isPacked(file)) packed(segment, file);
    });
    worker.on('error', (error) => {
      dropDraft(join(folder, segment));
      failed(segment, error);
    });
    worker.on('exit', () => {
      running = undefined;
      next();
    });
  };

  return {
    closed(segment) {
      if (waiting.includes(segment) || running?.segment === segment) return;
      waiting.push(segment);
      next();
    },
    async stop() {
      isStopped = true;
      const last = running;
      if (last === undefined) return;
      await last.worker.terminate();
      dropDraft(join(folder, last.segment));
    },
  };
}

function isPacked(file: unknown): file is PackedFile {
  if (typeof file !== 'object' || file === null) return false;
  const { bytes, packedBytes } = { bytes: undefined, packedBytes: undefined, ...file };
  return typeof bytes === 'number' && typeof packedBytes === 'number';
}
