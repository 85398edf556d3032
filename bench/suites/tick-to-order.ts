import type { Goal, Suite, Variant } from '../harness/suite.ts';
import { type Journal, measureClosedLoop } from '../pipeline/closed-loop.ts';
import { measureOpenLoop } from '../pipeline/open-loop.ts';
import { type Feed, measureOwn, measurePeer } from '../pipeline/throughput.ts';
import type { Wire } from '../pipeline/tick-frames.ts';

const WIRES: readonly Wire[] = ['polygon', 'alpaca json', 'alpaca msgpack'];
/** Trades of a frame. */
const ONE = 1;
const MANY = 100;
const JOURNALS: readonly Journal[] = ['os', 'off', 'fsync'];
const PER_SECOND = [5_000, 20_000, 50_000, 200_000];
const JUDGED_PER_SECOND = 50_000;

/** Timed in the closed way, one trade a frame: five snapshots in a million ticks. */
const A_SNAPSHOT =
  'after each 200,000 records a snapshot is taken on the thread of the kernel: of 10,000 symbols ' +
  'that all trade it is 109 MB, and takes 0.9 to 1.4 s';

/** By profiles of 2026-11-20: shares, as they hold on any machine. */
const A_TICK =
  'of a tick alone in its frame a quarter is decoding, a quarter the row (ten indicators, its ' +
  "open bar), a sixth the copy of the row's part that is undone where a handler throws: rows of " +
  '10,000 symbols lie in no cache; the rest is the turn, its record, the answers and the collector';
const BYTES =
  'about a third each: numbers of a tick that stand on the heap; an order for a thousand ticks, ' +
  '40 KB with its answer, its fill and what is recorded of them; the bar that every symbol closes';
const A_DECISION =
  'about a third each: strategy, risk and execution decide; their facts enter the books of every ' +
  'actor that keeps its own; the turn becomes bytes and a hash';
const A_SYNC =
  'the sync runs off the deciding thread, and its answer comes back over the event loop; the ' +
  'bare one blocks the thread that asked';

export const tickToOrder: Suite = {
  name: 'tick-to-order',
  hasPeers: true,
  measures:
    'trades from the bytes of their frame, as our venue says them, to the body of the order that ' +
    'the broker would send: the live session with its market stream, ten indicators at every ' +
    'trade, Bollinger reversion, risk, execution, portfolio, journal os. 10,000 symbols, some ' +
    'far busier than others, 10,000 trades a second of market time, an order for about 1,000. ' +
    'Frames come as a read of 64 KB has them, or one by one. `JSON.parse and trading-signals` ' +
    'is what one writes without us, with the same rule and the least of risk: its orders must ' +
    'be the same, or the run fails. The loops have 1,000 symbols, a trade a frame, an order for ' +
    'about 50. Closed: `decode` (bytes to columns), `queue`, `decision` (row, strategy, risk, ' +
    "execution, the turn in the journal's open block), `durable` (that block is safe), `encode`, " +
    '`order` (all of it), `quiet` (a frame that makes none, to the end of its turn). Open: from ' +
    'the moment at which a frame was due, to the end of its turn and to its order.',
  leavesOut:
    'the socket (`socket`, `live`), the service tree and the request (`live`): a desk in the ' +
    "broker's place fills at once, and its answers are handled before the next frame. `floor` is " +
    'two readings of the clock in the closed loops; in the open ones a loop around nothing, ' +
    'which takes turns with ours in the same run. `bareWrite` is write(2), under fsync with ' +
    'fdatasync, of 4 KB after each order. `off` makes the journal and throws it away.',
  target: 'goals 4 and 5 of the list',
  variants: [
    ...WIRES.flatMap((wire) =>
      [ONE, MANY].map((perFrame) => own({ wire, perFrame, arrival: 'as read' })),
    ),
    own({ wire: 'polygon', perFrame: ONE, arrival: 'one by one' }),
    ...[ONE, MANY].flatMap(besides),
    ...JOURNALS.map((journal): Variant => ({
      name: closedLoop(journal),
      run: (scale, meter) => measureClosedLoop(journal, scale, meter),
    })),
    ...PER_SECOND.map((perSecond): Variant => ({
      name: openLoop(perSecond),
      run: (scale, meter) => measureOpenLoop(perSecond, scale, meter),
    })),
  ],
  goals: [
    ...throughputGoals(ONE, { first: 1, perCpuSecond: 1_200_000, ratio: 8, bytes: 96 }),
    ...throughputGoals(MANY, { first: 4, perCpuSecond: 1_800_000, ratio: 10, bytes: 64 }),
    {
      id: '4.7',
      says: 'polygon, 100 a frame: longest pause of the collector, of an object a tick',
      limit: 1 / 3,
      sense: 'atMost',
      figure: (of) => of(ours(MANY), 'gcPauseMaxMs') / of(signals(MANY), 'gcPauseMaxMs'),
    },
    ...decisionGoals(),
    ...openGoals(),
    ...durableGoals(),
  ],
};

function own(feed: Feed): Variant {
  const { wire, perFrame, arrival } = feed;
  const how = arrival === 'as read' ? '' : ', one by one';
  return {
    name: `${wire}, ${perFrame} a frame${how}`,
    run: (scale, meter) => measureOwn(feed, scale, meter),
  };
}

function besides(perFrame: number): readonly Variant[] {
  const feed: Feed = { wire: 'polygon', perFrame, arrival: 'as read' };
  return [
    {
      name: `JSON.parse and ours, ${perFrame} a frame`,
      run: (scale, meter) => measureOwn(feed, scale, meter, true),
    },
    { name: signals(perFrame), run: (scale, meter) => measurePeer(feed, scale, meter) },
  ];
}

function ours(perFrame: number): string {
  return `polygon, ${perFrame} a frame`;
}

function signals(perFrame: number): string {
  return `JSON.parse and trading-signals, ${perFrame} a frame`;
}

function closedLoop(journal: Journal): string {
  return `closed loop, journal ${journal}`;
}

function openLoop(perSecond: number): string {
  return `open loop, ${perSecond.toLocaleString('en-US')} a second`;
}

interface Wanted {
  readonly first: number;
  readonly perCpuSecond: number;
  readonly ratio: number;
  readonly bytes: number;
}

function throughputGoals(perFrame: number, wanted: Wanted): readonly Goal[] {
  const { first, perCpuSecond, ratio, bytes } = wanted;
  const variant = ours(perFrame);
  return [
    {
      id: `4.${first}`,
      says: `${variant}: ticks a CPU-second`,
      limit: perCpuSecond,
      sense: 'atLeast',
      figure: (of) => of(variant, 'perCpuSecond'),
      argued: A_TICK,
    },
    {
      id: `4.${first + 1}`,
      says: `${variant}: over JSON.parse and trading-signals, the same orders`,
      limit: ratio,
      sense: 'atLeast',
      figure: (of) => of(variant, 'perCpuSecond') / of(signals(perFrame), 'perCpuSecond'),
      argued: A_TICK,
    },
    {
      id: `4.${first + 2}`,
      says: `${variant}: bytes allocated a tick`,
      limit: bytes,
      sense: 'atMost',
      figure: (of) => of(variant, 'allocatedBytesPerEvent'),
      argued: BYTES,
    },
  ];
}

function decisionGoals(): readonly Goal[] {
  const [os, off] = [closedLoop('os'), closedLoop('off')];
  return [
    {
      id: '5.1',
      says: 'decision, closed loop, journal os: p50, us',
      limit: 4,
      sense: 'atMost',
      figure: (of) => of(os, 'decisionP50Us'),
      argued: A_DECISION,
    },
    {
      id: '5.2',
      says: 'decision, closed loop, journal os: p99, us',
      limit: 12,
      sense: 'atMost',
      figure: (of) => of(os, 'decisionP99Us'),
      argued: A_DECISION,
    },
    {
      id: '5.3',
      says: 'decision, closed loop: p99.9 of journal os over journal off',
      limit: 2,
      sense: 'atMost',
      figure: (of) => of(os, 'decisionP999Us') / of(off, 'decisionP999Us'),
    },
  ];
}

function openGoals(): readonly Goal[] {
  const variant = openLoop(JUDGED_PER_SECOND);
  return ['P99', 'P999'].map((percentile, at) => ({
    id: `5.${4 + at}`,
    says: `${variant}: ${percentile} of a tick over that of the floor`,
    limit: 1.5,
    sense: 'atMost' as const,
    figure: (of) => of(variant, `tick${percentile}Us`) / of(variant, `floor${percentile}Us`),
    argued: A_SNAPSHOT,
  }));
}

function durableGoals(): readonly Goal[] {
  const variant = closedLoop('fsync');
  const limits = { P50: 1.8, P99: 2.5 };
  return Object.entries(limits).map(([percentile, limit], at) => ({
    id: `5.${6 + at}`,
    says: `durable, fsync: ${percentile} over that of a bare write and fdatasync`,
    limit,
    sense: 'atMost' as const,
    figure: (of) => of(variant, `durable${percentile}Us`) / of(variant, `bareWrite${percentile}Us`),
    argued: A_SYNC,
  }));
}
