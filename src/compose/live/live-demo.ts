import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ResolvedConfig } from '../../cli/load-config.ts';
import type { Terminal } from '../../cli/terminal.ts';
import type { DateNumber } from '../../core/time.ts';
import { nextTradingDay } from '../../domain/market/calendar.ts';
import { plantedCrashes } from '../planted-crashes.ts';
import { type BegunVenue, endVenue, startVenue, VENUE_FILE, venueSpeed } from './begun-venue.ts';
import { crashServices } from './crash-services.ts';
import { DEMO_CREDENTIALS } from './demo-venue.ts';
import type { LivePlace } from './live-place.ts';
import { demandLiveSettings } from './live-settings.ts';
import { adminOf } from './own-venue.ts';
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
  /** One that starts already, for the first day. */
  readonly begun?: BegunVenue | undefined;
}

/**
 * The seeded market at a venue of its own, traded over sockets with the official clients. A venue
 * that an engine which was killed has left is found again, and its session gone on with.
 */
export async function liveDemo(request: LiveDemoRequest): Promise<LiveResult> {
  const { dataDir, isOnce, isCrashing, resolved, terminal, isJson, stop } = request;
  demandLiveSettings(resolved);
  mkdirSync(dataDir, { recursive: true });
  let { date, begun } = request;
  for (;;) {
    const day = date;
    const openPlace = async (): Promise<LivePlace> => {
      const left = await leftVenue(request);
      if (left !== undefined) return left;
      const used = begun;
      begun = undefined;
      return newVenue(request, day, used);
    };
    const crashes = isCrashing ? { probe: plantedCrashes(), sabotage: crashServices } : {};
    const parts = { openPlace, resolved, terminal, isJson, stop, ...crashes };
    const result = await trade({ kind: 'demo', dataDir, ...parts }).finally(async () => {
      // The directory was another's, or a venue was there by then.
      await endVenue(begun);
      begun = undefined;
    });
    if (isOnce || stop.aborted || result.isFailed) return result;
    const next = nextTradingDay(date);
    if (result.ending.reason !== 'the market closed' || next === undefined) return result;
    date = next.date;
  }
}

async function newVenue(
  request: LiveDemoRequest,
  date: DateNumber,
  begun: BegunVenue | undefined,
): Promise<LivePlace> {
  const { dataDir, isOnce, resolved, terminal } = request;
  const { seed, symbols, speed: usual } = resolved.config.demo;
  const { speed, inTime } = venueSpeed({ symbols, isOnce, usual, asked: request.speed });
  if (speed > inTime) {
    terminal.writeError(`strata: a venue of ${symbols} symbols may fall behind above x${inTime}\n`);
  }
  terminal.writeError(`strata: starting a venue of ${symbols} symbols, seed ${seed}\n`);
  const venue = await (begun?.started ?? startVenue({ dataDir, seed, symbols, speed, date }));
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
