import { ApiError, trading } from '@alpacahq/alpaca-trade-api';
import type { VenueOrderId } from '../../core/ids.ts';
import { parseJson } from '../../core/json.ts';
import { MS, SECOND } from '../../core/time.ts';
import type { Clock, Timers } from '../../ports/clock.ts';
import type { Priority, RateBudget, RateWord } from './rate-budget.ts';
import type { WireRefusal } from './refusals.ts';

/** What became of one request. Only a refusal proves that nothing was done (venues.md 0.7). */
export type Reply =
  | { readonly kind: 'ok'; readonly body: unknown }
  | ({ readonly kind: 'refused' } & WireRefusal)
  /** Never carried out: no request was left for it, ours or the venue's. */
  | { readonly kind: 'limited'; readonly message: string; readonly afterUs?: number }
  | { readonly kind: 'unknown'; readonly code: UnknownCode; readonly message: string };

export type UnknownCode = 'TIMEOUT' | 'CONNECTION_LOST' | 'SERVER_ERROR' | 'UNREADABLE';

/** How urgent, and until when; wall milliseconds of the clock. */
export interface Call {
  readonly priority: Priority;
  readonly deadlineMs: number;
  /** Not sent later than this, where that is sooner. */
  readonly sendByMs?: number;
}

export interface VenueCallsOptions {
  /** Scheme and host, no path: `https://paper-api.alpaca.markets`. */
  readonly url: string;
  readonly keyId: string;
  readonly secret: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly budget: RateBudget;
}

type Raw = Promise<{ readonly raw: Response }>;

/**
 * The SDK's REST classes behind one rule for outcomes. Their limiter, retries and clock are off:
 * a POST is sent once (venues.md 0.7), and only a 429, which comes before execution, is sent again.
 */
export class VenueCalls {
  readonly #options: VenueCallsOptions;
  readonly #orders: trading.OrdersApi;
  readonly #positions: trading.PositionsApi;
  readonly #accounts: trading.AccountsApi;
  readonly #activities: trading.AccountActivitiesApi;
  readonly #underWay = new Set<AbortController>();
  readonly #waiting = new Set<() => void>();
  #isClosed = false;

  constructor(options: VenueCallsOptions) {
    this.#options = options;
    const { url, keyId, secret } = options;
    // Without a policy the SDK neither retries nor limits; 0 turns its own deadline off.
    const configuration = new trading.Configuration({
      basePath: url.replace(/\/+$/, ''),
      keyId,
      secret,
      timeoutMs: 0,
    });
    this.#orders = new trading.OrdersApi(configuration);
    this.#positions = new trading.PositionsApi(configuration);
    this.#accounts = new trading.AccountsApi(configuration);
    this.#activities = new trading.AccountActivitiesApi(configuration);
  }

  /** Gives up what waits for its turn, which is never sent, and what is under way: unknown. */
  close(): void {
    this.#isClosed = true;
    for (const giveUp of this.#waiting) giveUp();
    for (const controller of this.#underWay) controller.abort();
  }

  account(call: Call): Promise<Reply> {
    return this.#send(call, (init) => this.#accounts.getAccountRaw(init));
  }

  positions(call: Call): Promise<Reply> {
    return this.#send(call, (init) => this.#positions.getAllOpenPositionsRaw(init));
  }

  position(symbolName: string, call: Call): Promise<Reply> {
    const query = { symbolOrAssetId: symbolName };
    return this.#send(call, (init) => this.#positions.getOpenPositionRaw(query, init));
  }

  submit(postOrderRequest: trading.PostOrderRequest, call: Call): Promise<Reply> {
    return this.#send(call, (init) => this.#orders.postOrderRaw({ postOrderRequest }, init));
  }

  cancel(orderId: VenueOrderId, call: Call): Promise<Reply> {
    return this.#send(call, (init) => this.#orders.deleteOrderByOrderIDRaw({ orderId }, init));
  }

  replace(
    orderId: VenueOrderId,
    patchOrderRequest: trading.PatchOrderRequest,
    call: Call,
  ): Promise<Reply> {
    const query = { orderId, patchOrderRequest };
    return this.#send(call, (init) => this.#orders.patchOrderByOrderIdRaw(query, init));
  }

  orderById(orderId: VenueOrderId, call: Call): Promise<Reply> {
    return this.#send(call, (init) => this.#orders.getOrderByOrderIDRaw({ orderId }, init));
  }

  orderByClientId(clientOrderId: string, call: Call): Promise<Reply> {
    const query = { clientOrderId };
    return this.#send(call, (init) => this.#orders.getOrderByClientOrderIdRaw(query, init));
  }

  orders(query: trading.GetAllOrdersRequest, call: Call): Promise<Reply> {
    return this.#send(call, (init) => this.#orders.getAllOrdersRaw(query, init));
  }

  /** One page of executions, oldest first. */
  fills(query: FillQuery, call: Call): Promise<Reply> {
    const request = { activityType: 'FILL', direction: 'asc', pageSize: FILLS_PAGE, ...query };
    return this.#send(call, (init) =>
      this.#activities.getAccountActivitiesByActivityTypeRaw(
        { ...request, direction: 'asc' },
        init,
      ),
    );
  }

  async #send(call: Call, start: (init: RequestInit) => Raw): Promise<Reply> {
    for (;;) {
      if (!(await this.#turn(call)))
        return { kind: 'limited', message: 'no request was left for it' };
      const reply = await this.#once(call, start);
      if (reply.kind !== 'limited') return reply;
      // Waits for its turn anew: an entry finds none left and is refused.
      this.#options.budget.struck(reply.afterUs);
    }
  }

  /** A turn that comes too late to be used is given back. */
  #turn({ priority, deadlineMs, sendByMs = deadlineMs }: Call): Promise<boolean> {
    const { budget } = this.#options;
    if (this.#isClosed) return Promise.resolve(false);
    return new Promise((resolve) => {
      const giveUp = () => resolve(false);
      this.#waiting.add(giveUp);
      void budget.acquire(priority, Math.min(sendByMs, deadlineMs)).then((isGranted) => {
        this.#waiting.delete(giveUp);
        if (isGranted && this.#isClosed) budget.heard({});
        resolve(isGranted && !this.#isClosed);
      });
    });
  }

  async #once(call: Call, start: (init: RequestInit) => Raw): Promise<Reply> {
    const { clock, timers, budget } = this.#options;
    const controller = new AbortController();
    const leftMs = Math.max(1, call.deadlineMs - clock.wallMs());
    const timer = timers.after(leftMs, () => controller.abort());
    this.#underWay.add(controller);
    let word: RateWord = {};
    try {
      const { raw } = await start({ signal: controller.signal });
      word = rateWord(raw.headers);
      return await readBody(raw);
    } catch (error) {
      if (error instanceof ApiError) word = wordOf(error);
      return this.#explain(error, controller.signal.aborted);
    } finally {
      timer.cancel();
      this.#underWay.delete(controller);
      budget.heard(word);
    }
  }

  #explain(error: unknown, isAborted: boolean): Reply {
    if (error instanceof ApiError) {
      const { status, message } = error;
      if (status === 429) {
        const afterUs = retryAfterUs(error.response.headers, this.#options.clock.speed);
        return { kind: 'limited', message, ...(afterUs === undefined ? {} : { afterUs }) };
      }
      if (isDefinite(error)) {
        return { kind: 'refused', status, venueCode: Number(error.code ?? 0) || 0, message };
      }
      const code = status >= 500 ? 'SERVER_ERROR' : 'UNREADABLE';
      return { kind: 'unknown', code, message: `HTTP ${status}: ${message.slice(0, 200)}` };
    }
    const message = `${this.#options.url}: ${deepestMessage(error)}`;
    return { kind: 'unknown', code: isAborted ? 'TIMEOUT' : 'CONNECTION_LOST', message };
  }
}

export interface FillQuery {
  readonly after?: Date;
  readonly until?: Date;
  readonly pageToken?: string;
}

/** The most that the venue gives at a time. */
export const FILLS_PAGE = 100;

/**
 * The venue's own refusal has a body in its own form. A bare 4xx, or a page of HTML, came from
 * something in between that cannot know; and 408 says that a request was waited for too long.
 */
function isDefinite({ status, code, message }: ApiError): boolean {
  if (status === 401) return true;
  if (status < 400 || status >= 500 || status === 408) return false;
  if (code !== undefined) return true;
  return !message.startsWith('<') && !message.startsWith('Response returned an error code');
}

async function readBody(raw: Response): Promise<Reply> {
  const text = await raw.text();
  if (raw.status === 204 || raw.status === 205) return { kind: 'ok', body: undefined };
  const body = parseJson(text);
  if (body !== undefined) return { kind: 'ok', body };
  return { kind: 'unknown', code: 'UNREADABLE', message: `HTTP ${raw.status} without JSON` };
}

/** A 429 that counts requests as left speaks of another limit: its count is none to go by. */
function wordOf({ status, response }: ApiError): RateWord {
  const word = rateWord(response.headers);
  return status === 429 && (word.remaining ?? 0) > 0 ? {} : word;
}

function rateWord(headers: Headers): RateWord {
  const limit = countOf(headers, 'X-RateLimit-Limit');
  const remaining = countOf(headers, 'X-RateLimit-Remaining');
  const reset = countOf(headers, 'X-RateLimit-Reset');
  return {
    ...(limit === undefined ? {} : { limit }),
    ...(remaining === undefined ? {} : { remaining }),
    ...(reset === undefined ? {} : { resetUs: reset * SECOND }),
  };
}

/**
 * In market time; the header counts the seconds of whoever waits. Only what is in seconds: a date
 * would be read against a clock that is not the venue's.
 */
function retryAfterUs(headers: Headers, speed: number): number | undefined {
  const seconds = countOf(headers, 'Retry-After');
  return seconds === undefined ? undefined : Math.max(seconds * SECOND * speed, MS);
}

function countOf(headers: Headers, name: string): number | undefined {
  const text = headers.get(name) ?? '';
  return /^\d{1,12}$/.test(text) ? Number(text) : undefined;
}

/** `fetch failed` says nothing; what it failed by stands at the end of its causes. */
function deepestMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  // Several addresses that were tried each have their own; the first is as good as any.
  const next = cause instanceof AggregateError ? cause.errors[0] : cause;
  return next instanceof Error ? deepestMessage(next) : error.message;
}
