import type { ChildProcess } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { present } from '../../src/core/assert.ts';
import { ChildError, type Children } from './children.ts';
import { figuresOf } from './run-answer.ts';
import type { Figures } from './suite.ts';

const LOOP = fileURLToPath(new URL('noise-loop.js', import.meta.url));
const ANSWER_MS_MAX = 10_000;

/** The floor while a run runs: `noise-loop.ts` in a process beside. */
export class NoiseBeside {
  readonly #children: Children;
  readonly #process: ChildProcess;
  readonly #lines: Interface;

  constructor(children: Children) {
    this.#children = children;
    this.#process = children.start([LOOP], 'pipe');
    this.#process.stdin?.on('error', () => undefined); // It is gone: `end` tells.
    this.#lines = createInterface({
      input: present(this.#process.stdout ?? undefined, 'a piped output'),
    });
  }

  begin(): void {
    this.#process.stdin?.write('begin\n');
  }

  async end(): Promise<Figures> {
    const answer = new Promise<string>((resolve, reject) => {
      const limit = setTimeout(() => reject(new ChildError('the floor is silent')), ANSWER_MS_MAX);
      const settle = (line: string) => {
        clearTimeout(limit);
        resolve(line);
      };
      this.#lines.once('line', settle);
    });
    this.#process.stdin?.write('end\n');
    const value: unknown = JSON.parse(await answer);
    return figuresOf(value);
  }

  async close(): Promise<void> {
    await this.#children.end(this.#process);
    this.#lines.close();
  }
}
