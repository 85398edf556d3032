import { Random } from '../../core/random.ts';
import type { StreamHealth } from '../../ports/live-market.ts';
import type {
  Provider,
  ServiceContext,
  ServiceDefinition,
  ServicePolicy,
} from '../../ports/service.ts';
import type { MarketOptions } from '../../streams/market/market-options.ts';
import { marketProvider } from '../../streams/market/market-provider.ts';
import type { MarketStream } from '../../streams/market/market-stream.ts';
import { alpacaMarketStream } from '../../streams/alpaca/market-stream.ts';
import { AlpacaNewsStream } from '../../streams/alpaca/news-stream.ts';
import type { RestHistory } from '../../streams/alpaca/history/rest-history.ts';
import { polygonMarketStream } from '../../streams/polygon/market-stream.ts';
import { historyAt, polygonHistoryAt } from './live-history.ts';
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
  // One for both, because Alpaca's plan counts the requests of both together.
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
  const { config, sink, isOpen, missedSinceUs } = options;
  const { silenceMsMax } = config.market;
  const name = 'market-data';
  // One for all lives of the service: what it missed in between is a gap that it knows of.
  let context: ServiceContext | undefined;
  let stream: MarketStream | undefined;
  const make = (): MarketStream => {
    const made = streamOf(options, history, {
      sink,
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

type StreamParts = Omit<MarketOptions, 'url' | 'history' | keyof ReturnType<typeof timeParts>>;

/** Whose market it is, is the configuration's word; orders and news are Alpaca's either way. */
function streamOf(
  options: LiveServiceOptions,
  alpacaHistory: RestHistory,
  parts: StreamParts,
): MarketStream {
  const { place, config } = options;
  const { urls, credentials, polygonKey: key } = place;
  const { provider, feed, codec, polygon } = config.market;
  const shared = { ...parts, ...timeParts(options, 2) };
  switch (provider) {
    case 'alpaca': {
      const [url, history] = [urls.marketStream, alpacaHistory];
      return alpacaMarketStream({ ...shared, ...credentials, url, history, feed, codec });
    }
    case 'polygon': {
      const [url, history] = [urls.polygonStream, polygonHistoryAt(place, config)];
      const { quoteSizes } = polygon;
      return polygonMarketStream({ ...shared, key, url, history, quoteSizes });
    }
  }
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
      ...timeParts(options, 3),
      ...place.credentials,
      codec: options.config.market.codec,
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

function timeParts({ place, symbols }: LiveServiceOptions, randomStream: number) {
  const { clock, timers } = place;
  const directory = listedDirectory(symbols);
  const random = new Random(process.pid, randomStream);
  return { directory, clock, timers, random };
}

function listening(stream: AlpacaNewsStream): Provider {
  return {
    start: async () => stream.start(),
    perform: async () => ({ outcome: 'refused', code: 'NOT_NEWS' }),
    stop: () => stream.stop(),
  };
}
