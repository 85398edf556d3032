import { beforeEach, describe, expect, it } from 'vitest';
import type { ScanRecord, ScanRegistry } from '../../../src/ports/relational/scans.ts';
import type { RelationalWorld } from './world.ts';
import { refusal, value } from './answers.ts';

export function describeScans(world: () => RelationalWorld): void {
  describe('the registry of scans', () => {
    beforeEach(async () => await world().clean());
    const scans = (): ScanRegistry => world().store.scans;

    it('J5 gives back a scan with its hits in order, to the last bit of a score', async () => {
      const scan: ScanRecord = { ...scanOf('a', 10, ['AAPL', 'MSFT', 'X']), sessionId: 's1' };
      value(await scans().record(scan));
      value(await scans().record(scan));

      expect(await scans().find('a')).toEqual(scan);
      expect(await scans().find('b')).toBeUndefined();
    });

    it('records a thousand hits in one go, and none where one is refused', async () => {
      const symbols = Array.from({ length: 1_000 }, (_, at) => `S${at}`);
      value(await scans().record(scanOf('many', 10, symbols)));
      const twice = scanOf('twice', 10, ['A', 'B', 'A']);

      expect((await scans().find('many'))?.found).toHaveLength(1_000);
      expect(refusal(await scans().record(twice))).toBe('IDENTITY_REUSED');
      expect(await scans().find('twice')).toBeUndefined();
    });

    it.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses a score of %s', async (score) => {
      const scan = scanOf('a', 10, ['A']);
      const found = [{ symbol: 'A', score, detail: '{}' }];

      await expect(scans().record({ ...scan, found })).rejects.toMatchObject({
        code: 'STORE_REFUSED',
      });
      expect(await scans().list()).toEqual([]);
    });

    it('refuses one that counts other hits than it has, and another under its id', async () => {
      value(await scans().record(scanOf('a', 10, ['A'])));

      expect(refusal(await scans().record({ ...scanOf('b', 10, ['A']), hits: 2 }))).toBe(
        'STATUS_FORBIDS',
      );
      expect(refusal(await scans().record(scanOf('a', 11, ['A'])))).toBe('IDENTITY_REUSED');
    });

    it('lists by scanner and time, newest first, and tells where a symbol was found', async () => {
      value(await scans().record(scanOf('a', 10, ['A', 'B'])));
      value(await scans().record(scanOf('b', 20, ['B'])));
      value(await scans().record({ ...scanOf('c', 30, ['B']), scanner: 'other' }));
      const ids = async (filter: Parameters<ScanRegistry['list']>[0]) =>
        (await scans().list(filter)).map(({ scanId }) => scanId);

      expect(await ids({})).toEqual(['c', 'b', 'a']);
      expect(await ids({ scanner: 'dips', fromUs: 10, untilUs: 20 })).toEqual(['a']);
      expect(await ids({ limit: 1 })).toEqual(['c']);
      const found = await scans().hitsOf('B', { scanner: 'dips' });
      expect(found.map(({ scanId, rank }) => [scanId, rank])).toEqual([
        ['b', 1],
        ['a', 2],
      ]);
    });
  });
}

function scanOf(scanId: string, atUs: number, symbols: readonly string[]): ScanRecord {
  const found = symbols.map((symbol, at) => ({
    symbol,
    score: (at + 1) / 3 + 5e-324,
    detail: `{"rule":"rsi < ${at}"}`,
  }));
  const counts = { considered: 5_000, hits: symbols.length, tookUs: 1_200 };
  return { scanId, scanner: 'dips', atUs, ...counts, found };
}
