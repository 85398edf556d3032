import { assert } from '../../core/assert.ts';
import { ByteWriter } from '../../core/bytes.ts';

const VARINT = 0;
const LENGTH_DELIMITED = 2;

/**
 * Writes protocol buffers, as much of them as ONNX needs
 * (https://protobuf.dev/programming-guides/encoding): a field is a tag, its number shifted by three
 * with its wire type below, and then a varint, or a length and so many bytes.
 */
export class ProtobufWriter {
  readonly #writer = new ByteWriter();

  integer(field: number, value: number): this {
    this.#varint(field * 8 + VARINT);
    this.#varint(value);
    return this;
  }

  text(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  message(field: number, message: ProtobufWriter): this {
    return this.bytes(field, message.view());
  }

  bytes(field: number, value: Uint8Array): this {
    this.#varint(field * 8 + LENGTH_DELIMITED);
    this.#varint(value.length);
    const at = this.#writer.reserve(value.length); // May move the bytes, so it comes first.
    this.#writer.bytes.set(value, at);
    return this;
  }

  view(): Uint8Array {
    return this.#writer.bytes.subarray(0, this.#writer.length);
  }

  /** Seven bits a byte, the low ones first; the eighth bit says that more follow. */
  #varint(value: number): void {
    assert(Number.isSafeInteger(value) && value >= 0, 'a varint here is whole and not negative');
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.#writer.u8((rest % 128) + 128);
    this.#writer.u8(rest);
  }
}
