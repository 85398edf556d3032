import { EventBatch } from '../../src/domain/market/event-batch.ts';
import type { Goal, Meter, Outcome, Scale, Suite, Variant } from '../harness/suite.ts';
import { FrameMill, type Kind, type Wire } from '../feeds/feed-frames.ts';
import { decodeFrame, ownDecoder } from '../feeds/own-decoding.ts';
import { jsonPeer, msgpackPeer, msgpackrPeer, type PeerDecoder } from '../feeds/peer-decoding.ts';

/** What the product remembers of trades, and events enough before the measuring to fill it. */
const FULL = { tradesMax: 131_072, events: 40_000, warmTurns: 4, turns: 5 };
const QUICK = { tradesMax: 4_096, events: 6_000, warmTurns: 1, turns: 1 };
const EVENTS_MAX = 500;

/** By a profile of msgpack at 100 a frame, under load. */
const OURS_DOES_MORE =
  'half of ours is scanning, half is what the peer leaves out: every value checked and counted, ' +
  'and the trade remembered among the last 131,072, which lie in no near cache';

interface Plan {
  readonly wire: Wire;
  readonly kind: Kind;
  readonly perFrame: number;
}

const PLANS: readonly Plan[] = [
  ...[1, 10, 100, 500].flatMap((perFrame) =>
    (['Polygon JSON', 'Alpaca JSON', 'Alpaca msgpack'] as const).map((wire): Plan => ({
      wire,
      kind: 'trades',
      perFrame,
    })),
  ),
  ...(['quotes', 'bars'] as const).flatMap((kind) =>
    (['Polygon JSON', 'Alpaca JSON', 'Alpaca msgpack'] as const).map((wire): Plan => ({
      wire,
      kind,
      perFrame: 100,
    })),
  ),
];

function nameOf({ wire, kind, perFrame }: Plan): string {
  return `${wire}, ${kind}, ${perFrame} a frame`;
}

const PEERS: readonly (readonly [figure: string, find: (wire: Wire) => Found])[] = [
  ['jsonParse', (wire) => (wire === 'Alpaca msgpack' ? undefined : jsonPeer(wire))],
  ['msgpackr', (wire) => (wire === 'Alpaca msgpack' ? msgpackrPeer() : undefined)],
  ['msgpack', (wire) => (wire === 'Alpaca msgpack' ? msgpackPeer() : undefined)],
];

type Found = PeerDecoder | undefined | Promise<PeerDecoder | undefined>;

export const decode: Suite = {
  name: 'decode',
  hasPeers: true,
  measures:
    'ns of CPU an event from the bytes of a frame to the columns of a batch, ours and the peers ' +
    'in turns over the same frames in one process. Ours is the decoder of the stream as it runs: ' +
    'every check and count, and the window of the last 131,072 trades, full; each trade is new, ' +
    'and later than those before it. Beside it ' +
    'JSON.parse, msgpackr and @msgpack/msgpack to the same columns: the symbol from a Map of ' +
    '10,000, prices rounded to ten-thousandths, conditions and exchanges through tables.',
  leavesOut:
    'the socket (see `socket`). The peers have no window of trades told before, no check of a ' +
    'value, no order of time and no counts; times of Alpaca they read as a Date, to the ' +
    'millisecond, and ours to the microsecond',
  target:
    'Polygon trades, 100 a frame: >= 3.5 times JSON.parse to columns; Alpaca msgpack: >= 3.5 ' +
    'times msgpackr',
  variants: [
    ...PLANS.map((plan): Variant => ({
      name: nameOf(plan),
      run: (scale, meter) => run(plan, scale, meter),
    })),
    { name: 'floor: bytes summed', run: floor },
  ],
  goals: goals(),
};

async function run(plan: Plan, scale: Scale, meter: Meter): Promise<Outcome> {
  const { tradesMax, events, warmTurns, turns } = scale === 'full' ? FULL : QUICK;
  const mill = new FrameMill(plan.wire, plan.kind, plan.perFrame);
  const decoder = ownDecoder(plan.wire, tradesMax);
  const batch = new EventBatch(EVENTS_MAX, 1);
  const peers = await peersOf(plan.wire);
  const costs = new Map([['own', 0], ...peers.map(([name]) => [name, 0] as const)]);
  let taken = 0;
  let bytes = 0;
  for (let turn = -warmTurns; turn < turns; turn += 1) {
    const isMeasured = turn >= 0;
    const frames = mill.next(events);
    if (isMeasured) meter.begin();
    const begun = process.cpuUsage();
    let count = 0;
    for (const frame of frames) count += decodeFrame(decoder, frame, batch);
    if (isMeasured) {
      add(costs, 'own', begun);
      meter.end(count);
      taken += count;
      bytes += bytesOf(frames);
    }
    for (const [name, decodeBeside] of peers) {
      const peerBegun = process.cpuUsage();
      for (const frame of frames) {
        batch.clear();
        decodeBeside(frame, batch);
      }
      if (isMeasured) add(costs, name, peerBegun);
    }
  }
  return { figures: figuresOf(costs, taken, bytes) };
}

async function peersOf(wire: Wire): Promise<readonly (readonly [string, PeerDecoder])[]> {
  const found: (readonly [string, PeerDecoder])[] = [];
  for (const [name, find] of PEERS) {
    const peer = await find(wire);
    if (peer !== undefined) found.push([name, peer]);
  }
  return found;
}

function add(costs: Map<string, number>, name: string, before: NodeJS.CpuUsage): void {
  const { user, system } = process.cpuUsage(before);
  costs.set(name, (costs.get(name) ?? 0) + user + system);
}

function bytesOf(frames: readonly Buffer[]): number {
  return frames.reduce((sum, frame) => sum + frame.length, 0);
}

function figuresOf(costs: ReadonlyMap<string, number>, events: number, bytes: number) {
  const figures: Record<string, number> = { events, bytesPerEvent: bytes / events };
  const own = costs.get('own') ?? Number.NaN;
  for (const [name, us] of costs) {
    figures[`${name}NsPerEvent`] = (us / events) * 1_000;
    if (name !== 'own') figures[`${name}Ratio`] = us / own;
  }
  return figures;
}

/** The same frames, every byte looked at and nothing made of it. */
function floor(scale: Scale, meter: Meter): Outcome {
  const { events, turns } = scale === 'full' ? FULL : QUICK;
  const frames = new FrameMill('Polygon JSON', 'trades', 100).next(events);
  let sum = 0;
  meter.begin();
  const begun = process.cpuUsage();
  for (let turn = 0; turn < turns; turn += 1) {
    for (const frame of frames) {
      for (let at = 0; at < frame.length; at += 1) sum += frame[at] ?? 0;
    }
  }
  const { user, system } = process.cpuUsage(begun);
  const count = events * turns;
  meter.end(count);
  return { figures: { events: count, sum, ownNsPerEvent: ((user + system) / count) * 1_000 } };
}

function goals(): readonly Goal[] {
  return [
    {
      id: '1.1',
      says: 'Polygon trades, 100 a frame: CPU of JSON.parse to columns over ours',
      limit: 3.5,
      sense: 'atLeast',
      figure: (of) => of('Polygon JSON, trades, 100 a frame', 'jsonParseRatio'),
      argued: OURS_DOES_MORE,
    },
    {
      id: '1.2',
      says: 'Alpaca msgpack trades, 100 a frame: CPU of msgpackr to columns over ours',
      limit: 3.5,
      sense: 'atLeast',
      figure: (of) => of('Alpaca msgpack, trades, 100 a frame', 'msgpackrRatio'),
      argued: OURS_DOES_MORE,
    },
  ];
}
