import { assert, InvariantError } from './assert.ts';
import { type ByteReader, type ByteWriter, DecodeError } from './bytes.ts';

/**
 * One table describes a union of plain records; the type, the canonical bytes and the reader all
 * come from it, so they cannot disagree. Used for inputs, effects and facts.
 *
 * Canonical means: same value, same bytes, on every machine. Fields are written in the order of
 * the table. A kind's number and the order of its fields are the format: append, never reorder.
 */
export interface Field<T> {
  write(writer: ByteWriter, value: T): void;
  read(reader: ByteReader): T;
}

/** Marks a field that may be left out. */
export interface OptionalField<T> {
  readonly optional: Field<T>;
}

export type Fields = Readonly<Record<string, Field<unknown> | OptionalField<unknown>>>;

type Simplify<T> = { readonly [K in keyof T]: T[K] };

/** The plain object that a table of fields describes. */
export type RecordOf<F> = Simplify<
  { readonly [K in keyof F as F[K] extends Field<unknown> ? K : never]: ValueOf<F[K]> } & {
    readonly [K in keyof F as F[K] extends OptionalField<unknown> ? K : never]?: ValueOf<F[K]>;
  }
>;

/** What a field holds: a union of words is written once, in its table. */
export type ValueOf<F> =
  F extends Field<infer T> ? T : F extends OptionalField<infer T> ? T : never;

export interface KindRow<F extends Fields = Fields> {
  readonly id: number;
  readonly fields: F;
}

export type KindTable = Readonly<Record<string, KindRow>>;

/** The discriminated union that a table of kinds describes: `{ kind: 'x', ... } | ...`. */
export type UnionOf<T extends KindTable> = {
  [K in keyof T]: Simplify<{ readonly kind: K } & RecordOf<T[K]['fields']>>;
}[keyof T];

export interface UnionCodec<U> {
  write(writer: ByteWriter, value: U): void;
  read(reader: ByteReader): U;
  readonly kinds: readonly string[];
}

export function row<F extends Fields>(id: number, fields: F): KindRow<F> {
  return { id, fields };
}

export function unionCodec<T extends KindTable>(table: T): UnionCodec<UnionOf<T>> {
  const byId = new Map<number, { readonly kind: string; readonly codec: Field<object> }>();
  const byKind = new Map<string, { readonly id: number; readonly codec: Field<object> }>();
  for (const [kind, { id, fields }] of Object.entries(table)) {
    assert(!byId.has(id) && id > 0 && id < 256, `kind ${kind} has its own number below 256`);
    assert(!('kind' in fields), `no field of ${kind} is named kind`);
    const codec = fieldsCodec(fields);
    byId.set(id, { kind, codec });
    byKind.set(kind, { id, codec });
  }
  return {
    kinds: [...byKind.keys()],
    write(writer, value) {
      const found = byKind.get(String(value.kind));
      if (found === undefined) broken(`the kind ${String(value.kind)} is in its table`);
      writer.u8(found.id);
      found.codec.write(writer, value);
    },
    read(reader) {
      const at = reader.at;
      const found = byId.get(reader.u8());
      if (found === undefined) throw new DecodeError('unknown kind of record', at);
      // The one place where bytes we wrote become values we typed.
      return { kind: found.kind, ...found.codec.read(reader) } as UnionOf<T>;
    },
  };
}

/** A record inside a record. */
export function nested<F extends Fields>(fields: F): Field<RecordOf<F>> {
  return fieldsCodec(fields) as Field<RecordOf<F>>;
}

export function optional<T>(field: Field<T>): OptionalField<T> {
  return { optional: field };
}

export function list<T>(field: Field<T>, itemsMax = 65_535): Field<readonly T[]> {
  assert(itemsMax <= 65_535, 'the length of a list fits in 16 bits');
  return {
    write(writer, items) {
      if (items.length > itemsMax) broken(`a list has at most ${itemsMax} items`);
      writer.u16(items.length);
      for (const item of items) field.write(writer, item);
    },
    read(reader) {
      const lengthAt = reader.at;
      const length = reader.u16();
      if (length > itemsMax) throw new DecodeError('a list is too long', lengthAt);
      const items: T[] = [];
      for (let at = 0; at < length; at += 1) items.push(field.read(reader));
      return items;
    },
  };
}

/** One of a few words, stored as its place among them: append new words, never reorder. */
export function oneOf<const Words extends readonly string[]>(
  ...words: Words
): Field<Words[number]> {
  assert(words.length <= 256, 'the place of a word fits in 8 bits');
  return {
    write(writer, word) {
      const at = words.indexOf(word);
      if (at < 0) broken(`"${word}" is one of ${words.join(', ')}`);
      writer.u8(at);
    },
    read(reader) {
      const at = reader.at;
      const word = words[reader.u8()];
      if (word === undefined) throw new DecodeError('unknown word', at);
      return word;
    },
  };
}

/** A safe integer: money, prices, times, sequence numbers. */
export function integer<T extends number = number>(): Field<T> {
  return {
    write(writer, value) {
      if (!Number.isSafeInteger(value)) broken(`${value} is a whole number`);
      writer.f64(value + 0); // Adding zero turns -0 into 0: one value, one pattern.
    },
    read(reader) {
      const at = reader.at;
      const value = reader.f64();
      if (!Number.isSafeInteger(value)) throw new DecodeError('not a whole number', at);
      return value as T;
    },
  };
}

export function text<T extends string = string>(): Field<T> {
  return {
    write: (writer, value) => writer.text(value),
    read: (reader) => reader.text() as T,
  };
}

export function index<T extends number = number>(): Field<T> {
  return {
    write(writer, value) {
      const isIndex = Number.isInteger(value) && value >= 0 && value < 4_294_967_296;
      if (!isIndex) broken(`${value} is an index`);
      writer.u32(value);
    },
    read: (reader) => reader.u32() as T,
  };
}

export const double: Field<number> = {
  write: (writer, value) => writer.f64(value),
  read: (reader) => reader.f64(),
};

export const truth: Field<boolean> = {
  write: (writer, value) => writer.u8(value ? 1 : 0),
  read: (reader) => readBit(reader),
};

/** A block of doubles, such as a feature matrix. Copied on both sides. */
export const doubles: Field<Float64Array> = {
  write(writer, values) {
    writer.u32(values.length);
    for (let at = 0; at < values.length; at += 1) writer.f64(values[at] ?? Number.NaN);
  },
  read(reader) {
    const lengthAt = reader.at;
    const length = reader.u32();
    // Asked before memory is: a damaged length must not cost gigabytes.
    if (length * 8 > reader.left) throw new DecodeError('the bytes end too early', lengthAt);
    const values = new Float64Array(length);
    for (let at = 0; at < values.length; at += 1) values[at] = reader.f64();
    return values;
  },
};

function fieldsCodec(fields: Fields): Field<object> {
  const plan = Object.entries(fields).map(([name, field]) =>
    'optional' in field
      ? { name, field: field.optional, isOptional: true }
      : { name, field, isOptional: false },
  );
  return {
    write(writer, value) {
      const source = value as Readonly<Record<string, unknown>>;
      for (const { name, field, isOptional } of plan) {
        const content = source[name];
        if (isOptional) {
          writer.u8(content === undefined ? 0 : 1);
          if (content === undefined) continue;
        }
        if (content === undefined) broken(`the field ${name} is present`);
        field.write(writer, content);
      }
    },
    read(reader) {
      const result: Record<string, unknown> = {};
      for (const { name, field, isOptional } of plan) {
        if (isOptional && !readBit(reader)) continue;
        result[name] = field.read(reader);
      }
      return result;
    },
  };
}

/** An `assert` whose text is only made when it is needed: these run for every field written. */
function broken(statement: string): never {
  throw new InvariantError(`broken invariant: ${statement}`);
}

function readBit(reader: ByteReader): boolean {
  const at = reader.at;
  const bit = reader.u8();
  if (bit > 1) throw new DecodeError('neither yes nor no', at);
  return bit === 1;
}
