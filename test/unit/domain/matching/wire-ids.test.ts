import { describe, expect, it } from 'vitest';
import { SECOND } from '../../../../src/core/time.ts';
import { ulidOf, uuidOf } from '../../../../src/domain/matching/wire-ids.ts';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

describe('ids of the wire', () => {
  it('are the same for a seed, and other ones for every seed, kind and number', () => {
    const ids = new Set<string>();
    for (const seed of [0, 1, 7]) {
      for (const kind of ['account', 'asset', 'order', 'clientOrder', 'event'] as const) {
        for (let number = 1; number <= 500; number += 1) {
          const id = uuidOf(seed, kind, number);
          expect(id).toMatch(
            /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
          );
          ids.add(id);
        }
      }
    }

    expect(ids.size).toBe(3 * 5 * 500);
    expect(uuidOf(7, 'order', 3)).toBe(uuidOf(7, 'order', 3));
  });

  it('of events sort by time, then by count', () => {
    const us = 1_795_100_645_120_000;
    const ids = [ulidOf(us, 1), ulidOf(us, 2), ulidOf(us, 40), ulidOf(us + SECOND, 3)];

    expect(ids.toSorted()).toEqual(ids);
    expect(ids[0]).toHaveLength(26);
    const time = ids[0]?.slice(0, 10) ?? '';
    const digits = Array.from(time, (digit) => CROCKFORD.indexOf(digit));
    expect(digits.reduce((value, digit) => value * 32 + digit, 0)).toBe(us / 1_000);
  });
});
