import { decode, decodeTimestampToTimeSpec, EXT_TIMESTAMP, ExtensionCodec } from '@msgpack/msgpack';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  jsonFrame,
  packedFrame,
  WireEvent,
  WireTime,
  wireTime,
} from '../../../../src/venue/sockets/wire-event.ts';

const DAY_US = 86_400_000_000;

describe('a message of the wire', () => {
  it('says the same in JSON and in msgpack, times to the nanosecond', () => {
    const events = fc.array(
      fc.record({
        name: fc.stringMatching(/^[A-Z]{1,5}$/),
        id: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
        ticks: fc.integer({ min: 0, max: 9_000_000_000 }),
        us: fc.integer({ min: 0, max: 20_000 * DAY_US }),
        nanos: fc.integer({ min: 0, max: 999 }),
      }),
      { minLength: 1, maxLength: 40 },
    );

    fc.assert(
      fc.property(events, (drawn) => {
        const made = drawn.map(
          ({ name, id, ticks, us, nanos }) =>
            new WireEvent({
              T: 't',
              S: name,
              i: id,
              p: ticks / 10_000,
              c: ['@', 'I'],
              t: new WireTime(us, nanos),
            }),
        );
        const fromText: unknown = JSON.parse(jsonFrame(made));
        const fromBytes = decode(packedFrame(made), { extensionCodec: nanoseconds });

        expect(normal(fromBytes)).toEqual(normal(fromText));
      }),
    );
  });

  it('has T as its first key in both codecs', () => {
    const event = new WireEvent({ T: 'b', S: 'A' });

    expect(event.json().startsWith('{"T":"b"')).toBe(true);
    expect(Object.keys(Object(decode(event.packed())))[0]).toBe('T');
  });

  it('writes whole numbers past 32 bits as integers, which strict clients want', () => {
    const bytes = new WireEvent({ T: 't', i: 52_983_525_033_527 }).packed();

    // 0xcf begins an unsigned integer of 64 bits; 0xcb would be a float.
    expect(bytes.includes(0xcf)).toBe(true);
    expect(decode(bytes, { useBigInt64: true })).toEqual({ T: 't', i: 52_983_525_033_527n });
  });

  it('is encoded once, however often it is asked for', () => {
    const event = new WireEvent({ T: 'q', S: 'A' });

    expect(event.packed()).toBe(event.packed());
  });

  it('gives every copy of a moment the same nanoseconds, and none to a minute mark', () => {
    expect(wireTime(1_717_426_800_505_741).toJSON()).toBe(wireTime(1_717_426_800_505_741).toJSON());
    expect(wireTime(1_717_426_800_000_000).toJSON()).toBe('2024-06-03T15:00:00Z');
    expect(Math.floor(wireTime(1_717_426_800_505_741).us)).toBe(1_717_426_800_505_741);
  });
});

/** The timestamp extension as the JSON form's text. */
const nanoseconds = new ExtensionCodec();
nanoseconds.register({
  type: EXT_TIMESTAMP,
  encode: () => {
    throw new Error('only for reading');
  },
  decode: (data) => {
    const { sec, nsec } = decodeTimestampToTimeSpec(data);
    return new WireTime(sec * 1_000_000 + Math.floor(nsec / 1_000), nsec % 1_000).toJSON();
  },
});

/** Through text, so that both have the same kinds of numbers. */
function normal(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
