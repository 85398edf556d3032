import type { Connect, ConnectionListener } from '../../../src/streams/socket/connection.ts';

/** How any venue treats the next connections. */
export interface VenueScript {
  /** Status of the upgrade, instead of 101. */
  upgrade: number | undefined;
  /** It takes the connection and says nothing, not even to a ping. */
  isDead: boolean;
}

/** A venue's side of the conversation. */
export interface VenueTalk<Script> {
  readonly script: Script;
  readonly welcome: readonly unknown[];
  hear(venue: ScriptedVenue<Script & VenueScript>, link: VenueLink, request: unknown): void;
}

/** One connection as the venue sees it. */
export class VenueLink {
  readonly listener: ConnectionListener;
  readonly lists = new Map<string, Set<string>>();
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
 * A venue's data socket as functions: no network, no time of its own. What is sent is handled when
 * the test says so, by `settle`, because a real venue never answers within a call.
 */
export class ScriptedVenue<Script extends VenueScript = VenueScript> {
  readonly script: Script;
  readonly links: VenueLink[] = [];
  openAtATime = 0;
  attempts = 0;
  readonly #talk: VenueTalk<Script>;
  #todo: (() => void)[] = [];

  constructor(talk: VenueTalk<Script>) {
    this.script = talk.script;
    this.#talk = talk;
  }

  readonly connect: Connect = (listener) => {
    this.attempts += 1;
    const link = new VenueLink(listener);
    this.links.push(link);
    this.openAtATime = Math.max(this.openAtATime, this.links.filter((of) => of.isOpen).length);
    const { upgrade, isDead } = this.script;
    this.later(() => {
      if (!link.isOpen) return;
      if (upgrade !== undefined) {
        link.isOpen = false;
        listener.refused(upgrade);
        return;
      }
      if (isDead) return;
      listener.opened();
      this.say(link, this.#talk.welcome);
    });
    return {
      send: (text) => this.later(() => this.#hear(link, text)),
      ping: () => {
        if (!this.script.isDead) this.later(() => link.isOpen && listener.ponged());
      },
      pause: () => {
        link.isPaused = true;
      },
      resume: () => {
        link.isPaused = false;
      },
      close: () => this.later(() => this.close(link, 1_000)),
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

  later(run: () => void): void {
    this.#todo.push(run);
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

  #hear(link: VenueLink, text: string): void {
    if (!link.isOpen || this.script.isDead) return;
    const request: unknown = JSON.parse(text);
    link.requests.push(request);
    this.#talk.hear(this, link, request);
  }
}
