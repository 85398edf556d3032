import { describe, expect, it } from 'vitest';
import { checksum } from '../../../../src/store/journal/checksum.ts';

const DIGITS = new TextEncoder().encode('123456789');

describe('checksum', () => {
  it('answers the check value of CRC-32 (ISO 3309)', () => {
    expect(checksum(DIGITS, 0, 9)).toBe(0xcbf43926);
  });

  it('continues from a seed as if the bytes were one', () => {
    expect(checksum(DIGITS, 4, 9, checksum(DIGITS, 0, 4))).toBe(0xcbf43926);
  });

  it('keeps the seed where there are no bytes, wherever the empty view lies', () => {
    expect(checksum(new Uint8Array(0), 0, 0, 77)).toBe(77);
    expect(checksum(DIGITS, 3, 3, 77)).toBe(77);
  });
});
