import { DAY, HOUR, MINUTE, SECOND } from '../../../core/time.ts';

/** When a bar is complete. */
export type BarKind = TimeBarKind | CountedBarKind | ImbalanceBarKind;

/**
 * So much time: any span of whole seconds that divides the day or the session. A span of a day is
 * the core session, or the UTC day where there are no sessions.
 */
export interface TimeBarKind {
  readonly kind: 'time';
  readonly spanUs: number;
  /** Where the first bar of a session would begin: at its open (left out), or at midnight. */
  readonly anchor?: 'open' | 'midnight';
}

/**
 * So many trades, shares or dollars (Lopez de Prado, Advances in Financial Machine Learning, 2018,
 * 2.3.1): the trade that reaches it closes the bar. It is not split, and nothing is carried over.
 */
export interface CountedBarKind {
  readonly kind: 'tick' | 'volume' | 'dollar';
  readonly amount: number;
}

/** More buying or selling than expected: imbalance-bars.ts. */
export interface ImbalanceBarKind {
  readonly kind: 'tickImbalance' | 'volumeImbalance' | 'dollarImbalance';
  /** Ticks of the first bar, and what is expected of the second. */
  readonly ticks: number;
  /** Bars over which the expected number of ticks is averaged. */
  readonly bars: number;
  /** Ticks over which the expected imbalance of a tick is averaged. */
  readonly imbalanceTicks: number;
  /** No bar has fewer ticks, but one that the session cuts. */
  readonly ticksMin: number;
  /** A bar of as many ticks is closed, balanced or not. */
  readonly ticksMax: number;
}

/** What is wrong with a kind that somebody wrote: which field, and what was expected of it. */
export interface BarKindFault {
  readonly kind: string;
  readonly field: string;
  readonly value: number;
  readonly expected: string;
}

/** Of the core session; a half day cuts the last bar. */
const SESSION_US = 6.5 * HOUR;
const AMOUNT_MAX = 1e12;
const TICKS_MAX = 1e9;

export function barKindFault(kind: BarKind): BarKindFault | undefined {
  switch (kind.kind) {
    case 'time':
      return timeFault(kind);
    case 'tick':
    case 'volume':
      return wholeFault(kind.kind, 'amount', kind.amount, 1, AMOUNT_MAX);
    case 'dollar':
      if (kind.amount > 0 && kind.amount <= AMOUNT_MAX) return undefined;
      return {
        kind: kind.kind,
        field: 'amount',
        value: kind.amount,
        expected: `amount is above 0 and at most ${AMOUNT_MAX}`,
      };
    case 'tickImbalance':
    case 'volumeImbalance':
    case 'dollarImbalance':
      return imbalanceFault(kind);
  }
}

function timeFault({ kind, spanUs }: TimeBarKind): BarKindFault | undefined {
  const isWhole = Number.isInteger(spanUs / SECOND) && spanUs >= SECOND && spanUs <= DAY;
  if (isWhole && (DAY % spanUs === 0 || SESSION_US % spanUs === 0)) return undefined;
  const expected =
    'spanUs is whole seconds, from one to a day, that divide a day or a session of 6.5 hours';
  return { kind, field: 'spanUs', value: spanUs, expected };
}

function imbalanceFault(kind: ImbalanceBarKind): BarKindFault | undefined {
  const { ticks, bars, imbalanceTicks, ticksMin, ticksMax } = kind;
  return (
    wholeFault(kind.kind, 'ticksMin', ticksMin, 1, TICKS_MAX) ??
    wholeFault(kind.kind, 'ticksMax', ticksMax, ticksMin, TICKS_MAX) ??
    wholeFault(kind.kind, 'ticks', ticks, ticksMin, ticksMax) ??
    wholeFault(kind.kind, 'bars', bars, 1, TICKS_MAX) ??
    wholeFault(kind.kind, 'imbalanceTicks', imbalanceTicks, 1, TICKS_MAX)
  );
}

function wholeFault(
  kind: string,
  field: string,
  value: number,
  least: number,
  most: number,
): BarKindFault | undefined {
  if (Number.isInteger(value) && value >= least && value <= most) return undefined;
  return { kind, field, value, expected: `${field} is a whole number from ${least} to ${most}` };
}

/** As a chart names it: `1m`, `4h@midnight`, `1d`, `tick500`, `dollar1000000` and so on. */
export function barLabel(kind: BarKind): string {
  switch (kind.kind) {
    case 'time':
      return spanLabel(kind.spanUs) + (kind.anchor === 'midnight' ? '@midnight' : '');
    case 'tick':
    case 'volume':
    case 'dollar':
      return kind.kind + kind.amount;
    case 'tickImbalance':
    case 'volumeImbalance':
    case 'dollarImbalance': {
      const { ticks, bars, imbalanceTicks, ticksMin, ticksMax } = kind;
      return `${kind.kind}${ticks}-${bars}-${imbalanceTicks}-${ticksMin}-${ticksMax}`;
    }
  }
}

function spanLabel(spanUs: number): string {
  if (spanUs % DAY === 0) return `${spanUs / DAY}d`;
  if (spanUs % HOUR === 0) return `${spanUs / HOUR}h`;
  if (spanUs % MINUTE === 0) return `${spanUs / MINUTE}m`;
  return `${spanUs / SECOND}s`;
}
