import type { TurnObserver } from '../../actors/runtime/sequencer.ts';
import { ByteReader } from '../../core/bytes.ts';
import type { FactOf } from '../../ports/fact.ts';
import { type Input, inputCodec } from '../../ports/input.ts';
import type { JournalRecord } from '../../ports/journal.ts';
import type { Listing } from '../../ports/relational/symbols.ts';
import { readTurn, RECORD_INPUT, RECORD_TURN, type TurnItem } from '../../ports/turn-record.ts';
import type { SessionFile } from '../session-files.ts';

export interface NotedName {
  readonly name: string;
  readonly assetClass: Listing['assetClass'];
}

export interface NotedMove {
  readonly name: string;
  readonly layer: number;
  readonly isMember: boolean;
  /** By the registry's clock. */
  readonly atUs: number;
  readonly reason: string;
}

/** What waits: far more than a day of ten thousand symbols has. */
const MOVES_MAX = 200_000;
/**
 * So much of a simulated market's time is one of the registry's. Its days come again and again, and
 * a past cannot: a session's moves stand where it was begun in our time, six and a half hours of
 * them within 2.3 s, so that they are over when the next one begins.
 */
const SIMULATED_RATIO = 10_000;
const LAYERS_MAX = 16;

/**
 * What the registry is to know of a session: who was named, and who entered and left a layer. It
 * follows from the journal's records alone, so they tell the same when they are told again.
 */
export class RegistryNotes implements TurnObserver {
  /** Not yet written, in their order; who writes takes them off. */
  names: NotedName[] = [];
  moves: NotedMove[] = [];
  /** For want of room. */
  lost = 0;
  readonly #startedUs: number;
  readonly #isMarketTime: boolean;
  readonly #listed: string[] = [];
  readonly #stays = new Map<number, Stay>();
  #beganUs: number | undefined;
  #nowUs = 0;

  constructor({ startedUs, market }: Pick<SessionFile, 'startedUs' | 'market'>) {
    this.#startedUs = startedUs;
    this.#isMarketTime = market.kind === 'live' && market.place === 'paper';
  }

  /** By the registry's clock: later than everything that was noted. */
  get endedUs(): number {
    const latest = [...this.#stays.values()].reduce((most, { atUs }) => Math.max(most, atUs), 0);
    return Math.max(this.#timeOf(this.#nowUs), latest) + 1;
  }

  /** Names of a layer's members as they are now; undefined where nobody was ever in it. */
  membersOf(layer: number): ReadonlySet<string> | undefined {
    const stays = [...this.#stays].filter(([key]) => key % LAYERS_MAX === layer);
    if (stays.length === 0) return undefined;
    const inside = stays.filter(([, { isMember }]) => isMember);
    return new Set(inside.map(([key]) => this.#nameOf(Math.floor(key / LAYERS_MAX))));
  }

  get layers(): readonly number[] {
    return [...new Set([...this.#stays.keys()].map((key) => key % LAYERS_MAX))].toSorted();
  }

  input(input: Input, nowUs: number): void {
    this.#nowUs = nowUs;
    if (input.kind === 'opened') this.#beganUs ??= nowUs;
    if (input.kind !== 'symbolNamed') return;
    const { symbol, name, assetClass } = input;
    // A life that ended in this input takes it again.
    if (this.#listed[symbol] !== undefined) return;
    this.#listed[symbol] = name;
    this.names.push({ name, assetClass });
  }

  turn(_sequence: number, nowUs: number, { items }: { readonly items: readonly TurnItem[] }): void {
    this.#nowUs = nowUs;
    for (const item of items) {
      if (item.type === 'fact' && item.fact.kind === 'layerMoved') this.#move(item.fact);
    }
  }

  /** An earlier life's record. */
  retell({ kind, sequence, nowUs, payload }: JournalRecord): void {
    if (kind === RECORD_INPUT) this.input(inputCodec.read(new ByteReader(payload)), nowUs);
    else if (kind === RECORD_TURN) this.turn(sequence, nowUs, readTurn(new ByteReader(payload)));
  }

  endRetelling(): void {}

  learn(): void {}

  #move({ symbol, layer, isMember, reason, atUs }: FactOf<'layerMoved'>): void {
    const key = symbol * LAYERS_MAX + layer;
    const before = this.#stays.get(key);
    if ((before?.isMember ?? false) === isMember) return;
    const at = Math.max(this.#timeOf(atUs), (before?.atUs ?? 0) + 1);
    this.#stays.set(key, { isMember, atUs: at });
    if (this.moves.length >= MOVES_MAX) {
      this.lost += 1;
      return;
    }
    this.moves.push({ name: this.#nameOf(symbol), layer, isMember, atUs: at, reason });
  }

  #nameOf(symbol: number): string {
    return this.#listed[symbol] ?? `#${symbol}`;
  }

  #timeOf(marketUs: number): number {
    if (this.#isMarketTime) return marketUs;
    const sinceUs = Math.max(0, marketUs - (this.#beganUs ?? marketUs));
    return this.#startedUs + Math.floor(sinceUs / SIMULATED_RATIO);
  }
}

interface Stay {
  readonly isMember: boolean;
  readonly atUs: number;
}
