import { Alpaca } from '@alpacahq/alpaca-trade-api';
import { afterEach } from 'vitest';
import { EventBatch } from '../../../../src/domain/market/event-batch.ts';
import { MarketArchive } from '../../../../src/venue/archive/market-archive.ts';
import { seededHistory } from '../../../../src/venue/market/seeded-history.ts';
import { createSeededMarket } from '../../../../src/venue/market/seeded-market.ts';
import type { Answer } from '../../../../src/venue/rest/answer.ts';
import type { OrderDesk } from '../../../../src/venue/rest/order-desk.ts';
import {
  createRestServer,
  type RestServer,
  type RestServerOptions,
} from '../../../../src/venue/rest/rest-server.ts';
import { ManualTime } from '../../../manual-time.ts';

export const SEED = 7;
/** A Monday; New York is four hours behind. */
export const DATE = 20240603;
export const OPEN_US = Date.UTC(2024, 5, 3, 13, 30) * 1_000;
export const KEYS = { key: 'PK1', secret: 's1' };

/** A market of a few symbols that ran until `untilUs`, and what was remembered of it. */
export function archiveUntil(untilUs: number, symbols = 12): MarketArchive {
  const options = { seed: SEED, symbols, date: DATE, tradesPerDay: 4_000, extendedHours: false };
  const market = createSeededMarket(options);
  const archive = new MarketArchive({
    seed: SEED,
    symbols: market.symbols,
    calendar: market.calendar,
    history: seededHistory(options),
  });
  const batch = new EventBatch(1_024, 256);
  while (market.next(batch)) {
    for (let frame = 0; frame < batch.frames; frame += 1) {
      const nowUs = batch.frameUs[frame] ?? 0;
      if (nowUs > untilUs) {
        archive.advance(untilUs);
        return archive;
      }
      archive.frame(batch, batch.frameBegin(frame), batch.frameEnd[frame] ?? 0, nowUs);
      archive.advance(nowUs);
    }
  }
  archive.advance(untilUs);
  return archive;
}

/** A desk that says what it was asked, for tests of the door and not of trading. */
export class EchoDesk implements OrderDesk {
  readonly asked: unknown[][] = [];
  /** What the next request is answered, where it matters. */
  next: Answer | undefined;

  account = (...asked: unknown[]) => this.#say('account', asked);
  configurations = (...asked: unknown[]) => this.#say('configurations', asked);
  patchConfigurations = (...asked: unknown[]) => this.#say('patchConfigurations', asked);
  activities = (...asked: unknown[]) => this.#say('activities', asked);
  portfolioHistory = (...asked: unknown[]) => this.#say('portfolioHistory', asked);
  submit = (...asked: unknown[]) => this.#say('submit', asked);
  replace = (...asked: unknown[]) => this.#say('replace', asked);
  cancel = (...asked: unknown[]) => this.#say('cancel', asked);
  cancelAll = (...asked: unknown[]) => this.#say('cancelAll', asked);
  order = (...asked: unknown[]) => this.#say('order', asked);
  orderByClientId = (...asked: unknown[]) => this.#say('orderByClientId', asked);
  orders = (...asked: unknown[]) => this.#say('orders', asked);
  positions = (...asked: unknown[]) => this.#say('positions', asked);
  position = (...asked: unknown[]) => this.#say('position', asked);
  closePosition = (...asked: unknown[]) => this.#say('closePosition', asked);
  closeAllPositions = (...asked: unknown[]) => this.#say('closeAllPositions', asked);
  readonly assets = {
    list: (...asked: unknown[]) => this.#say('assets', asked),
    one: (...asked: unknown[]) => this.#say('asset', asked),
  };

  #say(name: string, asked: readonly unknown[]): Answer {
    this.asked.push([name, ...asked]);
    return this.next ?? { status: 200, body: {} };
  }
}

export interface Venue {
  readonly url: string;
  readonly time: ManualTime;
  readonly desk: EchoDesk;
  readonly archive: MarketArchive;
  readonly server: RestServer;
  /** The official client, its own limiter and retries off. */
  readonly sdk: Alpaca;
  ask(path: string, init?: RequestInit): Promise<Response>;
}

const opened: RestServer[] = [];

export async function openVenue(
  archive: MarketArchive,
  nowUs: number,
  options: Partial<RestServerOptions> = {},
): Promise<Venue> {
  const time = new ManualTime(nowUs);
  const desk = new EchoDesk();
  const server = await createRestServer({
    desk,
    archive,
    clock: time,
    timers: time,
    credentials: KEYS,
    ...options,
  }).listen(0);
  opened.push(server);
  const url = `http://127.0.0.1:${server.port}`;
  return {
    url,
    time,
    desk,
    archive,
    server,
    sdk: clientOf(url),
    ask: (path, init = {}) => fetch(`${url}${path}`, { headers: HEADERS, ...init }),
  };
}

export const HEADERS = { 'APCA-API-KEY-ID': KEYS.key, 'APCA-API-SECRET-KEY': KEYS.secret };

/** venues.md 1: the facade has no base URL, so the origin of each request is rewritten. */
export function clientOf(url: string, options: ConstructorParameters<typeof Alpaca>[0] = {}) {
  const to = new URL(url);
  return new Alpaca({
    keyId: KEYS.key,
    secret: KEYS.secret,
    paper: true,
    rateLimit: false,
    retry: false,
    fetchApi: (input, init) => {
      const target = new URL(String(input));
      target.protocol = to.protocol;
      target.host = to.host;
      return fetch(target, init);
    },
    ...options,
  });
}

export async function closeVenues(): Promise<void> {
  await Promise.all(opened.splice(0).map((server) => server.close()));
}

/** In a file's describe: every venue of a test is closed after it. */
export function closeAfterEach(): void {
  afterEach(closeVenues);
}
