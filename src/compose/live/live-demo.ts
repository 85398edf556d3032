import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ResolvedConfig } from '../../cli/load-config.ts';
import type { Terminal } from '../../cli/terminal.ts';
import type { DateNumber } from '../../core/time.ts';
import { nextTradingDay } from '../../domain/market/calendar.ts';
import { plantedCrashes } from '../planted-crashes.ts';
import { SPEED_MAX } from '../../venue/clock/venue-clock.ts';
import { crashServices } from './crash-services.ts';
import type { LivePlace } from './live-place.ts';
import { adminOf, startOwnVenue } from './own-venue.ts';
import type { LiveResult } from './run-live.ts';
import { ADMIN_MS_MAX, simPlace } from './sim-place.ts';
import { trade } from './trade.ts';

export interface LiveDemoRequest {
  readonly dataDir: string;
  readonly isOnce: boolean;
  readonly isCrashing: boolean;
  readonly date: DateNumber;
  /** Market seconds in one of ours; undefined for the configured or compressed one. */
  readonly speed: number | undefined;
  readonly resolved: ResolvedConfig;
  readonly terminal: Terminal;
  readonly isJson: boolean;
  readonly stop: AbortSignal;
}

/** Six and a half hours in less than two minutes. */
const COMPRESSED_SPEED = 240;
/**
 * A venue makes every trade and quote of every symbol: in the first minutes 0.9 us of a processor
 * for each symbol and second, so ten thousand at 60 times take a little more than half of one.
 */
const SYMBOL_SECONDS_MAX = 600_000;
const VENUE_FILE = 'venue.json';
/** A Monday without news in the real world. */
export const DEMO_DATE = 20240603;
/** Of the demo's venue, which listens on this machine alone. */
export const DEMO_CREDENTIALS = { keyId: 'strata-demo', secret: 'strata-demo' };

/**
 * The seeded market at a venue of its own, traded over sockets with the official clients. A venue
 * that an engine which was killed has left is found again, and its session gone on with.
 */
export async function liveDemo(request: LiveDemoRequest): Promise<LiveResult> {
  const { dataDir, isOnce, isCrashing, resolved, terminal, isJson, stop } = request;
  mkdirSync(dataDir, { recursive: true });
  let { date } = request;
  for (;;) {
    const day = date;
    const openPlace = async (): Promise<LivePlace> =>
      (await leftVenue(request)) ?? (await newVenue(request, day));
    const crashes = isCrashing ? { probe: plantedCrashes(), sabotage: crashServices } : {};
    const parts = { openPlace, resolved, terminal, isJson, stop, ...crashes };
    const result = await trade({ kind: 'demo', dataDir, ...parts });
    if (isOnce || stop.aborted || result.isFailed) return result;
    const next = nextTradingDay(date);
    if (result.ending.reason !== 'the market closed' || next === undefined) return result;
    date = next.date;
  }
}

async function newVenue(request: LiveDemoRequest, date: DateNumber): Promise<LivePlace> {
  const { dataDir, isOnce, resolved, terminal } = request;
  const { seed, symbols, speed: usual } = resolved.config.demo;
  const inTime = Math.max(1, Math.floor(SYMBOL_SECONDS_MAX / symbols));
  const wanted = request.speed ?? Math.min(isOnce ? COMPRESSED_SPEED : usual, inTime);
  const speed = Math.min(wanted, SPEED_MAX);
  if (speed > inTime) {
    terminal.writeError(`strata: a venue of ${symbols} symbols may fall behind above x${inTime}\n`);
  }
  terminal.writeError(`strata: starting a venue of ${symbols} symbols, seed ${seed}\n`);
  const program = fileURLToPath(new URL('../../main.js', import.meta.url));
  const options = { program, seed, symbols, speed, date: isoDate(date), dataDir };
  const venue = await startOwnVenue(options);
  try {
    writeFileSync(join(dataDir, VENUE_FILE), JSON.stringify({ adminUrl: venue.adminUrl }));
    return await simPlace({
      adminUrl: venue.adminUrl,
      credentials: DEMO_CREDENTIALS,
      onSkew: ({ skewMs }) => tellSkew(terminal, skewMs),
      close: venue.close,
    });
  } catch (error) {
    await venue.close();
    throw error;
  }
}

/** The venue of an engine that was killed, if it still runs. */
async function leftVenue({ dataDir, terminal }: LiveDemoRequest): Promise<LivePlace | undefined> {
  const adminUrl = readAdminUrl(join(dataDir, VENUE_FILE));
  if (adminUrl === undefined) return undefined;
  try {
    const found = await simPlace({
      adminUrl,
      credentials: DEMO_CREDENTIALS,
      onSkew: ({ skewMs }) => tellSkew(terminal, skewMs),
    });
    terminal.writeError(`strata: the venue of the last start still runs\n`);
    return { ...found, close: () => shutDown(adminUrl) };
  } catch {
    return undefined; // Gone, or another program at its port: a new one is started.
  }
}

/** D11: trading goes on, on a clock that is drawn gently to where the other one is. */
export function tellSkew(terminal: Terminal, skewMs: number): void {
  terminal.writeError(`strata: the clock was set, ${Math.round(skewMs)} ms from ours\n`);
}

async function shutDown(adminUrl: string): Promise<void> {
  const signal = AbortSignal.timeout(ADMIN_MS_MAX);
  const request = { method: 'POST', signal };
  await fetch(new URL('/admin/shutdown', adminUrl), request).catch(() => undefined);
}

function readAdminUrl(path: string): string | undefined {
  return existsSync(path) ? adminOf(readFileSync(path, 'utf8')) : undefined;
}

function isoDate(date: DateNumber): string {
  const text = String(date);
  return `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`;
}
