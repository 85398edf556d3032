import { FUNDAMENTAL } from './families/fundamental.ts';
import { LAYER_STATE } from './families/layer-state.ts';
import { MACRO } from './families/macro.ts';
import { MICROSTRUCTURE } from './families/microstructure.ts';
import { PRICE_VOLUME } from './families/price-volume.ts';
import { SENTIMENT } from './families/sentiment.ts';
import { TECHNICAL } from './families/technical.ts';
import { TEMPORAL } from './families/temporal.ts';
import { createRegistry, type FeatureRegistry } from './registry.ts';
import { barSource } from './sources/bar-source.ts';
import { calendarSource } from './sources/calendar-source.ts';
import { earningsSource } from './sources/earnings-source.ts';
import { flowSource } from './sources/flow-source.ts';
import { fundamentalSource } from './sources/fundamental-source.ts';
import { illiquiditySource } from './sources/illiquidity-source.ts';
import { layerSource } from './sources/layer-source.ts';
import { macroSource } from './sources/macro-source.ts';
import { newsSource } from './sources/news-source.ts';
import { quoteSource } from './sources/quote-source.ts';

/** Every feature and source that comes with the house. */
export const STANDARD_REGISTRY: FeatureRegistry = createRegistry(
  [
    ...PRICE_VOLUME,
    ...TECHNICAL,
    ...MICROSTRUCTURE,
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
    calendarSource,
    earningsSource,
    fundamentalSource,
    layerSource,
    macroSource,
    newsSource,
  ],
);
