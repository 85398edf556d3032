import { beforeAll, describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../../src/core/time.ts';
import { QUOTE, TRADE } from '../../src/domain/market/event-batch.ts';
import { RECORD_TURN } from '../../src/ports/turn-record.ts';
import type { MemoryDisk } from '../faulty-disk.ts';
import { alteredMarket } from './altered-market.ts';
import { recordsOf } from './golden-decisions.ts';
import { GOLDEN_OPEN_US } from './golden-operator.ts';
import { goldenMarket, runGolden } from './golden-session.ts';

const UNTIL_US = GOLDEN_OPEN_US + 3 * HOUR;

describe('look-ahead (F6, I8)', () => {
  let plain: readonly string[];
  let plainDisk: MemoryDisk;

  beforeAll(async () => {
    plainDisk = (await runGolden({ untilUs: UNTIL_US })).disk;
    plain = turnsBefore(plainDisk, UNTIL_US);
  });

  it.each([25, 40, 70, 119.5, 120])(
    'decides the same until minute %f whatever the market does from then on',
    async (minutes) => {
      const fromUs = GOLDEN_OPEN_US + minutes * MINUTE;
      let altered = 0;
      const market = alteredMarket(goldenMarket(), (batch, at, receivedUs) => {
        if (receivedUs < fromUs) return;
        if (batch.kind[at] !== TRADE && batch.kind[at] !== QUOTE) return;
        altered += 1;
        batch.a[at] = Math.round((batch.a[at] ?? 0) * 1.01);
        if (batch.kind[at] === QUOTE) batch.c[at] = Math.round((batch.c[at] ?? 0) * 1.01);
      });

      const { disk } = await runGolden({ market, untilUs: UNTIL_US });

      const expected = turnsBefore(plainDisk, fromUs);
      expect(turnsBefore(disk, fromUs)).toEqual(expected);
      expect(expected.length).toBeGreaterThan(50);
      expect(altered).toBeGreaterThan(1_000);
      expect(turnsBefore(disk, UNTIL_US)).not.toEqual(plain);
    },
  );
});

/** Turns as the journal has them, features and bars included by their hash. */
function turnsBefore(disk: MemoryDisk, us: number): readonly string[] {
  return recordsOf(disk)
    .filter(({ kind, nowUs }) => kind === RECORD_TURN && nowUs < us)
    .map(({ nowUs, payload }) => `${nowUs} ${Buffer.from(payload).toString('base64')}`);
}
