import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { type EngineStatus, parseStatus } from '../../src/cli/status.ts';
import { askEngine } from '../../src/store/journal/session-lock.ts';
import { type Ended, environmentWith, MAIN } from './strata.ts';

const LIFE_MS_MAX = 30_000;
const END_MS_MAX = 60_000;
const POLL_MS = 10;

/**
 * One life of the built engine. It is started as node itself, never through npm or a shell, so that
 * a signal reaches only the process it is meant for. `await using` ends it even when a test fails.
 */
export class ChildEngine implements AsyncDisposable {
  readonly dataDir: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<NodeJS.Signals | undefined>;
  readonly #began = performance.now();
  #code: number | undefined;
  #stdout = '';
  #stderr = '';
  #isOver = false;

  private constructor(dataDir: string, child: ChildProcess) {
    this.dataDir = dataDir;
    this.#child = child;
    child.stdout?.setEncoding('utf8').on('data', (text) => (this.#stdout += String(text)));
    child.stderr?.setEncoding('utf8').on('data', (text) => (this.#stderr += String(text)));
    this.#ended = new Promise((resolve) => {
      child.once('close', (code: number | null, signal: NodeJS.Signals | null) => {
        this.#isOver = true;
        this.#code = code ?? undefined;
        resolve(signal ?? undefined);
      });
    });
  }

  /** Starts and waits for nothing: for those who want to hit it while it opens or recovers. */
  static launch(
    dataDir: string,
    args: readonly string[],
    environment: Readonly<Record<string, string>> = {},
  ): ChildEngine {
    const child = spawn(process.execPath, [MAIN, ...args, '--data-dir', dataDir], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: environmentWith(environment),
    });
    return new ChildEngine(dataDir, child);
  }

  /** Starts and waits until the engine answers on its control channel. */
  static async start(
    dataDir: string,
    args: readonly string[],
    environment: Readonly<Record<string, string>> = {},
  ): Promise<ChildEngine> {
    const engine = ChildEngine.launch(dataDir, args, environment);
    try {
      await engine.until('a sign of life', () => true);
    } catch (error) {
      await engine[Symbol.asyncDispose]();
      throw error;
    }
    return engine;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Asks for its status until it is as wanted. Rejects at the deadline, or when it ends before. */
  async until(
    wanted: string,
    isWanted: (status: EngineStatus) => boolean,
    msMax = LIFE_MS_MAX,
  ): Promise<EngineStatus> {
    const deadline = performance.now() + msMax;
    for (;;) {
      const status = await this.#status();
      if (status !== undefined && isWanted(status)) return status;
      if (this.#isOver) throw new Error(`it ended before ${wanted}\n${this.#said}`);
      if (performance.now() > deadline) {
        throw new Error(`no ${wanted} in ${msMax} ms\n${this.#said}`);
      }
      await wait(POLL_MS);
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Rejects where it had ended by itself before. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    const signal = await this.#ended;
    if (signal !== 'SIGKILL') throw new Error(`it had ended by itself\n${this.#said}`);
  }

  async end(msMax = END_MS_MAX): Promise<Ended> {
    const late = new AbortController();
    const deadline = wait(msMax, undefined, { signal: late.signal }).then(() => {
      throw new Error(`it did not end in ${msMax} ms\n${this.#said}`);
    });
    try {
      await Promise.race([this.#ended, deadline]);
    } finally {
      late.abort();
      deadline.catch(() => undefined);
    }
    const tookMs = performance.now() - this.#began;
    return { code: this.#code, stdout: this.#stdout, stderr: this.#stderr, tookMs };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  get #said(): string {
    return `exit ${this.#code}\n${this.#stdout}\n${this.#stderr}`;
  }

  /** Undefined while nobody answers, and while the session is still being opened. */
  async #status(): Promise<EngineStatus | undefined> {
    try {
      return parseStatus(await askEngine(this.dataDir, { verb: 'status' }));
    } catch {
      return undefined;
    }
  }
}
