import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../../../src/cli/program.ts';
import { createVerbs } from '../../../src/compose/verbs.ts';
import { CollectingTerminal } from '../cli/collecting-terminal.ts';

export interface Ran {
  readonly exitCode: number;
  readonly out: string;
  readonly errors: string;
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** A data directory and the command line on it, in this process; gone after the test. */
export class Workplace {
  readonly dataDir = mkdtempSync(join(tmpdir(), 'strata-workplace-'));

  async run(...words: readonly string[]): Promise<Ran> {
    const terminal = new CollectingTerminal();
    const { signal } = new AbortController();
    const verbs = createVerbs(terminal, () => signal);
    const exitCode = await runProgram([...words, '--data-dir', this.dataDir], verbs, terminal);
    return { exitCode, out: terminal.out, errors: terminal.errors };
  }

  /** The one JSON value that a run writes. */
  async json(...words: readonly string[]): Promise<{ exitCode: number; value: JsonObject }> {
    const { exitCode, out, errors } = await this.run(...words, '--json');
    if (out === '') throw new Error(`nothing was written; ${errors}`);
    return { exitCode, value: objectOf(JSON.parse(out)) };
  }

  folder(session: string): string {
    return join(this.dataDir, 'sessions', session);
  }

  description(session: string): JsonObject {
    return objectOf(JSON.parse(readFileSync(join(this.folder(session), 'session.json'), 'utf8')));
  }

  report(session: string): string {
    return readFileSync(join(this.folder(session), 'report.html'), 'utf8');
  }

  remove(): void {
    rmSync(this.dataDir, { recursive: true });
  }
}

export function objectOf(value: unknown): JsonObject {
  if (typeof value !== 'object' || value === null) throw new Error(`no object: ${String(value)}`);
  return { ...value };
}
