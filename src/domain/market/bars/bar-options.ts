import { type BarKind, barKindFault, barLabel, type TimeBarKind } from './bar-kind.ts';
import { baseOf } from './time-window.ts';

export interface BarOptions {
  /** The streams of bars to make, of every symbol alike. */
  readonly kinds: readonly BarKind[];
  readonly from: BarSource;
}

/** What the bars are made of. */
export type BarSource =
  | {
      readonly kind: 'trades';
      /** How long after its end a bar of time takes trades that are reported late. */
      readonly graceUs: number;
    }
  | {
      readonly kind: 'bars';
      /** Span of the venue's bars. */
      readonly spanUs: number;
      /** How long after its end a longer bar waits for the last of them. */
      readonly graceUs: number;
    };

/** What is wrong with options that somebody wrote. */
export interface BarOptionsFault {
  /** Label of the kind, or nothing where it is about all of them. */
  readonly kind: string;
  readonly field: string;
  readonly value: number;
  readonly expected: string;
}

const KINDS_MAX = 64;
/** Of the shortest bars: what is reported later than so many is remembered by nobody. */
const GRACE_BARS_MAX = 63;

export function barOptionsFault({ kinds, from }: BarOptions): BarOptionsFault | undefined {
  if (kinds.length === 0 || kinds.length > KINDS_MAX) {
    const expected = `from 1 to ${KINDS_MAX} kinds of bars`;
    return { kind: '', field: 'kinds', value: kinds.length, expected };
  }
  const labels = new Set<string>();
  for (const kind of kinds) {
    const fault = barKindFault(kind) ?? sourceFault(kind, from);
    if (fault !== undefined) return fault;
    const label = barLabel(kind);
    if (labels.has(label)) {
      return { kind: label, field: 'kinds', value: kinds.length, expected: 'each kind once' };
    }
    labels.add(label);
  }
  const fault = from.kind === 'trades' ? undefined : spanFault(kinds, from.spanUs);
  return fault ?? graceFault(kinds, from.graceUs);
}

function sourceFault(kind: BarKind, from: BarSource): BarOptionsFault | undefined {
  const counts = kind.kind === 'tick' || kind.kind === 'tickImbalance';
  if (from.kind === 'trades' || !counts) return undefined;
  const expected = 'trades: a bar of the venue does not tell how many it is made of';
  return { kind: barLabel(kind), field: 'from', value: NaN, expected };
}

function graceFault(kinds: readonly BarKind[], graceUs: number): BarOptionsFault | undefined {
  const graceUsMax = GRACE_BARS_MAX * baseOf(timeKinds(kinds));
  if (Number.isInteger(graceUs) && graceUs >= 0 && graceUs <= graceUsMax) return undefined;
  const expected = `graceUs is whole, from 0 to ${graceUsMax}: ${GRACE_BARS_MAX} bars`;
  return { kind: '', field: 'graceUs', value: graceUs, expected };
}

function spanFault(kinds: readonly BarKind[], spanUs: number): BarOptionsFault | undefined {
  const baseUs = baseOf(timeKinds(kinds));
  if (Number.isInteger(spanUs) && spanUs > 0 && baseUs % spanUs === 0) return undefined;
  const expected = `spanUs divides half an hour and every span that is made of it (${baseUs})`;
  return { kind: '', field: 'spanUs', value: spanUs, expected };
}

export function timeKinds(kinds: readonly BarKind[]): readonly TimeBarKind[] {
  return kinds.flatMap((kind) => (kind.kind === 'time' ? [kind] : []));
}
