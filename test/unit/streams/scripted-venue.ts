import type { Connect, ConnectionListener } from '../../../src/streams/socket/connection.ts';

/** How the venue treats the next connections. */
export interface VenueScript {
  /** Symbols on trades and quotes; over it a request is refused whole. */
  slotsMax: number;
  /** Answer to the authentication, instead of a welcome. */
  authError: number | undefined;
  /** Status of the upgrade, instead of 101. */
  upgrade: number | undefined;
  /** It takes the connection and says nothing, not even to a ping. */
  isDead: boolean;
  /** Symbols and channels that it does not like. */
  badSymbols: readonly string[];
  badChannels: readonly string[];
}

type Lists = Map<string, Set<string>>;

/** One connection as the venue sees it. */
export class VenueLink {
  readonly listener: ConnectionListener;
  readonly lists: Lists = new Map();
  isOpen = true;
  isPaused = false;
  isAuthenticated = false;
  readonly requests: unknown[] = [];

  constructor(listener: ConnectionListener) {
    this.listener = listener;
  }

  list(channel: string): readonly string[] {
    return [...(this.lists.get(channel) ?? [])].toSorted();
  }
}

/**
 * Alpaca's data socket as functions: no network, no time of its own. What is sent is handled when
 * the test says so, by `settle`, because a real venue never answers within a call.
 */
export class ScriptedVenue {
  readonly script: VenueScript = {
    slotsMax: 30,
    authError: undefined,
    upgrade: undefined,
    isDead: false,
    badSymbols: [],
    badChannels: [],
  };
  readonly links: VenueLink[] = [];
  openAtATime = 0;
  attempts = 0;
  #todo: (() => void)[] = [];

  readonly connect: Connect = (listener) => {
    this.attempts += 1;
    const link = new VenueLink(listener);
    this.links.push(link);
    this.openAtATime = Math.max(this.openAtATime, this.links.filter((of) => of.isOpen).length);
    const { upgrade, isDead } = this.script;
    this.#later(() => {
      if (!link.isOpen) return;
      if (upgrade !== undefined) {
        link.isOpen = false;
        listener.refused(upgrade);
        return;
      }
      if (isDead) return;
      listener.opened();
      this.say(link, [{ T: 'success', msg: 'connected' }]);
    });
    return {
      send: (text) => this.#later(() => this.#hear(link, text)),
      ping: () => {
        if (!this.script.isDead) this.#later(() => link.isOpen && listener.ponged());
      },
      pause: () => {
        link.isPaused = true;
      },
      resume: () => {
        link.isPaused = false;
      },
      close: () => this.#later(() => this.close(link, 1_000)),
      terminate: () => {
        link.isOpen = false;
      },
    };
  };

  /** The newest connection. */
  get link(): VenueLink {
    const link = this.links.at(-1);
    if (link === undefined) throw new Error('nobody has connected');
    return link;
  }

  /** Handles what was sent, and what that causes. */
  settle(): void {
    for (let next = this.#todo.shift(); next !== undefined; next = this.#todo.shift()) next();
  }

  say(link: VenueLink, messages: readonly unknown[]): void {
    this.sayBytes(link, new TextEncoder().encode(JSON.stringify(messages)));
  }

  sayBytes(link: VenueLink, bytes: Uint8Array): void {
    if (link.isOpen) link.listener.received(bytes);
  }

  close(link: VenueLink, code = 1_006, reason = ''): void {
    if (!link.isOpen) return;
    link.isOpen = false;
    link.listener.closed(code, reason);
  }

  #later(run: () => void): void {
    this.#todo.push(run);
  }

  #hear(link: VenueLink, text: string): void {
    if (!link.isOpen || this.script.isDead) return;
    const request: unknown = JSON.parse(text);
    link.requests.push(request);
    const action = read(request, 'action');
    if (action === 'auth') return this.#authenticate(link);
    if (!link.isAuthenticated) return this.#refuse(link, 401, 'not authenticated');
    this.#change(link, request, action === 'subscribe');
  }

  #authenticate(link: VenueLink): void {
    const { authError } = this.script;
    if (authError !== undefined) return this.#refuse(link, authError, 'refused');
    link.isAuthenticated = true;
    this.say(link, [{ T: 'success', msg: 'authenticated' }]);
  }

  #refuse(link: VenueLink, code: number, msg: string): void {
    this.say(link, [{ T: 'error', code, msg }]);
  }

  #change(link: VenueLink, request: unknown, isMore: boolean): void {
    const { slotsMax, badSymbols, badChannels } = this.script;
    const channels = CHANNELS.map((name) => [name, texts(read(request, name))] as const);
    const asked = channels.filter(([, names]) => names.length > 0);
    if (asked.some(([name]) => badChannels.includes(name))) {
      return this.#refuse(link, 410, 'invalid subscribe action for this feed');
    }
    if (asked.some(([, names]) => names.some((one) => badSymbols.includes(one)))) {
      return this.#refuse(link, 400, 'invalid syntax');
    }
    const next: Lists = new Map();
    for (const [name, names] of channels) {
      const before = link.lists.get(name) ?? new Set();
      const kept = [...before].filter((one) => isMore || !names.includes(one));
      next.set(name, new Set(isMore ? [...kept, ...names] : kept));
    }
    const slots = new Set([...(next.get('trades') ?? []), ...(next.get('quotes') ?? [])]);
    if (slots.size > slotsMax) return this.#refuse(link, 405, 'symbol limit exceeded');
    for (const [name, names] of next) link.lists.set(name, names);
    const listing = Object.fromEntries(CHANNELS.map((name) => [name, link.list(name)]));
    this.say(link, [{ T: 'subscription', ...listing, corrections: link.list('trades') }]);
  }
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

function read(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item: unknown) => typeof item === 'string') : [];
}
