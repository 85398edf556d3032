import { type AccountId, type SessionId, textId } from '../../src/core/ids.ts';
import { money } from '../../src/core/money.ts';
import type { Random } from '../../src/core/random.ts';
import { HOUR, MINUTE, MS, SECOND } from '../../src/core/time.ts';
import { failurePolicy } from '../../src/actors/kernel/failure-policy.ts';
import { type TradingKernelOptions, tradingActors } from '../../src/actors/kernel/kernel.ts';
import type { Probe } from '../../src/actors/runtime/handling.ts';
import { Kernel } from '../../src/actors/runtime/kernel.ts';
import { momentumSet } from '../../src/domain/features/momentum-set.ts';
import { timeframeOf } from '../../src/domain/features/timeframe.ts';
import { MEMBER_RULES } from '../../src/domain/signals/member-accuracy.ts';
import type { PlantedBug } from './planted-bugs.ts';

export const ACCOUNT = textId<AccountId>('SIM');
export const STARTING_CASH = money(100_000 * 10_000);
export const OPEN_US = 1_700_000_000 * SECOND;
export const CLOSE_US = OPEN_US + 6 * HOUR;
export const ORDER_TIMES = {
  orderDeadlineUs: 5 * SECOND,
  unfilledCancelUs: 4 * SECOND,
  settlingUs: 30 * SECOND,
  enquiryRetryUs: 5 * SECOND,
} as const;
/** Longer than any request is on its way here, and shorter than the settling window. */
export const FLIGHT_US_MAX = 25 * SECOND;

export const QUOTE_AGE_MS_MAX = 5_000;

const BAR = { barSpanUs: SECOND, barGraceUs: 50 * MS } as const;
const SYMBOLS_MAX = 8;

/** A kernel in production's composition, with thresholds at which it trades all the time. */
export class KernelMaker {
  readonly #options: TradingKernelOptions;
  readonly #bug: PlantedBug | undefined;

  constructor(random: Random, bug: PlantedBug | undefined) {
    this.#options = settings(random);
    this.#bug = bug;
  }

  make(probe: Probe): Kernel {
    const { policy, symbolsMax, messagesMax } = this.#options;
    const actors = tradingActors(this.#options);
    const bug = this.#bug;
    return new Kernel({
      definitions: actors.map((actor) => bug?.definition?.(actor) ?? actor),
      rowsMax: symbolsMax,
      messagesMax,
      policy,
      probe,
    });
  }
}

function settings(random: Random): TradingKernelOptions {
  const features = momentumSet(timeframeOf(BAR.barSpanUs));
  const zEnter = random.pick([0.6, 1, 1.5]);
  return {
    symbols: { ...BAR, cadence: 'event', features, zEnter, zExit: 0.2 },
    layer1: {
      priceMin: 0,
      dollarVolume20Min: 0,
      historyDaysMin: 1,
      spreadBpsMax: 1_000,
      enterRatio: 1,
      leaveRatio: 1,
      capRatio: 1,
      floor: SYMBOLS_MAX,
      hasHistory: false,
      barSpanUs: BAR.barSpanUs,
    },
    layer2: {
      ...BAR,
      enterScore: 0,
      leaveScore: 0,
      dwellUs: 0,
      floor: SYMBOLS_MAX,
      cap: SYMBOLS_MAX,
    },
    predictions: {
      models: ['sim'],
      thresholds: [0.5],
      window: 1,
      horizonBars: 5,
      barSpanUs: BAR.barSpanUs,
      batchUs: 5 * MS,
      inFlightMax: 8,
      rowsMax: 4,
      width: features.width,
      featuresLayout: features.layoutHash,
    },
    ensemble: {
      models: ['sim'],
      vote: { members: [{ name: 'sim', threshold: 0.5, weight: 1 }], votesLeast: 1, boosts: [1] },
      accuracy: MEMBER_RULES,
    },
    meanReversion: {
      isEnabled: random.chance(0.9),
      zEnter,
      zExit: 0.2,
      zStop: 5,
      holdUsMax: 10 * SECOND,
      newsQuietUs: 0,
      stopDistanceAtr: 2,
    },
    momentum: {
      isEnabled: true,
      scoreEnter: 0.6,
      scoreExit: 0.5,
      holdUsMax: 10 * SECOND,
      stopDistanceAtr: 2,
    },
    risk: riskSettings(random),
    execution: ORDER_TIMES,
    reconciliation: { account: ACCOUNT, everyUs: random.pick([2, 5, 12]) * SECOND },
    subscriptions: { slots: 0, stepUs: SECOND, keepUs: 5 * SECOND },
    policy: failurePolicy(ACCOUNT),
    symbolsMax: SYMBOLS_MAX,
    messagesMax: 100_000,
  };
}

function riskSettings(random: Random): TradingKernelOptions['risk'] {
  return {
    account: ACCOUNT,
    session: textId<SessionId>('SIM'),
    epoch: 1,
    limits: {
      fractionPerTrade: 0.01,
      positionNotionalMax: money(20_000 * 10_000),
      orderNotionalMax: money(25_000 * 10_000),
      orderNotionalMin: money(1),
      positionsMax: SYMBOLS_MAX,
      sectorExposureMax: 1,
      grossExposureMax: 1,
      dailyLossMax: random.chance(0.1) ? 0.002 : 0.5,
      dailyLossHalt: random.chance(0.5) ? 'noEntries' : 'flatten',
      quoteAgeMsMax: QUOTE_AGE_MS_MAX,
      barAgeMsMax: 180_000,
      barPatienceUs: 5 * SECOND,
      spreadBpsMax: 100,
      ordersPerSecondMax: 20,
      entriesPerSymbolMax: 1_000,
      limitOffsetBps: random.pick([0, 2, 10]),
      flattenBeforeCloseUs: MINUTE,
      isShortingAllowed: false,
    },
  };
}
