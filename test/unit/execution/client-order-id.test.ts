import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isIdText, textId } from '../../../src/core/ids.ts';
import {
  CLIENT_ORDER_ID_MAX,
  clientOrderId,
  type ClientOrderIdParts,
} from '../../../src/domain/orders/client-order-id.ts';

const IDS = process.env['STRATA_LONG'] === '1' ? 10_000_000 : 1_000_000;

const PARTS: ClientOrderIdParts = {
  account: textId('paper'),
  session: textId('2026-11-19'),
  epoch: 0,
  strategy: textId('mean-reversion'),
  symbolName: 'AAPL',
  sequence: 42,
};

describe('B10: a client order id', () => {
  it('is the same for the same order, and says whose it is', () => {
    expect(clientOrderId(PARTS)).toBe(clientOrderId({ ...PARTS }));
    expect(clientOrderId(PARTS)).toMatch(/^mean-rever\.AAPL\.[0-9a-f]{16}\.42$/);
  });

  it('never changes: journals and venues remember it', () => {
    expect(clientOrderId(PARTS)).toBe('mean-rever.AAPL.35eb867deb51fda5.42');
  });

  it('differs when any part differs, and when a letter moves to the next part', () => {
    const others: readonly Partial<ClientOrderIdParts>[] = [
      {},
      { account: textId('live') },
      { session: textId('2026-11-20') },
      { epoch: 1 },
      { epoch: 4_294_967_296 },
      { strategy: textId('mean-reversion2') },
      { symbolName: 'AAP' },
      { sequence: 43 },
      { account: textId('pape'), session: textId('r2026-11-19') },
      { symbolName: 'BRK.A' },
      { symbolName: 'BRK_A' },
    ];

    const ids = others.map((other) => clientOrderId({ ...PARTS, ...other }));

    expect(new Set(ids).size).toBe(others.length);
  });

  it('is at most 48 printable characters, whatever it is made of', () => {
    const word = fc.string({ minLength: 1, maxLength: 128, unit: 'grapheme-ascii' });
    const part = word.map((text) => text.replaceAll(' ', '_'));
    const whole = fc.integer({ min: 0, max: 0xffff_ffff });
    fc.assert(
      fc.property(part, part, part, fc.string(), whole, whole, (a, s, g, symbolName, epoch, n) => {
        const made = clientOrderId({
          account: textId(a),
          session: textId(s),
          epoch,
          strategy: textId(g),
          symbolName,
          sequence: n,
        });
        expect(made.length).toBeLessThanOrEqual(CLIENT_ORDER_ID_MAX);
        expect(isIdText(made)).toBe(true);
      }),
    );
  });

  it('stops us when the sequence is not one', () => {
    for (const sequence of [-1, 0.5, Number.NaN, 4_294_967_296]) {
      expect(() => clientOrderId({ ...PARTS, sequence })).toThrow('sequence');
    }
    expect(() => clientOrderId({ ...PARTS, epoch: -1 })).toThrow('epoch');
  });

  it(`has no twin among ${IDS} orders`, { timeout: 600_000 }, () => {
    // Ten sequences in each of 10,000 symbols for ten owners; fingerprints, as ids fill a heap.
    const fingerprints = new BigUint64Array(IDS);
    const owners = IDS / 100_000;
    let at = 0;
    for (let owner = 0; owner < owners; owner += 1) {
      const own = { epoch: owner % 3, strategy: textId<never>(`strategy-of-${owner}`) };
      for (let symbol = 0; symbol < 10_000; symbol += 1) {
        for (let sequence = 0; sequence < 10; sequence += 1) {
          const id = clientOrderId({ ...PARTS, ...own, symbolName: `S${symbol}`, sequence });
          fingerprints[at] = fingerprint(id);
          at += 1;
        }
      }
    }
    fingerprints.sort();

    let twins = 0;
    for (let next = 1; next < at; next += 1) {
      if (fingerprints[next] === fingerprints[next - 1]) twins += 1;
    }
    expect(at).toBe(IDS);
    expect(twins).toBe(0);
  });
});

/** Of another family than the id's own hash, so that it cannot share its collisions. */
function fingerprint(id: string): bigint {
  return createHash('sha1').update(id).digest().readBigUInt64LE(0);
}
