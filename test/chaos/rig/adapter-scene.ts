import { createAlpacaBroker } from '../../../src/brokers/alpaca/alpaca-broker.ts';
import { type AccountId, type ClientOrderId, symbolId, textId } from '../../../src/core/ids.ts';
import type { OrderReport } from '../../../src/domain/orders/report.ts';
import type { Effect } from '../../../src/ports/effect.ts';
import type { EffectAnswer, Provider } from '../../../src/ports/service.ts';
import { type RunningVenue, runVenue } from '../../../src/venue/process/run-venue.ts';
import { DEMO_CREDENTIALS, type VenueOptions } from '../../../src/venue/process/venue-options.ts';
import { ALPACA_DEFAULTS } from '../../unit/brokers/alpaca-defaults.ts';
import { VenueAdmin } from '../../venue-client.ts';
import { FastTime } from './fast-time.ts';

const ACCOUNT = textId<AccountId>('contract');
const HEADERS = {
  'APCA-API-KEY-ID': DEMO_CREDENTIALS.key,
  'APCA-API-SECRET-KEY': DEMO_CREDENTIALS.secret,
};

/** The broker's adapter alone over a venue: for what no actor of the kernel asks yet. */
export class AdapterScene implements AsyncDisposable {
  readonly venue: RunningVenue;
  readonly admin: VenueAdmin;
  readonly reports: OrderReport[] = [];
  readonly symbolName: string;
  readonly #provider: Provider;
  #effects = 0;

  private constructor(venue: RunningVenue, symbolName: string, time: FastTime) {
    this.venue = venue;
    this.admin = new VenueAdmin(venue.adminUrl);
    this.symbolName = symbolName;
    this.#provider = createAlpacaBroker({
      ...ALPACA_DEFAULTS,
      account: ACCOUNT,
      tradingUrl: venue.tradingUrl,
      streamUrl: venue.streamUrl,
      keyId: DEMO_CREDENTIALS.key,
      secret: DEMO_CREDENTIALS.secret,
      requestsPerMinute: 1_000_000,
      symbols: {
        size: 1,
        idOf: (name) => (name === symbolName ? symbolId(0) : undefined),
        nameOf: () => symbolName,
      },
      clock: time.clock,
      timers: time,
    }).make({
      enter: (input) => {
        if (input.kind === 'orderUpdated') this.reports.push(input.report);
      },
      health: () => undefined,
      failed: (error) => {
        throw error;
      },
      log: () => undefined,
    });
  }

  static async start(symbolName: string, options: VenueOptions): Promise<AdapterScene> {
    const venue = await runVenue({ ...options, knobs: { requestsPerMinute: 1_000_000 } });
    const { clock } = await new VenueAdmin(venue.adminUrl).state();
    const scene = new AdapterScene(venue, symbolName, new FastTime(clock));
    await scene.#provider.start();
    return scene;
  }

  async ask(effect: Effect): Promise<EffectAnswer> {
    this.#effects += 1;
    const requested = { input: 1, index: this.#effects, requestedUs: 0, effect };
    const answer = await this.#provider.perform(requested);
    if (answer.order !== undefined) this.reports.push(answer.order);
    return answer;
  }

  /** Ten-thousandths; what a share costs at this moment. */
  async offer(): Promise<number> {
    const url = `${this.venue.dataUrl}/v2/stocks/quotes/latest?symbols=${this.symbolName}`;
    const response = await fetch(url, { headers: HEADERS });
    const body: { readonly quotes: Readonly<Record<string, { readonly ap: number }>> } = JSON.parse(
      await response.text(),
    );
    return Math.round((body.quotes[this.symbolName]?.ap ?? Number.NaN) * 10_000);
  }

  /** What a ledger that books each execution once holds of an order. */
  booked(id: string): number {
    const byId = new Map<string, number>();
    for (const { clientOrderId, executions } of this.reports) {
      if (clientOrderId !== textId<ClientOrderId>(id)) continue;
      for (const { executionId, quantity } of executions) byId.set(executionId, quantity);
    }
    return [...byId.values()].reduce((sum, quantity) => sum + quantity, 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#provider.stop();
    await this.venue.close();
  }
}
