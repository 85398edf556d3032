import type { IndicatorDeclaration } from '../declaration.ts';
import { atr } from './atr.ts';
import { bollingerBandwidth } from './bollinger-bandwidth.ts';
import { chaikinVolatility } from './chaikin-volatility.ts';
import { garmanKlass } from './garman-klass.ts';
import { historicalVolatility } from './historical-volatility.ts';
import { massIndex } from './mass-index.ts';
import { natr } from './natr.ts';
import { parkinson } from './parkinson.ts';
import { percentB } from './percent-b.ts';
import { realisedVolatility } from './realised-volatility.ts';
import { rogersSatchell } from './rogers-satchell.ts';
import { trueRange } from './true-range.ts';
import { ulcerIndex } from './ulcer-index.ts';
import { yangZhang } from './yang-zhang.ts';

/** How much a price moves, whichever way. */
export const VOLATILITY: readonly IndicatorDeclaration[] = [
  atr,
  bollingerBandwidth,
  chaikinVolatility,
  garmanKlass,
  historicalVolatility,
  massIndex,
  natr,
  parkinson,
  percentB,
  realisedVolatility,
  rogersSatchell,
  trueRange,
  ulcerIndex,
  yangZhang,
];
