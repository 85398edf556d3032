import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { beginVenue, VENUE_FILE, venueSpeed } from '../../../src/compose/live/begun-venue.ts';

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true });
});

describe('a venue that is begun before its engine', () => {
  it('is not begun where an earlier start has left one', () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'strata-begun-'));
    roots.push(dataDir);
    writeFileSync(join(dataDir, VENUE_FILE), '{}');
    const wish = { dataDir, seed: 7, symbols: 2, speed: 1, date: 20_240_603 };

    expect(beginVenue(wish)).toBeUndefined();
    expect(existsSync(join(dataDir, 'venue.log'))).toBe(false);
  });

  it.each([
    { symbols: 500, isOnce: true, usual: 60, asked: undefined, speed: 240 },
    { symbols: 500, isOnce: false, usual: 60, asked: undefined, speed: 60 },
    { symbols: 10_000, isOnce: true, usual: 60, asked: undefined, speed: 60 },
    { symbols: 10_000, isOnce: false, usual: 60, asked: 1_000, speed: 1_000 },
  ])('of $symbols symbols runs at $speed times, once: $isOnce, asked: $asked', (of) => {
    expect(venueSpeed(of).speed).toBe(of.speed);
  });
});
