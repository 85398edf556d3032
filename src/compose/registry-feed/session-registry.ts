import { plural } from '../../cli/figures.ts';
import type { RelationalStore } from '../../ports/relational/store.ts';
import type { SessionDescription, SessionEnd } from '../../ports/session-reader.ts';
import { StoreError } from '../../ports/store-error.ts';
import type { SessionFile } from '../session-files.ts';
import { RegistryNotes } from './registry-notes.ts';
import { RegistryWriter } from './registry-writer.ts';

export interface SessionRegistryOptions {
  readonly file: SessionFile;
  /** Made, and not yet opened. */
  readonly open: () => RelationalStore;
  /** A server takes what is noted as it comes; the embedded one is opened for the end alone. */
  readonly isServer: boolean;
  /** The end of the session waits no longer for it. */
  readonly endMsMax: number;
  readonly wallMs: () => number;
  /** It could not be written to, and will be again. */
  readonly away: (reason: string) => void;
}

export interface RegistryClosed {
  /** What a person should know; undefined where all is kept. */
  readonly trouble: string | undefined;
  readonly tookMs: number;
}

const WRITE_MS = 1_000;
const RETRY_MS = 10_000;

/**
 * The way of a session's description, of its symbols and of its layers into the registries. What
 * cannot be written waits in memory; what is not there in the end its journal tells again.
 */
export class SessionRegistry {
  readonly notes: RegistryNotes;
  readonly #options: SessionRegistryOptions;
  #registry: RelationalStore | undefined;
  #writer: RegistryWriter | undefined;
  #writing: Promise<void> | undefined;
  #dueMs = 0;
  #isDescribed = false;

  constructor(options: SessionRegistryOptions) {
    this.#options = options;
    this.notes = new RegistryNotes(options.file);
  }

  /** Some times a second. `write` puts the journal's records where nothing takes them back. */
  look(write: () => boolean): void {
    const { isServer, wallMs, away } = this.#options;
    const { names, moves } = this.notes;
    if (!isServer || this.#writing !== undefined || wallMs() < this.#dueMs) return;
    if (this.#isDescribed && names.length + moves.length === 0) return;
    if (!write()) return;
    this.#writing = this.#write().then(
      () => this.#next(WRITE_MS),
      (error: unknown) => {
        away(textOf(error));
        this.#next(RETRY_MS);
      },
    );
  }

  /**
   * Nothing is decided any more. With `ended` all of it is written, now or never; without it the
   * session goes on in another life, which hears everything again.
   */
  async close(ended: SessionEnd | undefined): Promise<RegistryClosed> {
    const { endMsMax, wallMs, file } = this.#options;
    const beganMs = wallMs();
    const finishing = ended === undefined ? Promise.resolve() : this.#finish(ended);
    const failure = await outcome(finishing, endMsMax);
    // What is still under way then may go on: it is true, and nobody waits for it.
    const closing = this.#registry?.close() ?? Promise.resolve();
    await outcome(closing, failure === undefined ? endMsMax : 0);
    const trouble = failure ?? this.#contradictions();
    const told =
      trouble === undefined ? undefined : `${trouble}; strata store refill ${file.sessionId}`;
    return { trouble: told, tookMs: Math.round(wallMs() - beganMs) };
  }

  async #finish(ended: SessionEnd): Promise<void> {
    await this.#writing;
    await this.#write();
    const session = { ...descriptionOf(this.#options.file), ended };
    const writer = this.#opened();
    await writer.finish(this.notes, session);
    await writer.describe(session);
  }

  async #write(): Promise<void> {
    const writer = this.#opened();
    if (!this.#isDescribed) await writer.describe(descriptionOf(this.#options.file));
    this.#isDescribed = true;
    await writer.write(this.notes);
  }

  #opened(): RegistryWriter {
    this.#registry ??= this.#options.open();
    this.#writer ??= new RegistryWriter(this.#registry);
    return this.#writer;
  }

  #next(waitMs: number): void {
    this.#writing = undefined;
    this.#dueMs = this.#options.wallMs() + waitMs;
  }

  #contradictions(): string | undefined {
    const { count = 0, first = '' } = this.#writer?.refusals ?? {};
    const { lost } = this.notes;
    const told = [
      ...(count > 0 ? [`${plural(count, 'entry', 'entries')} not taken, the first: ${first}`] : []),
      ...(lost > 0 ? [`${plural(lost, 'move')} lost for want of room`] : []),
    ];
    return told.length === 0 ? undefined : told.join(', ');
  }
}

/** What every registry of sessions knows of one; the file has more, as how to open its market. */
export function descriptionOf(file: SessionFile): SessionDescription {
  const { sessionId, kind, source, startedUs, configHash, buildId, nodeMajor } = file;
  const { isHistoryGiven, market } = file;
  const isLive = market.kind === 'live';
  const began = { sessionId, kind, source, startedUs, configHash, buildId, nodeMajor };
  return { ...began, isHistoryGiven, isLive };
}

/** Why it failed, or was not done in time. */
async function outcome(work: Promise<void>, msMax: number): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer within ${msMax} ms`), msMax);
  });
  const done = work.then(() => undefined, textOf);
  try {
    return await Promise.race([done, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Whatever it is, no session fails for it. */
function textOf(error: unknown): string {
  if (error instanceof StoreError) return `${error.code}: ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}
