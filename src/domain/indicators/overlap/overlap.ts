import type { IndicatorDeclaration } from '../declaration.ts';
import { accelerationBands } from './acceleration-bands.ts';
import { alma } from './alma.ts';
import { bollinger } from './bollinger.ts';
import { dema } from './dema.ts';
import { donchian } from './donchian.ts';
import { ema } from './ema.ts';
import { hma } from './hma.ts';
import { htTrendline } from './ht-trendline.ts';
import { ichimoku } from './ichimoku.ts';
import { kama } from './kama.ts';
import { keltner } from './keltner.ts';
import { ma } from './ma.ts';
import { mama } from './mama.ts';
import { mavp } from './mavp.ts';
import { midpoint } from './midpoint.ts';
import { midprice } from './midprice.ts';
import { rma } from './rma.ts';
import { sar } from './sar.ts';
import { sarExtended } from './sar-extended.ts';
import { sma } from './sma.ts';
import { supertrend } from './supertrend.ts';
import { t3 } from './t3.ts';
import { tema } from './tema.ts';
import { trima } from './trima.ts';
import { vwma } from './vwma.ts';
import { wma } from './wma.ts';
import { zlema } from './zlema.ts';

/** Averages and bands: drawn over the price. */
export const OVERLAP: readonly IndicatorDeclaration[] = [
  accelerationBands,
  alma,
  bollinger,
  dema,
  donchian,
  ema,
  hma,
  htTrendline,
  ichimoku,
  kama,
  keltner,
  ma,
  mama,
  mavp,
  midpoint,
  midprice,
  rma,
  sar,
  sarExtended,
  sma,
  supertrend,
  t3,
  tema,
  trima,
  vwma,
  wma,
  zlema,
];
