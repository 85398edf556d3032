import type { Outcome } from '../harness/suite.ts';
import { compileReference, type Spent } from './c-reference.ts';
import { collectGarbage, retainedBytes } from '../harness/collect-garbage.ts';
import { OwnSet } from './own-set.ts';
import { type Peer, type PeerSet, TEN_OUTPUTS } from './peer-set.ts';
import { Stopwatch } from '../harness/stopwatch.ts';
import { tenOfRows } from './rows-of.ts';
import { type Walk, walkOfBars } from './ten-bars.ts';

export interface Plan {
  readonly symbols: number;
  /** Minutes before anything is timed. */
  readonly warm: number;
  /** Minutes of a turn of ours, and of C's. */
  readonly own: number;
  /** Minutes of a peer's turn. */
  readonly peer: number;
}

export type Finder = () => Promise<Peer | undefined>;

const TURNS = 3;
/** Bars after which all code that runs has been compiled. */
const COMPILED = 50_000;
/** Symbols whose values are compared with a peer's. */
const COMPARED = 100;
/** Past so many bars no start can be seen any more in 1e-9 of a value. */
const FADED = 2_000;
const ERROR_MAX = 1e-9;

export function besideC(plan: Plan): Outcome {
  const walk = walkOfBars();
  const reference = compileReference(walk);
  if (reference === undefined) return { figures: {}, note: 'no C compiler here: not measured' };
  const { symbols, warm, own: minutes } = plan;
  const { own, bytes } = warmOwn(walk, plan);
  const ours: Spent[] = [];
  const theirs: Spent[] = [];
  for (let turn = 0; turn < TURNS; turn += 1) {
    ours.push(timeOwn(own, walk, plan));
    theirs.push(reference.run(symbols, warm, minutes));
  }
  const same = new OwnSet(tenOfRows(), symbols);
  same.run(walk, warm + minutes);
  const worst = worstError(same.values, reference.rows());
  reference.remove();
  if (!(worst <= ERROR_MAX)) throw new Error(`ten.c and ours differ by ${worst}`);
  return { figures: { ...figuresOf(ours, theirs), ...bytes, worstError: worst } };
}

/** Every slot of every row: the state is the same, not only what is shown of it. */
function worstError(ours: Float64Array, theirs: Float64Array): number {
  if (ours.length !== theirs.length) return Infinity;
  let worst = 0;
  for (let slot = 0; slot < ours.length; slot += 1) {
    const [own = NaN, other = NaN] = [ours[slot], theirs[slot]];
    if (Number.isNaN(own) && Number.isNaN(other)) continue;
    worst = Math.max(worst, errorOf(own, other));
  }
  return worst;
}

export async function besidePeer(find: Finder, plan: Plan): Promise<Outcome> {
  const peer = await find();
  if (peer === undefined) return { figures: {}, note: 'not installed: not measured' };
  const walk = walkOfBars();
  const before = retainedBytes();
  const sets = Array.from({ length: plan.symbols }, peer.make);
  let minute = runPeer(sets, walk, 0, plan.warm);
  const peerBytes = aSymbol('peerBytes', retainedBytes() - before, plan.symbols);
  const { own, bytes } = warmOwn(walk, plan);
  const ours: Spent[] = [];
  const theirs: Spent[] = [];
  for (let turn = 0; turn < TURNS; turn += 1) {
    ours.push(timeOwn(own, walk, plan));
    const watch = new Stopwatch();
    minute = runPeer(sets, walk, minute, plan.peer);
    theirs.push(perBar(watch, plan.symbols * plan.peer));
  }
  const { worst, compared } = agreement(peer, sets, walk, minute);
  return {
    figures: {
      ...figuresOf(ours, theirs),
      ...bytes,
      ...peerBytes,
      comparedOutputs: compared,
      worstError: worst,
    },
    note: describe(peer),
  };
}

function runPeer(sets: readonly PeerSet[], walk: Walk, from: number, minutes: number): number {
  for (let minute = from; minute < from + minutes; minute += 1) {
    let symbol = 0;
    for (const set of sets) {
      set.update(walk, symbol, minute);
      symbol += 1;
    }
  }
  return from + minutes;
}

/** Compares a last bar of the peer with ours; throws where they should be equal and are not. */
function agreement(peer: Peer, sets: readonly PeerSet[], walk: Walk, minute: number) {
  const outputs = TEN_OUTPUTS.filter(
    (output) =>
      peer.otherwise[output] === undefined &&
      (minute > FADED || peer.otherStart[output] === undefined),
  );
  const symbols = Math.min(COMPARED, sets.length);
  const ten = tenOfRows();
  const own = new OwnSet(ten, symbols);
  own.run(walk, minute + 1);
  let worst = 0;
  for (const [symbol, set] of sets.slice(0, symbols).entries()) {
    const values = set.values(walk, symbol, minute);
    for (const output of outputs) {
      const ours = own.values[symbol * ten.width + ten.slot(output)] ?? NaN;
      const error = errorOf(ours, values[output] ?? NaN);
      if (!(error <= ERROR_MAX)) {
        throw new Error(`${output} of symbol ${symbol}: ours ${ours}, theirs ${values[output]}`);
      }
      worst = Math.max(worst, error);
    }
  }
  return { worst, compared: outputs.length };
}

/** Relative, but not of what is near zero. */
function errorOf(own: number, other: number): number {
  return Math.abs(own - other) / Math.max(1, Math.abs(own));
}

function describe({ otherStart, otherwise }: Peer): string {
  const line = (outputs: Peer['otherwise']) =>
    Object.entries(outputs).map(([output, why]) => `${output}: ${why}`);
  const starts = line(otherStart).map((text) => `${text} (equal once it has faded)`);
  return [...starts, ...line(otherwise)].join('; ');
}

/** Ours past its warm-up, by running it there, and what it retains a symbol. */
function warmOwn(walk: Walk, { symbols, warm, own: minutes }: Plan) {
  const set = tenOfRows();
  new OwnSet(set, 1).run(walk, COMPILED); // Code that is compiled later would count as rows.
  const before = retainedBytes();
  const own = new OwnSet(set, symbols);
  own.run(walk, warm + minutes);
  return { own, bytes: aSymbol('ownBytes', retainedBytes() - before, symbols) };
}

/** A figure of bytes a symbol; none for a few, whose share among what else lives is not seen. */
function aSymbol(name: string, bytes: number, symbols: number): Readonly<Record<string, number>> {
  return symbols < 1_000 ? {} : { [name]: bytes / symbols };
}

function timeOwn(own: OwnSet, walk: Walk, { symbols, own: minutes }: Plan): Spent {
  collectGarbage();
  // What the collector still sweeps of the peer's heap, on threads of its own, is not ours.
  own.run(walk, minutes);
  const watch = new Stopwatch();
  own.run(walk, minutes);
  return perBar(watch, symbols * minutes);
}

function perBar(watch: Stopwatch, bars: number): Spent {
  const { cpuMs, wallMs } = watch.read();
  return { cpuNs: (cpuMs / bars) * 1e6, wallNs: (wallMs / bars) * 1e6 };
}

/** The cheapest turn of each: what the machine does besides only ever adds. */
function figuresOf(ours: readonly Spent[], theirs: readonly Spent[]) {
  const least = (spent: readonly Spent[], key: keyof Spent) =>
    Math.min(...spent.map((turn) => turn[key]));
  const own = { cpuNs: least(ours, 'cpuNs'), wallNs: least(ours, 'wallNs') };
  const peer = { cpuNs: least(theirs, 'cpuNs'), wallNs: least(theirs, 'wallNs') };
  return {
    ownCpuNs: own.cpuNs,
    ownWallNs: own.wallNs,
    peerCpuNs: peer.cpuNs,
    peerWallNs: peer.wallNs,
    cpuRatio: peer.cpuNs / own.cpuNs,
    wallRatio: peer.wallNs / own.wallNs,
    ownOverPeerCpu: own.cpuNs / peer.cpuNs,
  };
}

/** The same loop around a set that does nothing with the bar but keep its close. */
export function floor({ symbols, own: minutes }: Plan): Outcome {
  const walk = walkOfBars();
  const own = new OwnSet({ width: 1, reset: () => undefined, update: keepClose }, symbols);
  own.run(walk, minutes);
  const { cpuNs, wallNs } = timeOwn(own, walk, { symbols, warm: 0, own: minutes, peer: 0 });
  return { figures: { ownCpuNs: cpuNs, ownWallNs: wallNs } };
}

function keepClose(state: Float64Array, at: number, bar: Float64Array): void {
  state[at] = bar[3] ?? NaN;
}
