import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DateNumber } from '../../core/time.ts';
import { SPEED_MAX } from '../../venue/clock/venue-clock.ts';
import { type OwnVenue, startOwnVenue } from './own-venue.ts';

/** Where the address of a demo's venue is kept. */
export const VENUE_FILE = 'venue.json';

export interface VenueWish {
  readonly dataDir: string;
  readonly seed: number;
  readonly symbols: number;
  /** Market seconds in one of ours. */
  readonly speed: number;
  readonly date: DateNumber;
}

/** A venue that starts while its engine still loads. */
export interface BegunVenue {
  readonly wish: VenueWish;
  /** Rejects with a `LiveError` where it does not come up. */
  readonly started: Promise<OwnVenue>;
}

/**
 * Begins a venue of this wish where no earlier start has left one, before the data directory is
 * ours: nothing of it is read or written but the venue's log. Whoever does not use it ends it.
 */
export function beginVenue(wish: VenueWish): BegunVenue | undefined {
  if (existsSync(join(wish.dataDir, VENUE_FILE))) return undefined;
  mkdirSync(wish.dataDir, { recursive: true });
  const started = startVenue(wish);
  started.catch(() => undefined); // Heard by whoever uses it.
  return { wish, started };
}

/** Of one that nobody uses. */
export async function endVenue(begun: BegunVenue | undefined): Promise<void> {
  await begun?.started.then(({ close }) => close()).catch(() => undefined);
}

/** The program that we are, as a venue. */
export function startVenue({ dataDir, seed, symbols, speed, date }: VenueWish): Promise<OwnVenue> {
  const program = fileURLToPath(new URL('../../main.js', import.meta.url));
  return startOwnVenue({ program, seed, symbols, speed, date: isoDate(date), dataDir });
}

/** Six and a half hours in less than two minutes. */
const COMPRESSED_SPEED = 240;
/**
 * A venue makes every trade and quote of every symbol: in the first minutes 0.9 us of a processor
 * for each symbol and second, so ten thousand at 60 times take a little more than half of one.
 */
const SYMBOL_SECONDS_MAX = 600_000;

/** How fast a venue of so many symbols runs, and how fast it can without falling behind. */
export function venueSpeed(of: {
  readonly symbols: number;
  readonly isOnce: boolean;
  readonly usual: number;
  readonly asked: number | undefined;
}): { readonly speed: number; readonly inTime: number } {
  const { symbols, isOnce, usual, asked } = of;
  const inTime = Math.max(1, Math.floor(SYMBOL_SECONDS_MAX / symbols));
  const wanted = asked ?? Math.min(isOnce ? COMPRESSED_SPEED : usual, inTime);
  return { speed: Math.min(wanted, SPEED_MAX), inTime };
}

function isoDate(date: DateNumber): string {
  const text = String(date);
  return `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`;
}
