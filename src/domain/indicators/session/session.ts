import type { IndicatorDeclaration } from '../declaration.ts';
import { anchoredVwap } from './anchored-vwap.ts';
import { averageSessionRange } from './average-session-range.ts';
import { openingRange } from './opening-range.ts';
import { overnightGap } from './overnight-gap.ts';
import { pivotPoints } from './pivot-points.ts';
import { previousSession } from './previous-session.ts';
import { relativeVolumeByTime } from './relative-volume-by-time.ts';
import { sessionRange } from './session-range.ts';
import { vwap } from './vwap.ts';
import { vwapBands } from './vwap-bands.ts';

/** What begins anew with each session, or compares with its hour. */
export const SESSION: readonly IndicatorDeclaration[] = [
  anchoredVwap,
  averageSessionRange,
  openingRange,
  overnightGap,
  pivotPoints,
  previousSession,
  relativeVolumeByTime,
  sessionRange,
  vwap,
  vwapBands,
];
