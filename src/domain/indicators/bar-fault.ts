import type { ConfiguredIndicator } from './declaration.ts';
import { BAR_COLUMNS, SINCE_OPEN_US, START_US, VOLUME } from './indicator.ts';

/** Why a bar is refused: the first thing that is wrong with it. */
export interface BarFault {
  /** Label of the first indicator that reads the field. */
  readonly indicator: string;
  /** Column of the bar: `high`, `startUs`. */
  readonly field: string;
  readonly value: number;
  readonly expected: string;
}

/**
 * What is wrong with a bar that somebody sent: a value that is no number, a price that is not above
 * zero, a negative volume, a start that is not after the last one's. Nothing is judged that no
 * indicator reads, except time.
 *
 * @param lastStartUs start of the bar before; NaN where there was none.
 */
export function barFault(
  indicators: readonly ConfiguredIndicator[],
  bar: Float64Array,
  lastStartUs: number,
): BarFault | undefined {
  const startUs = bar[START_US] ?? NaN;
  // A start that is no number would let every later bar pass, whenever it began.
  if (startUs - startUs !== 0 || startUs <= lastStartUs) {
    const isFirst = Number.isNaN(lastStartUs);
    const expected = isFirst ? 'a number' : `a bar that began after ${lastStartUs}`;
    return { indicator: indicators[0]?.label ?? '', field: 'startUs', value: startUs, expected };
  }
  for (const { label: indicator, places } of indicators) {
    for (const place of places) {
      const value = bar[place] ?? NaN;
      const expected = expectedOf(place, value);
      if (expected === undefined) continue;
      return { indicator, field: BAR_COLUMNS[place] ?? `column ${place}`, value, expected };
    }
  }
  return undefined;
}

/** What a value in that place should have been, or undefined where it is right. */
function expectedOf(place: number, value: number): string | undefined {
  if (place === SINCE_OPEN_US && value !== value) return undefined; // No session is known.
  if (value - value !== 0) return 'a number';
  if (place < VOLUME && value <= 0) return 'a price above 0';
  if (place === VOLUME && value < 0) return 'a volume of 0 or more';
  return undefined;
}
