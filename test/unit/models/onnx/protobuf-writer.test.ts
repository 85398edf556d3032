import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProtobufWriter } from '../../../../src/models/onnx/protobuf-writer.ts';

describe('ProtobufWriter', () => {
  it('writes the examples of the protocol buffers encoding guide', () => {
    // https://protobuf.dev/programming-guides/encoding: a = 150; b = "testing"; c holds the first.
    const first = new ProtobufWriter().integer(1, 150);

    expect([...first.view()]).toEqual([0x08, 0x96, 0x01]);
    expect([...new ProtobufWriter().text(2, 'testing').view()]).toEqual([
      0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67,
    ]);
    expect([...new ProtobufWriter().message(3, first).view()]).toEqual([
      0x1a, 0x03, 0x08, 0x96, 0x01,
    ]);
  });

  it('writes any whole number so that it reads back, as long as its buffer has to be', () => {
    const fields = fc.array(
      fc.tuple(
        fc.integer({ min: 1, max: 2_000 }),
        fc.maxSafeNat(),
        fc.uint8Array({ maxLength: 400 }),
      ),
      { maxLength: 30 },
    );

    fc.assert(
      fc.property(fields, (wanted) => {
        const writer = new ProtobufWriter();
        for (const [field, value, bytes] of wanted)
          writer.integer(field, value).bytes(field, bytes);
        const read = readFields(writer.view());

        expect(read).toEqual(
          wanted.flatMap(([field, value, bytes]) => [
            [field, value],
            [field, bytes],
          ]),
        );
      }),
    );
  });
});

type Field = readonly [field: number, value: number | Uint8Array];

/** Reads fields as the writer writes them: a second reading of the guide. */
function readFields(bytes: Uint8Array): readonly Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at] ?? 0;
      at += 1;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const field = Math.floor(tag / 8);
    if (tag % 8 === 0) {
      fields.push([field, varint()]);
      continue;
    }
    const length = varint();
    fields.push([field, bytes.slice(at, at + length)]);
    at += length;
  }
  return fields;
}
