import { describe, expect, it } from 'vitest';
import { Hash64, hashBytes, hashText } from '../../../src/core/hash.ts';
import { Random } from '../../../src/core/random.ts';

describe('Hash64', () => {
  it('gives fixed values, since journals hold them', () => {
    expect(new Hash64().hex()).toBe('92ca2f0ecb72770f');
    expect(hashText('')).toBe('fbda7396b424cf69');
    expect(hashText('strata')).toBe('6af83e467c6ff557');
    expect(hashBytes(Uint8Array.of(1, 2, 3, 4, 5))).toBe('017bec2512a7ebb1');
  });

  it('tells apart bytes that differ only in zeros at the end', () => {
    const hashes = [0, 1, 2, 3, 4, 5, 8].map((length) => hashBytes(new Uint8Array(length)));

    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('tells apart the same content cut differently', () => {
    const [left, right] = [new Hash64(), new Hash64()];
    left.text('ab');
    left.text('c');
    right.text('a');
    right.text('bc');

    expect(left.hex()).not.toBe(right.hex());
  });

  it('hashes a part of bytes like a copy of that part', () => {
    const bytes = Uint8Array.from({ length: 64 }, (_, at) => at * 7);
    const hash = new Hash64();
    hash.bytes(bytes, 3, 50);

    expect(hash.hex()).toBe(hashBytes(bytes.slice(3, 50)));
  });

  it('goes on from a state that was set', () => {
    const whole = new Hash64();
    whole.int(1);
    const { high, low } = whole;
    whole.int(2);
    const resumed = new Hash64();
    resumed.set(high, low);
    resumed.int(2);

    expect(resumed.hex()).toBe(whole.hex());
    expect(resumed.hex()).toBe(resumed.hex());
  });

  it('has no collision among 200,000 short inputs', () => {
    const seen = new Set<string>();
    for (let value = 0; value < 200_000; value += 1) {
      const hash = new Hash64();
      hash.int(value);
      seen.add(hash.hex());
    }

    expect(seen.size).toBe(200_000);
  });

  it('flips about half of its bits when one bit of the input flips', () => {
    const random = new Random(11);
    let flipped = 0;
    for (let round = 0; round < 2_000; round += 1) {
      const bytes = Uint8Array.from({ length: 12 }, () => random.below(256));
      const before = BigInt(`0x${hashBytes(bytes)}`);
      const at = random.below(12);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
      flipped += ones(before ^ BigInt(`0x${hashBytes(bytes)}`));
    }

    expect(flipped / 2_000).toBeGreaterThan(30);
    expect(flipped / 2_000).toBeLessThan(34);
  });
});

function ones(bits: bigint): number {
  return bits.toString(2).replaceAll('0', '').length;
}
