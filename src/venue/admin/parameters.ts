import { type ClientMessage, isMap } from '../sockets/codec.ts';

/** What was wrong with a request to the admin port: told to whoever sent it. */
export class AdminError extends Error {
  override readonly name = 'AdminError';
  readonly code = 'VENUE_REQUEST_UNKNOWN';
}

/** The body of an action, read with names: a wrong one says which. */
export class Parameters {
  readonly #values: ClientMessage;
  readonly #read = new Set<string>(['action', 'seed']);

  constructor(values: unknown) {
    if (!isMap(values)) throw new AdminError('a body is one JSON object');
    this.#values = values;
  }

  number(name: string, otherwise?: number): number {
    const value = this.#take(name) ?? otherwise;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    throw new AdminError(`${name} must be a number`);
  }

  optionalNumber(name: string): number | undefined {
    return this.#take(name) === undefined ? undefined : this.number(name);
  }

  text(name: string, otherwise?: string): string {
    const value = this.#take(name) ?? otherwise;
    if (typeof value === 'string') return value;
    throw new AdminError(`${name} must be a text`);
  }

  optionalText(name: string): string | undefined {
    return this.#take(name) === undefined ? undefined : this.text(name);
  }

  flag(name: string, otherwise: boolean): boolean {
    const value = this.#take(name) ?? otherwise;
    if (typeof value === 'boolean') return value;
    throw new AdminError(`${name} must be true or false`);
  }

  oneOf<Word extends string>(name: string, words: readonly Word[], otherwise?: Word): Word {
    const value = this.#take(name) ?? otherwise;
    const word = words.find((known) => known === value);
    if (word === undefined) throw new AdminError(`${name} must be one of ${words.join(', ')}`);
    return word;
  }

  map(name: string): ClientMessage {
    const value = this.#take(name) ?? {};
    if (isMap(value)) return value;
    throw new AdminError(`${name} must be an object`);
  }

  texts(name: string): readonly string[] {
    const value = this.#take(name) ?? [];
    if (Array.isArray(value)) return value.map(String);
    throw new AdminError(`${name} must be a list`);
  }

  /** A name that nothing reads is a misspelling. */
  end(): void {
    const unread = Object.keys(this.#values).filter((name) => !this.#read.has(name));
    if (unread.length > 0) throw new AdminError(`unknown parameters: ${unread.join(', ')}`);
  }

  #take(name: string): unknown {
    this.#read.add(name);
    return this.#values[name];
  }
}
