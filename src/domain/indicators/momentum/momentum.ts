import type { IndicatorDeclaration } from '../declaration.ts';
import { accelerator } from './accelerator.ts';
import { adx } from './adx.ts';
import { adxr } from './adxr.ts';
import { apo } from './apo.ts';
import { aroonOsc } from './aroon-osc.ts';
import { aroon } from './aroon.ts';
import { awesome } from './awesome.ts';
import { bop } from './bop.ts';
import { cci } from './cci.ts';
import { cmo } from './cmo.ts';
import { connorsRsi } from './connors-rsi.ts';
import { coppock } from './coppock.ts';
import { detrended } from './detrended.ts';
import { dx } from './dx.ts';
import { elderRay } from './elder-ray.ts';
import { fisher } from './fisher.ts';
import { imi } from './imi.ts';
import { kst } from './kst.ts';
import { macdExt } from './macd-ext.ts';
import { macdFix } from './macd-fix.ts';
import { macd } from './macd.ts';
import { mfi } from './mfi.ts';
import { minusDi } from './minus-di.ts';
import { minusDm } from './minus-dm.ts';
import { mom } from './mom.ts';
import { plusDi } from './plus-di.ts';
import { plusDm } from './plus-dm.ts';
import { ppo } from './ppo.ts';
import { qstick } from './qstick.ts';
import { relativeVigor } from './relative-vigor.ts';
import { roc } from './roc.ts';
import { rocp } from './rocp.ts';
import { rocrPercent } from './rocr-percent.ts';
import { rocr } from './rocr.ts';
import { rsi } from './rsi.ts';
import { smi } from './smi.ts';
import { stochasticFast } from './stochastic-fast.ts';
import { stochasticRsi } from './stochastic-rsi.ts';
import { stochastic } from './stochastic.ts';
import { trix } from './trix.ts';
import { tsi } from './tsi.ts';
import { ultimate } from './ultimate.ts';
import { verticalHorizontal } from './vertical-horizontal.ts';
import { vortex } from './vortex.ts';
import { williamsR } from './williams-r.ts';

/** How fast, how far, who is stronger. */
export const MOMENTUM: readonly IndicatorDeclaration[] = [
  accelerator,
  adx,
  adxr,
  apo,
  aroonOsc,
  aroon,
  awesome,
  bop,
  cci,
  cmo,
  connorsRsi,
  coppock,
  detrended,
  dx,
  elderRay,
  fisher,
  imi,
  kst,
  macdExt,
  macdFix,
  macd,
  mfi,
  minusDi,
  minusDm,
  mom,
  plusDi,
  plusDm,
  ppo,
  qstick,
  relativeVigor,
  roc,
  rocp,
  rocrPercent,
  rocr,
  rsi,
  smi,
  stochasticFast,
  stochasticRsi,
  stochastic,
  trix,
  tsi,
  ultimate,
  verticalHorizontal,
  vortex,
  williamsR,
];
