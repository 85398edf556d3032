/**
 * 64-bit rolling hash in two 32-bit lanes, for decision hashes and fingerprints: not for secrets.
 *
 * Each lane is murmur3's mix (Appleby, public domain algorithm) with its own constants; integer
 * operators only, so it gives the same bits on every machine.
 */
export class Hash64 {
  high = 0x9e3779b9 | 0;
  low = 0x85ebca6b | 0;

  int(value: number): void {
    const k = Math.imul(value | 0, 0xcc9e2d51);
    const rotated = (k << 15) | (k >>> 17);
    const a = this.low ^ Math.imul(rotated, 0x1b873593);
    this.low = (Math.imul((a << 13) | (a >>> 19), 5) + 0xe6546b64) | 0;
    const b = this.high ^ Math.imul(k ^ (k >>> 16), 0x38b34ae5);
    this.high = (Math.imul((b << 17) | (b >>> 15), 9) + (this.low ^ 0x561ccd1b)) | 0;
  }

  /** Whole words first, then the tail zero-padded, then the length: `[0]` and `[0,0]` differ. */
  bytes(bytes: Uint8Array, from = 0, to = bytes.length): void {
    let at = from;
    for (; at + 4 <= to; at += 4) {
      this.int(
        (bytes[at] ?? 0) |
          ((bytes[at + 1] ?? 0) << 8) |
          ((bytes[at + 2] ?? 0) << 16) |
          ((bytes[at + 3] ?? 0) << 24),
      );
    }
    let tail = 0;
    for (let shift = 0; at < to; at += 1, shift += 8) tail |= (bytes[at] ?? 0) << shift;
    this.int(tail);
    this.int(to - from);
  }

  text(text: string): void {
    for (let at = 0; at < text.length; at += 1) this.int(text.charCodeAt(at));
    this.int(text.length);
  }

  set(high: number, low: number): void {
    this.high = high | 0;
    this.low = low | 0;
  }

  /** 16 lower-case hex digits. Reading does not change the state. */
  hex(): string {
    return hex32(finish(this.high)) + hex32(finish(this.low));
  }
}

export function hashText(text: string): string {
  const hash = new Hash64();
  hash.text(text);
  return hash.hex();
}

export function hashBytes(bytes: Uint8Array): string {
  const hash = new Hash64();
  hash.bytes(bytes);
  return hash.hex();
}

function finish(lane: number): number {
  const a = Math.imul(lane ^ (lane >>> 16), 0x85ebca6b);
  const b = Math.imul(a ^ (a >>> 13), 0xc2b2ae35);
  return b ^ (b >>> 16);
}

/** Two digits at a time from a table: an order's id is on the way of the order. */
function hex32(value: number): string {
  const first = (PAIRS[value >>> 24] ?? '') + (PAIRS[(value >>> 16) & 0xff] ?? '');
  return first + (PAIRS[(value >>> 8) & 0xff] ?? '') + (PAIRS[value & 0xff] ?? '');
}

const PAIRS: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, '0'),
);
