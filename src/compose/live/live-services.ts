import type { GroupedDefinition } from '../../actors/services/service-tree.ts';
import { type AlpacaBroker, createAlpacaBroker } from '../../brokers/alpaca/alpaca-broker.ts';
import type { Config } from '../../cli/config-schema.ts';
import { vulkanVariables } from '../../gpu/onnx/machine-view.ts';
import {
  createInferenceService,
  type InferenceDefinition,
} from '../../gpu/service/inference-service.ts';
import { SECOND } from '../../core/time.ts';
import { EFFECT_TRAITS } from '../../ports/effect.ts';
import type { StreamHealth } from '../../ports/live-market.ts';
import type { ListedSymbol } from '../../ports/market-source.ts';
import type { ServiceDefinition, ServicePolicy } from '../../ports/service.ts';
import { accountOf, isScored } from '../kernel-options.ts';
import { sessionModels } from '../session-models.ts';
import type { LiveServiceOptions } from './live-service-options.ts';
import { listedDirectory } from './listed-directory.ts';
import { marketServices } from './market-services.ts';
import type { LivePlace } from './live-place.ts';
import { seriesService } from './series-service.ts';
import { alerting, droppingRows } from './small-services.ts';

export interface LiveServices {
  readonly definitions: readonly GroupedDefinition[];
  /** Of the streams there are, for the screen and `status`. */
  readonly health: () => readonly StreamHealth[];
  /** Left out where nothing is scored. */
  readonly inference: InferenceDefinition | undefined;
}

/** Everything outside the kernel that a live session has, ready to be supervised. */
export function liveServices(options: LiveServiceOptions): LiveServices {
  const { place, config, symbols } = options;
  const policy = policyOf(config);
  const market = marketServices(options, policy);
  const inference = inferenceAt(options, policy);
  return {
    definitions: [
      ...market.definitions.map((definition) => ({ group: 'market', definition }) as const),
      ...(inference === undefined ? [] : [{ group: 'inference', definition: inference } as const]),
      { group: 'broker', definition: brokerAt(place, config, symbols) },
      { group: 'stores', definition: rowsAt(options, policy) },
      { group: 'stores', definition: alerting(policy, options.alert) },
    ],
    health: market.health,
    inference,
  };
}

/** Wall time of a request, less what the way to the router and back takes. */
const MARGIN_MS = 250;
const FIRST_WORD_MS = 2_000;

/** The broker of a place: also for the questions that a session begins with. */
export function brokerAt(
  place: LivePlace,
  config: Config,
  symbols: readonly ListedSymbol[],
): AlpacaBroker {
  const { urls, credentials, clock, timers } = place;
  const { broker, services, market } = config;
  return createAlpacaBroker({
    name: 'broker',
    account: accountOf(config),
    tradingUrl: urls.trading,
    streamUrl: urls.orderStream,
    ...credentials,
    symbols: listedDirectory(symbols),
    clock,
    timers,
    policy: policyOf(config),
    requestsPerMinute: broker.requestsPerMinute,
    requestsKept: broker.requestsKept,
    orderMsMax: wallMs('submitOrder') - MARGIN_MS,
    statementMsMax: wallMs('reconcile') - MARGIN_MS,
    firstWordMsMax: FIRST_WORD_MS,
    stream: {
      connectMsMax: market.silenceMsMax,
      pingMs: market.silenceMsMax / 2,
      pongMsMax: market.silenceMsMax / 2,
      backoffMinMs: services.backoffMinMs,
      backoffMaxMs: services.backoffMaxMs,
      stableMs: services.backoffMaxMs,
    },
  });
}

export function policyOf({ services }: Config): ServicePolicy {
  return services;
}

function rowsAt({ series, place }: LiveServiceOptions, policy: ServicePolicy): ServiceDefinition {
  if (series === undefined) return droppingRows(policy);
  return seriesService({ series, policy, timers: place.timers });
}

function inferenceAt(
  { place: { clock, timers }, config, modelFolders }: LiveServiceOptions,
  policy: ServicePolicy,
): InferenceDefinition | undefined {
  if (!isScored(config)) return undefined;
  const { backend, rowsMax, layers, executionProviders, isSoftwareAdapterAllowed } =
    config.predictions;
  return createInferenceService({
    backend,
    executionProviders,
    adapter: {
      isSoftwareAllowed: isSoftwareAdapterAllowed,
      environment: vulkanVariables(process.env),
    },
    sources: sessionModels(config, modelFolders),
    rowsMax,
    layers: [layers.layer0, layers.layer1, layers.layer2, layers.layer3],
    policy,
    clock,
    timers,
  });
}

function wallMs(kind: 'submitOrder' | 'reconcile'): number {
  return (EFFECT_TRAITS[kind].deadlineUs / SECOND) * 1_000;
}
