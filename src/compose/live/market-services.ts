import { Random } from '../../core/random.ts';
import type { StreamHealth } from '../../ports/live-market.ts';
import type {
  Provider,
  ServiceContext,
  ServiceDefinition,
  ServicePolicy,
} from '../../ports/service.ts';
import { marketProvider } from '../../streams/market/market-provider.ts';
import type { MarketStream } from '../../streams/market/market-stream.ts';
import { alpacaMarketStream } from '../../streams/alpaca/market-stream.ts';
import { AlpacaNewsStream } from '../../streams/alpaca/news-stream.ts';
import type { RestHistory } from '../../streams/alpaca/history/rest-history.ts';
import { historyAt } from './live-history.ts';
import type { LiveServiceOptions } from './live-service-options.ts';
import { listedDirectory } from './listed-directory.ts';

export interface MarketServices {
  readonly definitions: readonly ServiceDefinition[];
  readonly health: () => readonly StreamHealth[];
}

interface SuppliedStream {
  readonly definition: ServiceDefinition;
  readonly health: () => StreamHealth | undefined;
}

/** The market's streams. What they receive goes straight to the sink, never through the tree. */
export function marketServices(options: LiveServiceOptions, policy: ServicePolicy): MarketServices {
  // One for both, because the plan counts the requests of both together.
  const history = historyAt(options.place, options.config);
  const services = [marketData(options, policy, history), news(options, policy, history)];
  return {
    definitions: services.map(({ definition }) => definition),
    health: () => services.flatMap(({ health }) => health() ?? []),
  };
}

function marketData(
  options: LiveServiceOptions,
  policy: ServicePolicy,
  history: RestHistory,
): SuppliedStream {
  const { config, sink, isOpen, place, missedSinceUs } = options;
  const { feed, silenceMsMax } = config.market;
  const name = 'market-data';
  // One for all lives of the service: what it missed in between is a gap that it knows of.
  let context: ServiceContext | undefined;
  let stream: MarketStream | undefined;
  const make = (): MarketStream => {
    const made = alpacaMarketStream({
      ...sharedParts(options, 2),
      url: place.urls.marketStream,
      feed,
      sink,
      history,
      isSessionOpen: isOpen,
      limits: { silenceMsMax },
      onHealth: (state, reason) => context?.health(state, reason),
      onAlarm: (reason) => context?.log('warn', 'marketAlarm', { reason }),
      onBroken: (error) => {
        stream = undefined;
        context?.failed(error);
      },
      onFatal: (error) => context?.failed(error),
    });
    made.missedSince(missedSinceUs());
    return made;
  };
  return {
    definition: {
      name,
      service: 'market',
      policy,
      handles: (kind) => kind === 'subscribe',
      make: (made) => {
        context = made;
        stream ??= make();
        return marketProvider(stream);
      },
    },
    health: () => (stream === undefined ? undefined : { ...stream.health, name }),
  };
}

/** No decision needs it: where it is missing, strategies have no news to be quiet about. */
function news(
  options: LiveServiceOptions,
  policy: ServicePolicy,
  history: RestHistory,
): SuppliedStream {
  const { place, enter } = options;
  const name = 'news';
  let context: ServiceContext | undefined;
  let stream: AlpacaNewsStream | undefined;
  const make = (): AlpacaNewsStream =>
    new AlpacaNewsStream({
      ...sharedParts(options, 3),
      url: place.urls.newsStream,
      enter,
      fetchNews: (fromUs, take) => history.news(fromUs, take),
      onAlarm: (reason) => context?.log('warn', 'newsAlarm', { reason }),
      onBroken: (error) => {
        stream = undefined;
        context?.failed(error);
      },
      onFatal: (error) => context?.failed(error),
    });
  return {
    definition: {
      name,
      service: 'none',
      policy,
      handles: () => false,
      make: (made) => {
        context = made;
        stream ??= make();
        return listening(stream);
      },
    },
    health: () => (stream === undefined ? undefined : { ...stream.health, name }),
  };
}

function sharedParts({ place, config, symbols }: LiveServiceOptions, randomStream: number) {
  const { clock, timers, credentials } = place;
  const { codec } = config.market;
  const directory = listedDirectory(symbols);
  const random = new Random(process.pid, randomStream);
  return { ...credentials, codec, directory, clock, timers, random };
}

function listening(stream: AlpacaNewsStream): Provider {
  return {
    start: async () => stream.start(),
    perform: async () => ({ outcome: 'refused', code: 'NOT_NEWS' }),
    stop: () => stream.stop(),
  };
}
