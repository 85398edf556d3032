import type { Scale, Suite, Variant } from '../harness/suite.ts';
import { type Finder, besideC, besidePeer, floor, type Plan } from '../indicators/ten-beside.ts';
import { debut } from '../indicators/peer-debut.ts';
import { junduck } from '../indicators/peer-junduck.ts';
import { tradingSignals } from '../indicators/peer-trading-signals.ts';
import { rescanFew, rescanHalf } from '../indicators/rescan-beside.ts';
import { eachOfRegistry, together } from '../indicators/whole-registry.ts';

/** Peers take microseconds a bar, so they get few minutes; ours and C get enough to be timed. */
const UNIVERSE: Plans = {
  full: { symbols: 10_000, warm: 60, own: 100, peer: 20 },
  quick: { symbols: 1_000, warm: 60, own: 20, peer: 4 },
};
const SINGLE: Plans = {
  full: { symbols: 1, warm: 50_000, own: 1_000_000, peer: 150_000 },
  quick: { symbols: 1, warm: 5_000, own: 50_000, peer: 5_000 },
};

type Plans = Readonly<Record<Scale, Plan>>;

const PEERS: readonly (readonly [name: string, find: Finder])[] = [
  ['trading-signals', tradingSignals],
  ['@debut/indicators', debut],
  ['@junduck/trading-indi', junduck],
];

export const indicators: Suite = {
  name: 'indicators',
  hasPeers: true,
  measures:
    'ns of CPU and of wall time a symbol-bar of the ten that every symbol carries, in a feature ' +
    'set as its row has them, in turns with a peer in one process, three turns each: 10,000 ' +
    'symbols, one bar to each, round robin; and one symbol. Values that should be equal are ' +
    'compared (1e-9). C is `bench/peers/ten.c`: the same ten and algorithms, rows of doubles. ' +
    'Then all indicators at their usual parameters in one set; then the rescan of 10,000 rows ' +
    'beside objects.',
  leavesOut:
    'making bars: they come from one table. Ours and C read them in place, the peers get an ' +
    'object of their own or numbers, whichever they ask for. Bytes are what lives after a ' +
    'collection, the code of a library not counted',
  target:
    'for 10,000 symbols a ratio of CPU >= 100 to trading-signals, >= 25 to @debut, and C <= 5 ' +
    'times cheaper; <= 1,000 bytes a symbol; all but the candles <= 2,000 ns; a rescan <= 80 us ' +
    'and >= 40 times the objects',
  variants: [
    ...beside('10,000 symbols', UNIVERSE),
    ...beside('one symbol', SINGLE),
    ...[false, true].flatMap((hasCandles) => {
      const title = hasCandles ? 'all' : 'all but candles';
      return [
        {
          name: `${title}, 2,000 symbols`,
          run: (scale: Scale) =>
            scale === 'quick' ? together(hasCandles, 200, 10) : together(hasCandles, 2_000, 50),
        },
        {
          name: `${title}, one symbol`,
          run: (scale: Scale) => together(hasCandles, 1, scale === 'quick' ? 2_000 : 20_000),
        },
      ];
    }),
    { name: 'rescan, half pass', run: rescanHalf },
    { name: 'rescan, few pass', run: rescanFew },
    { name: 'floor: keeps the close', run: (scale) => floor(UNIVERSE[scale]) },
  ],
};

/** A line for every indicator: asked for by name, as it is long. */
export const eachIndicator: Suite = {
  name: 'each-indicator',
  measures:
    'ns of CPU a symbol-bar of each indicator at its usual parameters, alone in a set over 1,000 ' +
    'symbols, all in one process, so that code they share has seen all of them.',
  leavesOut: 'what several indicators side by side save or cost each other',
  target: 'none: it shows where to look',
  variants: [
    { name: 'each', run: eachOfRegistry },
    {
      name: 'floor: keeps the close',
      run: (scale) =>
        floor({ ...UNIVERSE[scale], symbols: 1_000, own: scale === 'quick' ? 40 : 1_000 }),
    },
  ],
};

function beside(title: string, plan: Plans): readonly Variant[] {
  return [
    { name: `ten, ${title}, C`, run: (scale) => besideC(plan[scale]) },
    ...PEERS.map(([name, find]) => ({
      name: `ten, ${title}, ${name}`,
      run: (scale: Scale) => besidePeer(find, plan[scale]),
    })),
  ];
}
