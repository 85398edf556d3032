import { field, texts } from '../../../src/streams/wire/own-fields.ts';
import { ScriptedVenue, type VenueLink, type VenueScript } from './scripted-venue.ts';

export interface AlpacaScript extends VenueScript {
  /** Symbols on trades and quotes; over it a request is refused whole. */
  slotsMax: number;
  /** Answer to the authentication, instead of a welcome. */
  authError: number | undefined;
  /** Symbols and channels that it does not like. */
  badSymbols: readonly string[];
  badChannels: readonly string[];
}

export type AlpacaVenue = ScriptedVenue<AlpacaScript>;

/** Alpaca's data socket: one answer to a request, which holds all that is subscribed. */
export function alpacaVenue(): AlpacaVenue {
  return new ScriptedVenue<AlpacaScript>({
    script: {
      slotsMax: 30,
      authError: undefined,
      upgrade: undefined,
      isDead: false,
      badSymbols: [],
      badChannels: [],
    },
    welcome: [{ T: 'success', msg: 'connected' }],
    hear(venue, link, request) {
      const action = field(request, 'action');
      if (action === 'auth') return authenticate(venue, link);
      if (!link.isAuthenticated) return refuse(venue, link, 401, 'not authenticated');
      change(venue, link, request, action === 'subscribe');
    },
  });
}

function authenticate(venue: AlpacaVenue, link: VenueLink): void {
  const { authError } = venue.script;
  if (authError !== undefined) return refuse(venue, link, authError, 'refused');
  link.isAuthenticated = true;
  venue.say(link, [{ T: 'success', msg: 'authenticated' }]);
}

function refuse(venue: AlpacaVenue, link: VenueLink, code: number, msg: string): void {
  venue.say(link, [{ T: 'error', code, msg }]);
}

function change(venue: AlpacaVenue, link: VenueLink, request: unknown, isMore: boolean): void {
  const { slotsMax, badSymbols, badChannels } = venue.script;
  const channels = CHANNELS.map((name) => [name, texts(field(request, name))] as const);
  const asked = channels.filter(([, names]) => names.length > 0);
  if (asked.some(([name]) => badChannels.includes(name))) {
    return refuse(venue, link, 410, 'invalid subscribe action for this feed');
  }
  if (asked.some(([, names]) => names.some((one) => badSymbols.includes(one)))) {
    return refuse(venue, link, 400, 'invalid syntax');
  }
  const next = new Map<string, Set<string>>();
  for (const [name, names] of channels) {
    const before = link.lists.get(name) ?? new Set();
    const kept = [...before].filter((one) => isMore || !names.includes(one));
    next.set(name, new Set(isMore ? [...kept, ...names] : kept));
  }
  const slots = new Set([...(next.get('trades') ?? []), ...(next.get('quotes') ?? [])]);
  if (slots.size > slotsMax) return refuse(venue, link, 405, 'symbol limit exceeded');
  for (const [name, names] of next) link.lists.set(name, names);
  const listing = Object.fromEntries(CHANNELS.map((name) => [name, link.list(name)]));
  venue.say(link, [{ T: 'subscription', ...listing, corrections: link.list('trades') }]);
}

const CHANNELS = [
  'trades',
  'quotes',
  'bars',
  'updatedBars',
  'dailyBars',
  'statuses',
  'lulds',
  'news',
];
