import { Config } from '../../../src/cli/config-schema.ts';

export type ConfigPatch = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/**
 * Many orders in a few seconds: short bars, thresholds that ordinary minutes cross, and limits of
 * time that a market of `speed` does not outrun. What a scene changes is laid over it.
 */
export function chaosConfig(speed: number, patch: ConfigPatch = {}): Config {
  // What the kernel counts in market time, given here in time of ours.
  const wall = (ms: number): number => Math.min(60_000, Math.round(ms * speed));
  const base: ConfigPatch = {
    market: { bars: 'trades', barSpanMs: 10_000, slots: 30 },
    universe: {
      layer1: { dollarVolume20Min: 0, priceMin: '1.00', spreadBpsMax: 10_000, capRatio: 1 },
      layer2: { enterScore: 0, leaveScore: 0, floor: 20, dwellMs: 600_000 },
    },
    strategies: {
      meanReversion: { zEnter: 0.5, zExit: 0.3, zStop: 50, holdMsMax: 60_000 },
      momentum: { isEnabled: false },
    },
    risk: {
      positionNotionalMax: '4000.00',
      orderNotionalMax: '5000.00',
      orderNotionalMin: '1.00',
      sectorExposureMax: 1,
      dailyLossMax: 1,
      quoteAgeMsMax: 60_000,
      barAgeMsMax: 180_000,
      spreadBpsMax: 10_000,
      entriesPerSymbolMax: 1_000,
    },
    execution: {
      orderDeadlineMs: wall(900),
      settlingMs: wall(1_000),
      enquiryRetryMs: wall(150),
      unfilledCancelMs: wall(1_000),
      reconcileMs: wall(1_000),
    },
    // A machine that is shared is slow; none of the scenes is about that.
    services: { hungMs: 20_000 },
    broker: { requestsPerMinute: 100_000, requestsKept: 1_000 },
  };
  const sections = new Set([...Object.keys(base), ...Object.keys(patch)]);
  return Config.parse(
    Object.fromEntries(
      [...sections].map((name) => [name, { ...base[name], ...patch[name] }] as const),
    ),
  );
}
