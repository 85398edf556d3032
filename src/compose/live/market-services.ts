import { Random } from '../../core/random.ts';
import type { StreamHealth } from '../../ports/live-market.ts';
import type { ServiceContext, ServiceDefinition, ServicePolicy } from '../../ports/service.ts';
import { AlpacaMarketStream } from '../../streams/alpaca/market-stream.ts';
import { marketProvider } from '../../streams/alpaca/market-provider.ts';
import { historyAt } from './live-history.ts';
import { listedDirectory } from './listed-directory.ts';
import type { LiveServiceOptions } from './live-service-options.ts';

export interface MarketServices {
  readonly definitions: readonly ServiceDefinition[];
  readonly health: () => readonly StreamHealth[];
}

const NAME = 'market-data';

/** The market's streams. What they receive goes straight to the sink, never through the tree. */
export function marketServices(options: LiveServiceOptions, policy: ServicePolicy): MarketServices {
  const { place, config, symbols, sink, isOpen } = options;
  const { clock, timers, urls, credentials } = place;
  const { feed, codec, silenceMsMax } = config.market;
  // One for all lives of the service: what it missed in between is a gap that it knows of.
  let context: ServiceContext | undefined;
  let stream: AlpacaMarketStream | undefined;
  const alarm = (reason: string): void => context?.log('warn', 'marketAlarm', { reason });
  const make = (): AlpacaMarketStream =>
    new AlpacaMarketStream({
      url: urls.marketStream,
      ...credentials,
      feed,
      codec,
      directory: listedDirectory(symbols),
      sink,
      clock,
      timers,
      random: new Random(process.pid, 2),
      history: historyAt(place, config),
      isSessionOpen: isOpen,
      limits: { silenceMsMax },
      onHealth: (state, reason) => context?.health(state, reason),
      onAlarm: alarm,
      onBroken: (error) => {
        stream = undefined;
        context?.failed(error);
      },
      onFatal: (error) => context?.failed(error),
    });
  return {
    definitions: [
      {
        name: NAME,
        service: 'market',
        policy,
        handles: (kind) => kind === 'subscribe',
        make: (made) => {
          context = made;
          stream ??= make();
          return marketProvider(stream);
        },
      },
    ],
    health: () => (stream === undefined ? [] : [{ ...stream.health, name: NAME }]),
  };
}
