/** The admin port of a venue, for tests: what happened there, and how to make things go wrong. */
export class VenueAdmin {
  readonly #url: string;

  constructor(adminUrl: string) {
    this.#url = adminUrl;
  }

  async state(): Promise<VenueState> {
    const response = await fetch(`${this.#url}/admin/state`);
    const state: unknown = await response.json();
    if (!isState(state)) throw new Error('the venue says nothing of its state');
    return state;
  }

  /** Runs an action of the chaos list; answers how many things it touched. */
  async chaos(action: string, parameters: Readonly<Record<string, unknown>> = {}): Promise<number> {
    const response = await fetch(`${this.#url}/admin/chaos`, {
      method: 'POST',
      body: JSON.stringify({ action, ...parameters }),
    });
    const body: unknown = await response.json();
    if (response.ok && isTouched(body)) return body.touched;
    throw new Error(`${action}: ${JSON.stringify(body)}`);
  }

  async shutdown(): Promise<void> {
    await fetch(`${this.#url}/admin/shutdown`, { method: 'POST' });
  }
}

export interface VenueState {
  readonly clock: {
    readonly wallMs: number;
    readonly marketUs: number;
    readonly speed: number;
    readonly skewUs: number;
  };
  readonly market: {
    readonly reachedUs: number;
    readonly lagUs: number;
    readonly events: number;
    readonly sliceMsWorst: number;
    readonly withheld: number;
    readonly halted: readonly string[];
  };
  readonly connections: {
    readonly data: readonly VenueDataConnection[];
    readonly polygon: readonly VenuePolygonConnection[];
    readonly trading: readonly { readonly isListening: boolean; readonly sent: number }[];
  };
  readonly counters: Readonly<Record<string, number>>;
  readonly queues: Readonly<Record<string, { readonly most: number; readonly max: number }>>;
  readonly account: VenueAccount;
}

export interface VenueDataConnection {
  readonly path: string;
  readonly isAuthenticated: boolean;
  readonly pendingEvents: number;
  readonly bufferedBytes: number;
  readonly sentEvents: number;
  readonly mutedEvents: number;
  readonly subscriptions: Readonly<Record<string, readonly string[]>>;
}

export interface VenuePolygonConnection {
  readonly isAuthenticated: boolean;
  readonly pendingEvents: number;
  readonly bufferedBytes: number;
  readonly sentEvents: number;
  readonly mutedEvents: number;
  readonly topics: Readonly<Record<string, readonly string[]>>;
}

/** The venue's own books: the truth that an engine's ledger is held against. */
export interface VenueAccount {
  readonly cash: string;
  readonly orders: readonly Readonly<Record<string, unknown>>[];
  readonly positions: readonly Readonly<Record<string, unknown>>[];
  readonly fills: readonly Readonly<Record<string, unknown>>[];
}

function isState(value: unknown): value is VenueState {
  return typeof value === 'object' && value !== null && 'clock' in value && 'account' in value;
}

function isTouched(value: unknown): value is { readonly touched: number } {
  return typeof value === 'object' && value !== null && 'touched' in value;
}
