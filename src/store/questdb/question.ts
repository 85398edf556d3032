import type { Agent } from 'node:http';
import { StoreError } from '../../ports/store-error.ts';
import { type AnswerColumn, AnswerRows } from './answer-rows.ts';
import { ask, away, bodyOf, open, reasonOf, refusal } from './http.ts';
import { agentOf, type QuestDbPlace } from './place.ts';

/** Readers beside each other; one more waits for one of them. */
const READERS_MAX = 8;
/** A reader may be slower than the minute that the server grants by itself. */
const STATEMENT_MS_MAX = 3_600_000;

const DATASET = '"dataset":[';

export interface AnswerPage {
  readonly columns: readonly AnswerColumn[];
  readonly rows: readonly (readonly unknown[])[];
}

/** SQL over `/exec`, which knows every statement: whoever asks says what may be asked. */
export class Questions {
  readonly #place: QuestDbPlace;
  readonly #agent: Agent;

  constructor(place: QuestDbPlace) {
    this.#place = place;
    this.#agent = agentOf(place, READERS_MAX);
  }

  /** All rows of a short answer. */
  async rows(sql: string): Promise<readonly (readonly unknown[])[]> {
    const all: (readonly unknown[])[] = [];
    for await (const page of this.pages(sql)) all.push(...page.rows);
    return all;
  }

  /** The answer as it comes; at least one page, which names the columns. */
  async *pages(sql: string, keepsWholes = false): AsyncGenerator<AnswerPage> {
    const answer = new AnswerRows(keepsWholes);
    let isFirst = true;
    for await (const chunk of this.#body(sql)) {
      const rows = this.readable(() => answer.push(chunk));
      const { columns } = answer;
      if (columns === undefined || (rows.length === 0 && !isFirst)) continue;
      isFirst = false;
      yield { columns, rows };
    }
    if (!answer.isWhole || isFirst) throw this.#half();
  }

  /** The bytes of the answer from its first row on. */
  async *dataset(sql: string): AsyncGenerator<Buffer> {
    let head: Buffer | undefined = Buffer.alloc(0);
    for await (const chunk of this.#body(sql)) {
      if (head === undefined) {
        yield chunk;
        continue;
      }
      head = Buffer.concat([head, chunk]);
      // In a text, which our own statement is there, its quotes would have backslashes.
      const at = head.indexOf(DATASET);
      if (at < 0) continue;
      const rows = head.subarray(at + DATASET.length);
      head = undefined;
      if (rows.length > 0) yield rows;
    }
    if (head !== undefined) throw this.#half();
  }

  /** What follows the rows of a whole answer. */
  requireEnd(rest: string): void {
    if (!/^\].*\}\s*$/s.test(rest)) throw this.#half();
  }

  /** A line that was cut and mended on the way, or a server of another kind. */
  readable<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      const cause = new Error('its answer is not the JSON it should be', { cause: error });
      throw away(this.#place, cause);
    }
  }

  /** A statement that answers no rows. */
  async run(sql: string): Promise<void> {
    const answer = await ask(this.#place, { agent: this.#agent, path: pathOf(sql) });
    if (answer.status !== 200) {
      throw questionRefused(this.#place, answer.status, answer.body);
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  async *#body(sql: string): AsyncGenerator<Buffer> {
    const place = this.#place;
    const response = await open(place, {
      agent: this.#agent,
      path: pathOf(sql),
      headers: { 'statement-timeout': String(STATEMENT_MS_MAX) },
    });
    try {
      if (response.statusCode === 200) return yield* bodyOf(place, response);
      let body = '';
      for await (const chunk of bodyOf(place, response)) body += chunk.toString('utf8');
      throw questionRefused(place, response.statusCode ?? 0, body);
    } finally {
      // Who stops early leaves nothing behind: neither a cursor there nor a socket here.
      if (!response.complete) response.destroy();
    }
  }

  #half(): StoreError {
    return away(this.#place, new Error('half an answer came'));
  }
}

/** `'it''s'`. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function pathOf(sql: string): string {
  return `/exec?query=${encodeURIComponent(sql)}`;
}

function questionRefused(place: QuestDbPlace, status: number, body: string): StoreError {
  if (status === 400 && /table does not exist/.test(reasonOf(body))) {
    return new StoreError('STORE_SCHEMA', `QuestDB at ${place.text}: ${reasonOf(body)}`);
  }
  return refusal(place, { status, body });
}
