import { CROSS_ASSET } from './families/cross-asset.ts';
import { FUNDAMENTAL } from './families/fundamental.ts';
import { LAYER_STATE } from './families/layer-state.ts';
import { MACRO } from './families/macro.ts';
import { MICROSTRUCTURE } from './families/microstructure.ts';
import { PRICE_VOLUME } from './families/price-volume.ts';
import { REGIME } from './families/regime.ts';
import { SENTIMENT } from './families/sentiment.ts';
import { TECHNICAL } from './families/technical.ts';
import { TEMPORAL } from './families/temporal.ts';
import { createRegistry, type FeatureRegistry } from './registry.ts';
import { barSource } from './sources/bar-source.ts';
import { breadthSource } from './sources/breadth-source.ts';
import { calendarSource } from './sources/calendar-source.ts';
import { earningsSource } from './sources/earnings-source.ts';
import { flowSource } from './sources/flow-source.ts';
import { fundamentalSource } from './sources/fundamental-source.ts';
import { illiquiditySource } from './sources/illiquidity-source.ts';
import { indexSource } from './sources/index-source.ts';
import { layerSource } from './sources/layer-source.ts';
import { macroSource } from './sources/macro-source.ts';
import { newsSource } from './sources/news-source.ts';
import { quoteSource } from './sources/quote-source.ts';
import { DAILY_REGIME } from './sources/regime-daily.ts';
import { regimeSource } from './sources/regime-source.ts';
import { relativeSource } from './sources/relative-source.ts';

/** Every feature and source that comes with the house. */
export const STANDARD_REGISTRY: FeatureRegistry = createRegistry(
  [
    ...PRICE_VOLUME,
    ...TECHNICAL,
    ...MICROSTRUCTURE,
    ...CROSS_ASSET,
    ...REGIME,
    ...FUNDAMENTAL,
    ...LAYER_STATE,
    ...MACRO,
    ...SENTIMENT,
    ...TEMPORAL,
  ],
  [
    barSource,
    flowSource,
    illiquiditySource,
    quoteSource,
    breadthSource,
    indexSource,
    regimeSource([DAILY_REGIME]),
    relativeSource,
    calendarSource,
    earningsSource,
    fundamentalSource,
    layerSource,
    macroSource,
    newsSource,
  ],
);
