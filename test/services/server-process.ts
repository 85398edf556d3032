import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const READY_MS_MAX = 60_000;
const END_MS_MAX = 20_000;
const POLL_MS = 25;
const LOG_TAIL_MAX = 4_000;

/** How a server is started, known to be up, and ended in good order. */
export interface Launch {
  readonly name: string;
  /** Its folder: `pid`, `signal` and `log` lie there, and its arguments name it. */
  readonly folder: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
  /** What it writes to its log once it listens: another server at its port does not fool us. */
  readonly readyMark: RegExp;
  /** Asks it something real. */
  readonly isReady: () => Promise<boolean>;
  readonly stopSignal: NodeJS.Signals;
  /** It works in processes of its own, which die with it when it is killed. */
  readonly hasChildren?: boolean;
  readonly beforeStart?: () => void;
  readonly afterEnd?: () => void;
}

/** It ended before it was ready: `isPortTaken` says that other ports may help. */
export class StartError extends Error {
  override readonly name = 'StartError';
  readonly isPortTaken: boolean;

  constructor(message: string, log: string) {
    super(`${message}\n${log}`);
    this.isPortTaken = /address already in use|could not bind|failed to bind|BindException/i.test(
      log,
    );
  }
}

/** A server through its lives: started, killed, started again over the same directory and ports. */
export class ServerProcess {
  readonly #launch: Launch;
  #child: ChildProcess | undefined;
  #ended: Promise<void> = Promise.resolve();
  #isAlive = false;

  constructor(launch: Launch) {
    this.#launch = launch;
    writeFileSync(join(launch.folder, 'signal'), launch.stopSignal);
  }

  get pid(): number {
    if (!this.#isAlive || this.#child?.pid === undefined) {
      throw new Error(`${this.#launch.name} is not running`);
    }
    return this.#child.pid;
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** Settles when it answers. */
  async start(): Promise<void> {
    if (this.#isAlive) throw new Error(`${this.#launch.name} is running already`);
    this.#launch.beforeStart?.();
    this.#spawn();
    const deadline = performance.now() + READY_MS_MAX;
    while (!(await this.#isReady())) {
      if (!this.#isAlive) throw this.#startError('ended before it was ready');
      if (performance.now() > deadline) {
        await this.kill('SIGKILL');
        throw this.#startError(`was not ready in ${READY_MS_MAX} ms`);
      }
      await wait(POLL_MS);
    }
  }

  /** Sends the signal and settles when the process is gone; what does not go is killed. */
  async kill(signal: NodeJS.Signals): Promise<void> {
    if (!this.#isAlive) return;
    const late = setTimeout(() => this.#child?.kill('SIGKILL'), END_MS_MAX);
    const children = this.#launch.hasChildren === true ? childrenOf(this.pid) : [];
    this.#child?.kill(signal);
    if (signal === 'SIGKILL') for (const pid of children) send(pid, 'SIGKILL');
    // What is held still hears no signal but the last.
    else this.#child?.kill('SIGCONT');
    await this.#ended;
    clearTimeout(late);
    const deadline = performance.now() + END_MS_MAX;
    while (children.some((pid) => send(pid, 0)) && performance.now() < deadline)
      await wait(POLL_MS);
  }

  /** Holds it still, as a server that hangs; `isHeld` false lets it go on. */
  hold(isHeld: boolean): void {
    this.#child?.kill(isHeld ? 'SIGSTOP' : 'SIGCONT');
  }

  log(): string {
    const path = join(this.#launch.folder, 'log');
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  }

  #spawn(): void {
    const { folder, file, args, env, user } = this.#launch;
    const log = openSync(join(folder, 'log'), 'w');
    // The shell becomes the server; its number is written down before there is anything to leak.
    const child = spawn(
      '/bin/sh',
      ['-c', 'echo $$ > "$0" && exec "$@"', join(folder, 'pid'), file, ...args],
      { cwd: folder, env, stdio: ['ignore', log, log], ...user },
    );
    closeSync(log);
    this.#child = child;
    this.#isAlive = true;
    this.#ended = new Promise((resolve) => {
      const over = (): void => {
        this.#isAlive = false;
        rmSync(join(folder, 'pid'), { force: true });
        this.#launch.afterEnd?.();
        resolve();
      };
      child.once('exit', over);
      child.once('error', over);
    });
  }

  async #isReady(): Promise<boolean> {
    if (!this.#launch.readyMark.test(this.log())) return false;
    try {
      return await this.#launch.isReady();
    } catch {
      return false;
    }
  }

  #startError(what: string): StartError {
    return new StartError(`${this.#launch.name} ${what}`, this.log().slice(-LOG_TAIL_MAX));
  }
}

/** Linux says it itself; elsewhere, and where it does not, a program does. */
function childrenOf(pid: number): readonly number[] {
  const told = `/proc/${pid}/task/${pid}/children`;
  try {
    const text = existsSync(told)
      ? readFileSync(told, 'utf8')
      : execFileSync('pgrep', ['-P', String(pid)], { stdio: ['ignore', 'pipe', 'ignore'] });
    return text
      .toString()
      .split(/\s/)
      .map(Number)
      .filter((child) => child > 1);
  } catch {
    return [];
  }
}

/** Answers whether there is such a process; signal 0 only asks. */
function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
