import { type AccountId, type SessionId, textId } from '../core/ids.ts';
import { type Money, money, parseMoney } from '../core/money.ts';
import { MINUTE, MS, SECOND } from '../core/time.ts';
import { present } from '../core/assert.ts';
import { failurePolicy } from '../actors/kernel/failure-policy.ts';
import type { TradingKernelOptions } from '../actors/kernel/kernel.ts';
import type { Probe } from '../actors/runtime/handling.ts';
import type { Config } from '../cli/config-schema.ts';
import type { FeatureSet } from '../domain/features/feature-set.ts';
import { momentumSet } from '../domain/features/momentum-set.ts';
import type { EnsembleRules } from '../domain/signals/ensemble.ts';
import { MEMBER_RULES } from '../domain/signals/member-accuracy.ts';
import { timeframeOf, USUAL_TIMEFRAME } from '../domain/features/timeframe.ts';

export interface KernelSetting {
  readonly config: Config;
  /** Makes order ids of this session its own; the same for every life of it. */
  readonly orderSession: string;
  readonly hasHistory: boolean;
  readonly symbolsMax: number;
  /** Nobody else has a hand in the account: the broker is a simulated one. Left out: they may. */
  readonly isAlone?: boolean;
  readonly probe?: Probe | undefined;
}

/** Units change here and nowhere else: milliseconds to microseconds, dollars to ten-thousandths. */
export function kernelOptions(setting: KernelSetting): TradingKernelOptions {
  const { config, hasHistory, symbolsMax, probe } = setting;
  const features = featuresOf(config);
  const { market, universe, strategies, predictions, execution } = config;
  const bar = { barSpanUs: market.barSpanMs * MS, barGraceUs: market.barGraceMs * MS };
  const { meanReversion, momentum } = strategies;
  const { stopDistanceAtr } = config.risk;
  const { layer1, layer2 } = universe;
  const ensemble = ensembleOptions(config);
  return {
    symbols: {
      ...bar,
      cadence: market.cadence,
      observes: market.observes,
      features,
      zEnter: meanReversion.zEnter,
      zExit: meanReversion.zExit,
      // No source there is sends the quotes of single exchanges.
      quotes: 'consolidated',
      bars: market.bars,
      ...(market.slots > 0 ? { quoteAgeUsMax: market.barSpanMs * MS } : {}),
    },
    layer1: {
      ...layer1,
      priceMin: dollars(layer1.priceMin),
      hasHistory,
      barSpanUs: bar.barSpanUs,
    },
    layer2: { ...layer2, ...bar, dwellUs: layer2.dwellMs * MS },
    predictions: {
      models: ensemble.models,
      thresholds: ensemble.models.map(
        (_, place) => ensemble.vote.members[place]?.threshold ?? EVEN,
      ),
      window: predictions.window,
      horizonBars: predictions.horizonBars,
      barSpanUs: bar.barSpanUs,
      batchUs: predictions.batchMs * MS,
      inFlightMax: isScored(config) ? predictions.inFlightMax : 0,
      rowsMax: predictions.rowsMax,
      width: features.width,
      featuresLayout: features.layoutHash,
    },
    ensemble,
    meanReversion: {
      ...meanReversion,
      holdUsMax: meanReversion.holdMsMax * MS,
      newsQuietUs: meanReversion.newsQuietMs * MS,
      stopDistanceAtr,
    },
    momentum: { ...momentum, holdUsMax: momentum.holdMsMax * MS, stopDistanceAtr },
    risk: riskOptions(setting),
    execution: {
      orderDeadlineUs: execution.orderDeadlineMs * MS,
      unfilledCancelUs: execution.unfilledCancelMs * MS,
      settlingUs: execution.settlingMs * MS,
      enquiryRetryUs: execution.enquiryRetryMs * MS,
    },
    reconciliation: {
      account: accountOf(config),
      everyUs: execution.reconcileMs * MS,
      isAlone: setting.isAlone ?? false,
    },
    subscriptions: { slots: market.slots, stepUs: SLOT_STEP_US, keepUs: SLOT_KEEP_US },
    policy: failurePolicy(accountOf(config)),
    symbolsMax,
    messagesMax: config.runtime.turnMessagesMax,
    probe,
  };
}

/** What is wrong with them is refused when the models are looked for. */
export function ensembleOptions({ predictions }: Config): EnsembleRules {
  const { models, shadow, vote } = predictions;
  const { thresholds, votesLeast, boosts } = vote;
  const members = models.map((model) => {
    return { name: nameOf(model), threshold: thresholdOf(model, thresholds), weight: 1 };
  });
  // One model is heard as it is.
  const rules = { members, votesLeast: members.length === 1 ? 1 : votesLeast, boosts };
  const names = [...models, ...shadow].map(nameOf);
  return { models: names, vote: rules, accuracy: MEMBER_RULES };
}

/** By its name, or by its name and version. */
function thresholdOf(model: string, thresholds: Readonly<Record<string, number>>): number {
  return thresholds[nameOf(model)] ?? thresholds[model] ?? EVEN;
}

/** What `momentum-mlp@1a2b3c4d` is called without its version. */
export function nameOf(model: string): string {
  return model.split('@', 1)[0] ?? model;
}

/** An even chance. */
const EVEN = 0.5;

/** What a row holds: features of the very bars that the session makes. */
export function featuresOf({ market }: Config): FeatureSet {
  return momentumSet(timeframeOf(market.barSpanMs * MS));
}

/**
 * Whether the model is asked. A model is of bars of one span, and refuses others: where momentum is
 * on it has to fit; where it is off, scores may yet end a position, but only on the usual bars.
 */
export function isScored({ market, strategies }: Config): boolean {
  const isUsual = timeframeOf(market.barSpanMs * MS) === USUAL_TIMEFRAME;
  return strategies.momentum.isEnabled || isUsual;
}

export function accountOf(config: Config): AccountId {
  return textId<AccountId>(config.account.id);
}

export function startingCash(config: Config): Money {
  return dollars(config.account.startingCash);
}

/** A plan of slots is made this often, and who gets one keeps it this long. */
const SLOT_STEP_US = 5 * SECOND;
const SLOT_KEEP_US = 10 * MINUTE;

/** An order meets the bar after it or the one after that; each is heard of at its end, or later. */
const BARS_OF_PATIENCE = 2.5;

function riskOptions({ config, orderSession }: KernelSetting): TradingKernelOptions['risk'] {
  const { risk, execution, market } = config;
  return {
    account: accountOf(config),
    session: textId<SessionId>(orderSession),
    epoch: 1,
    limits: {
      ...risk,
      positionNotionalMax: dollars(risk.positionNotionalMax),
      orderNotionalMax: dollars(risk.orderNotionalMax),
      orderNotionalMin: dollars(risk.orderNotionalMin),
      dailyLossHalt: 'noEntries',
      limitOffsetBps: execution.limitOffsetBps,
      flattenBeforeCloseUs: risk.flattenBeforeCloseMs * MS,
      barPatienceUs: BARS_OF_PATIENCE * market.barSpanMs * MS,
      isShortingAllowed: false,
      isSlotNeeded: market.slots > 0,
    },
  };
}

/** The schema has checked the text. */
function dollars(text: string): Money {
  return money(present(parseMoney(text), `money in ${text}`));
}
