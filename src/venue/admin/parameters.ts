import { PRICE_MAX, PRICE_SCALE } from '../../core/money.ts';
import { type ClientMessage, isMap } from '../sockets/codec.ts';

/** The least and the most that a number may be: every number of the admin port has both. */
export type Range = readonly [least: number, most: number];

/** Ten minutes: whoever waits longer wants no answer at all. */
export const MS_RANGE: Range = [0, 600_000];
/** Dollars, as far as orders go. */
export const PRICE_RANGE: Range = [1 / PRICE_SCALE, PRICE_MAX / PRICE_SCALE];
export const COUNT_RANGE: Range = [1, 1_000_000];

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

  number(name: string, [least, most]: Range, otherwise?: number): number {
    const value = this.#take(name) ?? otherwise;
    if (typeof value === 'number' && value >= least && value <= most) return value;
    throw new AdminError(`${name} must be a number from ${least} to ${most}`);
  }

  whole(name: string, [least, most]: Range, otherwise?: number): number {
    const value = this.#take(name) ?? otherwise;
    const isWhole = typeof value === 'number' && Number.isInteger(value);
    if (isWhole && value >= least && value <= most) return value;
    throw new AdminError(`${name} must be a whole number from ${least} to ${most}`);
  }

  optionalNumber(name: string, range: Range): number | undefined {
    return this.#take(name) === undefined ? undefined : this.number(name, range);
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
