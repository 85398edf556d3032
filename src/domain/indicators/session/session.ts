import type { IndicatorDeclaration } from '../declaration.ts';
import { vwap } from './vwap.ts';

/** What begins anew with each session, or compares with its hour. */
export const SESSION: readonly IndicatorDeclaration[] = [vwap];
