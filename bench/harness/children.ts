import { type ChildProcess, spawn } from 'node:child_process';

/** Longer than this after it was asked to end, and it is ended. */
const GRACE_MS = 2_000;
const OUTPUT_CHARS_MAX = 1 << 24;

/** Why a child did not do its work. */
export class ChildError extends Error {
  override readonly name = 'ChildError';
}

/**
 * The processes that a bench starts, each the head of a group of its own: what a suite starts in
 * turn, a venue or a server, ends with it.
 */
export class Children {
  readonly #running = new Set<ChildProcess>();
  #isEnding = false;

  /** Runs Node with these arguments and answers its output; its errors go where ours go. */
  run(args: readonly string[], limitMs: number, folder?: string): Promise<string> {
    if (this.#isEnding) return Promise.reject(new ChildError('stopped'));
    const child = this.start(args, 'ignore', folder);
    let output = '';
    child.stdout?.setEncoding('utf8');
    child.stdout?.on('data', (text: string) => {
      if (output.length < OUTPUT_CHARS_MAX) output += text;
    });
    return new Promise((resolve, reject) => {
      let isLate = false;
      const limit = setTimeout(() => {
        isLate = true;
        endGroup(child, 'SIGKILL');
      }, limitMs);
      const settle = (why: string | undefined) => {
        clearTimeout(limit);
        // What it left behind of its own would be load under the next run.
        endGroup(child, 'SIGKILL');
        if (why === undefined) resolve(output);
        else reject(new ChildError(isLate ? `no answer in ${limitMs / 1_000} s` : why));
      };
      child.once('error', ({ message }) => settle(message));
      child.once('close', (code, signal) =>
        settle(code === 0 ? undefined : `exit ${signal ?? String(code)}`),
      );
    });
  }

  /** One that lives until it is ended. */
  start(args: readonly string[], input: 'ignore' | 'pipe', folder?: string): ChildProcess {
    const child = spawn(process.execPath, args, {
      stdio: [input, 'pipe', 'inherit'],
      detached: true,
      cwd: folder,
    });
    this.#running.add(child);
    child.once('close', () => this.#running.delete(child));
    return child;
  }

  /** Every group, now: for a bench that is stopped. */
  endAll(): void {
    this.#isEnding = true;
    for (const child of this.#running) endGroup(child, 'SIGKILL');
  }

  /** Of one that lives: it is asked by the end of its input, then it is made to. */
  async end(child: ChildProcess): Promise<void> {
    if (!this.#running.has(child)) return;
    const closed = new Promise((resolve) => child.once('close', resolve));
    child.stdin?.end();
    const grace = setTimeout(() => endGroup(child, 'SIGKILL'), GRACE_MS);
    await closed;
    clearTimeout(grace);
  }
}

function endGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone already.
  }
}
