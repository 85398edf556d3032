import { assert } from '../../core/assert.ts';
import { DAY, HOUR, type DateNumber, MINUTE, SECOND } from '../../core/time.ts';
import type { BrokerageRules } from '../../domain/matching/brokerage-rules.ts';
import { SPEED_MAX, SPEED_MIN } from '../clock/venue-clock.ts';
import { POLYGON_CHANNELS, type PolygonChannel } from '../polygon/sockets/polygon-topics.ts';
import type { Credentials } from '../sockets/credentials.ts';
import type { Plan } from '../sockets/data-channels.ts';
import { AUTH_US } from '../sockets/data-hub.ts';
import { VenueError } from './venue-error.ts';

/** What a person or a test chooses of a venue; everything has a default. */
export interface VenueOptions {
  readonly seed?: number | undefined;
  /** Equities; two funds and an index come on top. */
  readonly symbols?: number | undefined;
  readonly date?: DateNumber | undefined;
  readonly days?: number | undefined;
  /** Trades of the average equity in a session: four quotes come with each. */
  readonly tradesPerDay?: number | undefined;
  readonly extendedHours?: boolean | undefined;
  /** Microseconds since midnight in New York at which the venue starts; default the opening. */
  readonly atUsOfDay?: number | undefined;
  readonly speed?: number | undefined;
  readonly isPaused?: boolean | undefined;
  readonly plan?: Plan | undefined;
  /** Dollars of the account. */
  readonly cash?: number | undefined;
  readonly port?: number | undefined;
  readonly adminPort?: number | undefined;
  readonly credentials?: Credentials | 'any' | undefined;
  /** How the brokerage behaves, over Alpaca's paper account. */
  readonly rules?: Partial<Omit<BrokerageRules, 'seed'>> | undefined;
  readonly knobs?: Partial<VenueKnobs> | undefined;
}

/** What is unknown of the real venue (venues.md 11), or what a test wants smaller. */
export interface VenueKnobs {
  /** Symbols over trades and quotes on the basic plan. */
  readonly symbolsMax: number;
  readonly symbolLimitCounts: 'symbols' | 'pairs';
  readonly connectionsPerEndpoint: number;
  /** Wall time until the slot of a connection that just vanished is free again. */
  readonly slotReleaseMs: number;
  readonly connectionLimit: 'stay' | 'close';
  readonly authUs: number;
  readonly authWallMsMin: number;
  readonly tradeFrames: 'binary' | 'text';
  readonly frameEventsMax: number;
  readonly outboundBytesMax: number;
  readonly requestsPerMinute: number;
  /** Of one cluster, and who has to go where there are more. */
  readonly polygonConnections: number;
  readonly polygonEvicts: 'newcomer' | 'oldest';
  /** What the plan lets in; topics of other channels are refused. */
  readonly polygonChannels: readonly PolygonChannel[];
  /** Units of quotes: pages of before and of today disagree. */
  readonly polygonQuoteSizes: 'shares' | 'lots';
  readonly polygonRequestsPerMinute: number;
}

export const VENUE_KNOBS: VenueKnobs = {
  symbolsMax: 30,
  symbolLimitCounts: 'symbols',
  connectionsPerEndpoint: 1,
  slotReleaseMs: 0,
  connectionLimit: 'stay',
  authUs: AUTH_US,
  authWallMsMin: 2_000,
  tradeFrames: 'binary',
  frameEventsMax: 256,
  outboundBytesMax: 8 * 1_024 * 1_024,
  requestsPerMinute: 200,
  polygonConnections: 1,
  polygonEvicts: 'newcomer',
  polygonChannels: POLYGON_CHANNELS,
  polygonQuoteSizes: 'shares',
  polygonRequestsPerMinute: 6_000,
};

export const DEMO_CREDENTIALS: Credentials = { key: 'strata-demo', secret: 'strata-demo' };

export interface CompleteVenueOptions {
  readonly seed: number;
  readonly symbols: number;
  readonly date: DateNumber;
  readonly days: number;
  readonly tradesPerDay: number;
  readonly extendedHours: boolean;
  readonly atUsOfDay: number;
  readonly speed: number;
  readonly isPaused: boolean;
  readonly plan: Plan;
  readonly cash: number;
  readonly port: number;
  readonly adminPort: number;
  readonly credentials: Credentials | undefined;
  readonly rules: Partial<Omit<BrokerageRules, 'seed'>>;
  readonly knobs: VenueKnobs;
}

export function completeVenueOptions(options: VenueOptions): CompleteVenueOptions {
  const { credentials } = options;
  const complete = {
    seed: options.seed ?? 1,
    symbols: options.symbols ?? 500,
    date: options.date ?? 20240603,
    days: options.days ?? 1,
    tradesPerDay: options.tradesPerDay ?? 2_000,
    extendedHours: options.extendedHours ?? true,
    atUsOfDay: options.atUsOfDay ?? OPENING,
    speed: options.speed ?? 1,
    isPaused: options.isPaused ?? false,
    plan: options.plan ?? 'basic',
    cash: options.cash ?? 100_000,
    port: options.port ?? 0,
    adminPort: options.adminPort ?? 0,
    credentials: credentials === 'any' ? undefined : (credentials ?? DEMO_CREDENTIALS),
    rules: options.rules ?? {},
    knobs: { ...VENUE_KNOBS, ...options.knobs },
  };
  const { speed, port, adminPort, atUsOfDay } = complete;
  if (!(speed >= SPEED_MIN && speed <= SPEED_MAX)) {
    const limits = `${SPEED_MIN} to ${SPEED_MAX}`;
    throw new VenueError('VENUE_OPTION_INVALID', `--speed of a venue must be ${limits}: ${speed}`);
  }
  if (port === adminPort && port !== 0) {
    const why = `--port and --admin-port must differ: both are ${port}`;
    throw new VenueError('VENUE_OPTION_INVALID', why);
  }
  assert(atUsOfDay >= 0 && atUsOfDay < DAY, 'a time of day is within the day');
  return complete;
}

const OPENING = 9 * HOUR + 30 * MINUTE;

/** `11:00` or `11:00:30` on New York's clocks; undefined where it is no time of day. */
export function parseTimeOfDay(text: string): number | undefined {
  const match = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text);
  if (match === null) return undefined;
  const [hour, minute, second] = [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  return hour * HOUR + minute * MINUTE + second * SECOND;
}
