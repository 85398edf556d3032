import { onTestFinished } from 'vitest';
import { createAlpacaBroker } from '../../../src/brokers/alpaca/alpaca-broker.ts';
import type { AlpacaBrokerOptions } from '../../../src/brokers/alpaca/alpaca-options.ts';
import { type AccountId, symbolId, textId } from '../../../src/core/ids.ts';
import { parseTime } from '../../../src/core/time.ts';
import type { OrderReport } from '../../../src/domain/orders/report.ts';
import type { Effect } from '../../../src/ports/effect.ts';
import type { EffectAnswer, Provider, ServiceContext } from '../../../src/ports/service.ts';
import { ManualTime } from '../../manual-time.ts';
import { ALPACA_DEFAULTS } from './alpaca-defaults.ts';
import { ScriptedVenue } from './scripted-venue.ts';

export const NAMES = ['AAPL', 'MSFT'];
export const NOW_US = parseTime('2026-11-19T15:04:06Z') ?? 0;

export type SceneOptions = Partial<AlpacaBrokerOptions> & { readonly speed?: number };

/** One life of the broker service over a scripted venue, with a clock that only a test moves. */
export class AlpacaScene {
  readonly time: ManualTime;
  readonly reports: OrderReport[] = [];
  readonly health: string[] = [];
  readonly logged: string[] = [];
  readonly failures: Error[] = [];
  readonly venue: ScriptedVenue;
  readonly provider: Provider;
  readonly identify: () => Promise<string>;
  #effects = 0;

  private constructor(venue: ScriptedVenue, options: SceneOptions) {
    this.venue = venue;
    this.time = new ManualTime(NOW_US, options.speed);
    const broker = createAlpacaBroker({
      ...ALPACA_DEFAULTS,
      account: textId<AccountId>('contract'),
      tradingUrl: venue.url,
      streamUrl: venue.streamUrl,
      symbols: {
        size: NAMES.length,
        idOf: (name) => (NAMES.includes(name) ? symbolId(NAMES.indexOf(name)) : undefined),
        nameOf: (symbol) => NAMES[symbol] ?? '',
      },
      clock: this.time,
      timers: this.time,
      ...options,
    });
    this.identify = broker.identify;
    this.provider = broker.make(this.#context());
  }

  static async open(options: SceneOptions = {}): Promise<AlpacaScene> {
    const venue = await ScriptedVenue.open();
    const scene = new AlpacaScene(venue, options);
    onTestFinished(async () => {
      await scene.provider.stop();
      await venue.close();
    });
    return scene;
  }

  /** Started, and nothing asked yet. */
  static async up(options: SceneOptions = {}): Promise<AlpacaScene> {
    const scene = await AlpacaScene.open(options);
    await scene.provider.start();
    scene.venue.asked.length = 0;
    return scene;
  }

  perform(effect: Effect): Promise<EffectAnswer> {
    this.#effects += 1;
    return this.provider.perform({
      input: 1,
      index: this.#effects,
      requestedUs: this.time.nowUs(),
      effect,
    });
  }

  reportsOf(id: string): readonly OrderReport[] {
    return this.reports.filter(({ clientOrderId }) => clientOrderId === id);
  }

  /** Turns of the event loop until it holds: the sockets are real, the clock stands. */
  async until(holds: () => boolean, what: string): Promise<void> {
    for (let turn = 0; turn < TURNS_MAX; turn += 1) {
      if (holds()) return;
      await new Promise((resolve) => setImmediate(resolve));
    }
    throw new Error(`waited in vain: ${what}`);
  }

  /** Long enough for what is on its way over loopback to arrive: a round trip of another's. */
  async settle(): Promise<void> {
    for (let trip = 0; trip < 3; trip += 1) {
      await (await fetch(`${this.venue.url}/v2/settle`)).text();
    }
    this.venue.asked.splice(0, Infinity, ...this.venue.asked.filter(isNoSettle));
  }

  #context(): ServiceContext {
    return {
      enter: (input) => {
        if (input.kind === 'orderUpdated') this.reports.push(input.report);
      },
      health: (state) => void this.health.push(state),
      failed: (error) => void this.failures.push(error),
      log: (_, event) => void this.logged.push(event),
    };
  }
}

function isNoSettle({ path }: { readonly path: string }): boolean {
  return path !== '/v2/settle';
}

/** Some seconds on a slow machine. */
const TURNS_MAX = 200_000;
