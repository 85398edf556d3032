import type { ColumnDeclaration, TableDeclaration } from '../../ports/time-series.ts';
import { FEED, SEQUENCE, SESSION, SYMBOL } from './columns.ts';

const BAR_CLOSED: ColumnDeclaration = {
  name: 'at_us',
  kind: 'time',
  tells: 'when the bar closed that it was computed at',
};

/**
 * What a symbol's rows had learned, to go on from: the same doubles, bit for bit. Its own row is
 * told at a bar's close and known by that bar; those of the layers then and when it moved, known by
 * the moment. A row is only good for the layout that its hash names.
 */
export const symbolStates: TableDeclaration = {
  name: 'symbol_states',
  tells: "What a symbol actor's row, or a layer's of it, had learned by then, bit for bit.",
  version: 1,
  columns: [
    {
      name: 'at_us',
      kind: 'time',
      tells: "when the symbol's last bar closed; of a layer, when it was so",
    },
    SYMBOL,
    FEED,
    SESSION,
    SEQUENCE,
    { name: 'layout', kind: 'symbol', tells: 'hash of whose the doubles are and what they mean' },
    { name: 'state', kind: 'doubles', tells: 'the state' },
  ],
  time: 'at_us',
  partition: 'day',
  keys: ['symbol', 'feed', 'session', 'layout'],
  // A session goes on from the trading day before; of ten thousand symbols a day is gigabytes.
  keepDays: 3,
};

/**
 * The wide table of one layout: a column each for indicators or features, named as they are with
 * `_` for what SQL does not take in a name. Its name ends in the layout's hash.
 */
export function layoutTable(
  kind: 'indicators' | 'features',
  layoutHash: string,
  names: readonly string[],
): TableDeclaration {
  return {
    name: `${kind}_${layoutHash}`,
    tells: `One row of ${kind} a symbol and bar, of the layout ${layoutHash}.`,
    version: 1,
    columns: [
      BAR_CLOSED,
      SYMBOL,
      FEED,
      SESSION,
      SEQUENCE,
      ...names.map((name) => ({
        name: columnName(name),
        kind: 'double' as const,
        tells: name,
      })),
    ],
    time: 'at_us',
    partition: 'day',
    keys: ['symbol', 'feed', 'session'],
  };
}

/** `macd12-26-9.histogram` is `macd12_26_9_histogram`. */
export function columnName(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9]/g, '_').replace(/[A-Z]/g, (letter) => `_${letter}`);
  return plain.toLowerCase().replace(/__+/g, '_').replace(/^(\d)/, '_$1');
}
