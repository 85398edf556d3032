import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { FloodPlan } from './flood-frames.ts';
import type { Order, Told } from './flood-venue.ts';

const PROGRAM = fileURLToPath(new URL('flood-venue.js', import.meta.url));

/** A venue of the bench, in a process of its own. */
export class Flood {
  readonly #process: ChildProcess;
  readonly #lines: Interface;
  #port = 0;

  constructor(plan: FloodPlan) {
    this.#process = spawn(process.execPath, [PROGRAM, JSON.stringify(plan)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const { stdout } = this.#process;
    if (stdout === null) throw new Error('a venue without an output');
    this.#lines = createInterface({ input: stdout });
  }

  async open(): Promise<void> {
    const { port }: { readonly port: number } = JSON.parse(await this.#line());
    this.#port = port;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.#port}`;
  }

  async send(order: Order): Promise<Told> {
    this.#process.stdin?.write(`${JSON.stringify(order)}\n`);
    const told: Told = JSON.parse(await this.#line());
    return told;
  }

  async close(): Promise<void> {
    const ended = once(this.#process, 'close');
    this.#process.stdin?.end();
    await ended;
    this.#lines.close();
  }

  async #line(): Promise<string> {
    const gone = once(this.#process, 'close').then(() => {
      throw new Error('the venue of the bench has ended');
    });
    gone.catch(() => undefined);
    const [line] = await Promise.race([once(this.#lines, 'line'), gone]);
    return String(line);
  }
}
