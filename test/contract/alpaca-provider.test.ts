import { onTestFinished } from 'vitest';
import { BrokerLife } from '../../src/brokers/alpaca/broker-life.ts';
import { RateBudget } from '../../src/brokers/alpaca/rate-budget.ts';
import { type AccountId, symbolId, textId } from '../../src/core/ids.ts';
import type { Requested } from '../../src/ports/effect.ts';
import type { Provider, ServiceContext } from '../../src/ports/service.ts';
import { ManualTime } from '../manual-time.ts';
import { ALPACA_DEFAULTS } from '../unit/brokers/alpaca-defaults.ts';
import { ScriptedVenue } from '../unit/brokers/scripted-venue.ts';
import { describeProvider } from './provider.ts';

describeProvider("Alpaca's adapter", () => {
  let requests = 0;
  return {
    provider: new OverVenue(),
    request(): Requested {
      requests += 1;
      const account = textId<AccountId>('contract');
      const effect = { kind: 'reconcile', account, sinceUs: 0, attempt: requests } as const;
      return { input: 1, index: requests, requestedUs: 0, effect };
    },
  };
});

/** A venue opens when its adapter starts. */
class OverVenue implements Provider {
  #life: BrokerLife | undefined;
  #isStopped = false;

  async start(): Promise<void> {
    const venue = await ScriptedVenue.open();
    onTestFinished(() => venue.close());
    if (this.#isStopped) throw new Error('stopped');
    const time = new ManualTime();
    const options = {
      ...ALPACA_DEFAULTS,
      account: textId<AccountId>('contract'),
      tradingUrl: venue.url,
      streamUrl: venue.streamUrl,
      symbols: { size: 1, idOf: () => symbolId(0), nameOf: () => 'AAPL' },
      clock: time,
      timers: time,
    };
    this.#life = new BrokerLife(options, new RateBudget(options), SILENT);
    await this.#life.start();
  }

  async perform(requested: Requested): ReturnType<Provider['perform']> {
    return this.#life?.perform(requested) ?? { outcome: 'refused' };
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#life?.stop();
  }
}

const SILENT: ServiceContext = {
  enter: () => {},
  health: () => {},
  failed: () => {},
  log: () => {},
};
