import type { JsonRecord } from '../../core/json.ts';
import { isRecord } from '../../core/json.ts';
import { TreeFormatError } from './tree-error.ts';

/** A value of a parsed file together with its place, so that a refusal can name it. */
export class Part {
  readonly place: string;
  readonly value: unknown;

  constructor(place: string, value: unknown) {
    this.place = place;
    this.value = value;
  }

  field(name: string): Part {
    const value = this.#record()[name];
    if (value === undefined) throw this.fault(`has no ${name}`);
    return this.#named(name, value);
  }

  /** Undefined where the file leaves it out. */
  optional(name: string): Part | undefined {
    const value = this.#record()[name];
    return value === undefined ? undefined : this.#named(name, value);
  }

  items(): readonly Part[] {
    if (!Array.isArray(this.value)) throw this.fault('is not a list');
    return this.value.map((item: unknown, at) => new Part(`${this.place}[${at}]`, item));
  }

  /** A list of so many finite numbers; true and false count as 1 and 0, as in older files. */
  numbers(length: number): Float64Array {
    const list: unknown = this.value;
    const isView = list instanceof Float64Array;
    if (!isView && !Array.isArray(list)) throw this.fault('is not a list');
    if (list.length !== length) throw this.fault(`has ${list.length} values, not ${length}`);
    if (isView) return list;
    return Float64Array.from(list, (item: unknown, at) => {
      const number = typeof item === 'boolean' ? Number(item) : item;
      if (typeof number === 'number' && Number.isFinite(number)) return number;
      throw new TreeFormatError('TREES_UNREADABLE', `${this.place}[${at}]`, 'is not a number');
    });
  }

  text(): string {
    if (typeof this.value !== 'string') throw this.fault('is not a text');
    return this.value;
  }

  texts(): readonly string[] {
    return this.items().map((item) => item.text());
  }

  number(): number {
    if (typeof this.value !== 'number') throw this.fault('is not a number');
    return this.value;
  }

  /** A whole number of at most `max`, written as a number or, as XGBoost does, as a text. */
  count(max: number): number {
    const number = typeof this.value === 'string' ? wholeNumber(this.value) : this.value;
    if (typeof number !== 'number' || !Number.isInteger(number) || number < 0) {
      throw this.fault('is not a count');
    }
    if (number > max) {
      throw new TreeFormatError('TREES_TOO_LARGE', this.place, `${number} is above ${max}`);
    }
    return number;
  }

  fault(message: string): TreeFormatError {
    return new TreeFormatError('TREES_UNREADABLE', this.place, message);
  }

  unsupported(message: string): TreeFormatError {
    return new TreeFormatError('TREES_UNSUPPORTED', this.place, message);
  }

  #record(): JsonRecord {
    if (!isRecord(this.value)) throw this.fault('is not an object');
    return this.value;
  }

  #named(name: string, value: unknown): Part {
    return new Part(this.place === '' ? name : `${this.place}.${name}`, value);
  }
}

function wholeNumber(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
