import type { Money } from '../../core/money.ts';

/**
 * What risk holds orders to. Ratios are shares of equity from 0 to 1, money is in ten-thousandths
 * of a dollar. A limit named xMax may be reached and not passed.
 */
export interface RiskLimits {
  /** Share of equity lost when a stop is hit. */
  readonly fractionPerTrade: number;
  readonly positionNotionalMax: Money;
  readonly orderNotionalMax: Money;
  /** A smaller entry costs its attention and its fees and earns nothing. */
  readonly orderNotionalMin: Money;
  readonly positionsMax: number;
  readonly sectorExposureMax: number;
  readonly grossExposureMax: number;
  /** Loss of the day as a share of the equity it began with: reached, trading halts. */
  readonly dailyLossMax: number;
  /** How far the loss breaker goes: stop entering, or also close what is held. */
  readonly dailyLossHalt: 'noEntries' | 'flatten';
  readonly quoteAgeMsMax: number;
  readonly barAgeMsMax: number;
  readonly spreadBpsMax: number;
  /** Orders in any second. A strategy that asks for more is broken, so it halts trading. */
  readonly ordersPerSecondMax: number;
  /** Entries in one symbol in one session. */
  readonly entriesPerSymbolMax: number;
  /** How far through the far side of the quote the limit of an entry may pay. */
  readonly limitOffsetBps: number;
  /** No entry in the last part of the session, in which positions are closed. */
  readonly flattenBeforeCloseUs: number;
  /** How long an order may take to be filled where only bars come. */
  readonly barPatienceUs: number;
  readonly isShortingAllowed: boolean;
  /** The market serves trades and quotes for a few symbols: no entry in any other. Left out: no. */
  readonly isSlotNeeded?: boolean;
}

/** A share of an amount, rounded half up to a ten-thousandth. Of nothing and less: nothing. */
export function shareOf(amount: number, ratio: number): number {
  return Math.round(Math.max(0, amount) * ratio);
}
