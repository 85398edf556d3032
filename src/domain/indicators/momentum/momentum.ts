import type { IndicatorDeclaration } from '../declaration.ts';
import { adx } from './adx.ts';
import { macd } from './macd.ts';
import { rsi } from './rsi.ts';
import { stochastic } from './stochastic.ts';

/** How fast, how far, who is stronger. */
export const MOMENTUM: readonly IndicatorDeclaration[] = [adx, macd, rsi, stochastic];
