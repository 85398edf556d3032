import { tradingActors } from '../../../src/actors/kernel/kernel.ts';
import type { Probe } from '../../../src/actors/runtime/handling.ts';
import { Kernel, SUPERVISOR } from '../../../src/actors/runtime/kernel.ts';
import type { AnyDefinition, Slot } from '../../../src/actors/runtime/slot.ts';
import { loadSnapshot, writeSnapshot } from '../../../src/actors/runtime/snapshot.ts';
import { Config } from '../../../src/cli/config-schema.ts';
import { kernelOptions } from '../../../src/compose/kernel-options.ts';
import { ByteReader, ByteWriter } from '../../../src/core/bytes.ts';
import { Hash64 } from '../../../src/core/hash.ts';
import { EventBatch } from '../../../src/domain/market/event-batch.ts';
import { readEvents } from '../../../src/domain/market/event-codec.ts';
import { EFFECT_TRAITS } from '../../../src/ports/effect.ts';
import { type Input, inputCodec } from '../../../src/ports/input.ts';
import type { JournalRecord } from '../../../src/ports/journal.ts';
import {
  RECORD_MARKET,
  type TurnItem,
  type TurnRecord,
  writeTurn,
} from '../../../src/ports/turn-record.ts';
import { goldenFile } from '../../golden/golden-session.ts';

/** One handling of a turn, as the probes saw it. */
export interface Handled {
  readonly place: number;
  /** -1 for an actor, -2 for the sweep of a family. */
  readonly row: number;
  /** The handling that sent its message; -1 where an input, an event or a timer caused it. */
  readonly parent: number;
  /** What the message was. */
  kind: string;
  items: number;
  timers: number;
}

/** A place where a handler can be made to throw, and the handling it is part of. */
export interface Site {
  readonly name: Parameters<Probe>[0];
  readonly handling: number;
}

class Planted extends Error {
  override readonly name = 'Planted';
  readonly code = 'PLANTED';
}

/** The kernel that trades, in the hands of a test: turn by turn, and failing where it is told. */
export class SiteKernel {
  readonly kernel: Kernel;
  /** Of the last turn. */
  handled: Handled[] = [];
  sites: Site[] = [];
  readonly #batch = new EventBatch(8_192, 8_192);
  #failAt = -1;
  /** Handlings of the last turn that nobody caused who is still there. */
  orphans = 0;
  #pending: number[] = [];
  #roots = 0;
  #timers = 0;

  constructor() {
    const { config, orderSession, symbolsMax } = goldenFile();
    const options = kernelOptions({
      config: Config.parse(config),
      orderSession,
      hasHistory: true,
      symbolsMax,
    });
    this.kernel = new Kernel({
      definitions: tradingActors(options).map((definition) => this.#watched(definition)),
      rowsMax: symbolsMax,
      messagesMax: options.messagesMax,
      policy: options.policy,
      probe: (name, actor, row) => this.#pass(name, actor, row),
    });
  }

  snapshot(): Uint8Array {
    return writeSnapshot(this.kernel, PLACE);
  }

  static of(snapshot: Uint8Array): SiteKernel {
    const site = new SiteKernel();
    loadSnapshot(site.kernel, new ByteReader(snapshot));
    return site;
  }

  /** One input and its turn, as the sequencer takes it; the n-th site of it throws. */
  step(record: JournalRecord, failAt = -1): TurnRecord {
    this.handled = [];
    this.sites = [];
    this.#pending = [];
    this.orphans = 0;
    this.#failAt = failAt;
    this.kernel.beginTurn();
    if (record.kind === RECORD_MARKET) this.#market(record);
    else this.#input(inputCodec.read(new ByteReader(record.payload)), record.nowUs);
    const turn = this.kernel.endTurn();
    let index = 0;
    for (const item of turn.items) {
      if (item.type !== 'effect') continue;
      const { actor, requestedUs, effect } = item;
      this.kernel.outstanding.add({ input: record.sequence, index, actor, requestedUs, effect });
      index += 1;
    }
    return turn;
  }

  slot(place: number): Slot {
    const slot = this.kernel.slots[place];
    if (slot === undefined) throw new Error(`no actor has place ${place}`);
    return slot;
  }

  /** Every row of a family with its cold part, as bytes. */
  rows(place: number): readonly string[] {
    const slot = this.slot(place);
    if (slot.type !== 'family') return [];
    const { rows: table } = slot;
    const { values, stride, rows } = table;
    return Array.from({ length: rows }, (_, row) => {
      const bytes = new Uint8Array(values.buffer, row * stride * 8, stride * 8);
      const cold = table.coldRow(row) ?? new Float64Array(0);
      const beside = new Uint8Array(cold.buffer, cold.byteOffset, cold.byteLength);
      return Buffer.concat([bytes, beside]).toString('base64');
    });
  }

  #market(record: JournalRecord): void {
    const batch = this.#batch;
    readEvents(new ByteReader(record.payload), batch);
    for (let frame = 0; frame < batch.frames; frame += 1) {
      const begin = batch.frameBegin(frame);
      const end = batch.frameEnd[frame] ?? begin;
      this.#roots = 0;
      for (let at = begin; at < end; at += 1) this.#roots += this.#rowsOf(batch.symbol[at] ?? -1);
      this.kernel.deliverFrame(batch, frame);
    }
  }

  #rowsOf(symbol: number): number {
    const slot = this.slot(0);
    return symbol >= 0 || slot.type !== 'family' ? 1 : slot.rows.rows;
  }

  #input(input: Input, nowUs: number): void {
    const { slots, outstanding, timers } = this.kernel;
    const due = timers.list().filter(({ dueUs, actor }) => dueUs <= nowUs && actor < slots.length);
    this.#timers = input.kind === 'timePassed' ? due.length : 0;
    this.#roots = slots.filter(({ definition }) => definition.hears.includes(input.kind)).length;
    if (input.kind === 'answered') {
      const { effectInput, effectIndex } = input;
      const asked = outstanding
        .list()
        .find(({ input: by, index }) => by === effectInput && index === effectIndex);
      if (asked && EFFECT_TRAITS[asked.effect.kind].journaled === 'whole') this.#roots += 1;
    }
    this.kernel.deliverInput(input, Math.max(nowUs, this.kernel.nowUs));
  }

  #pass(name: Site['name'], actor: string, row: number): void {
    if (name === 'entry') {
      const place = this.kernel.slots.findIndex(({ definition }) => definition.name === actor);
      const parent = this.#parent();
      this.handled.push({ place, row, parent, kind: 'event', items: 0, timers: 0 });
    }
    const handling = this.handled.length - 1;
    this.sites.push({ name, handling });
    if (this.sites.length - 1 === this.#failAt) {
      this.#pending = this.#pending.filter((by) => by !== handling);
      throw new Planted(`at ${name} of ${actor}`);
    }
    const now = this.handled[handling];
    if (now === undefined) throw new Error('a handling begins with its entry');
    if (name === 'send') this.#pending.push(handling);
    if (name === 'record' || name === 'request') now.items += 1;
    if (name === 'schedule') now.timers += 1;
  }

  /** Messages are handled in the order in which they were sent: the tree is in the order. */
  #parent(): number {
    if (this.#roots > 0) {
      this.#roots -= 1;
      return -1;
    }
    const sender = this.#pending.shift();
    if (sender !== undefined) return sender;
    if (this.#timers > 0) this.#timers -= 1;
    else this.orphans += 1;
    return -1;
  }

  #watched(definition: AnyDefinition): AnyDefinition {
    const note = (message: unknown) => {
      const now = this.handled.at(-1);
      if (now !== undefined) now.kind = kindOf(message);
    };
    if (!('stride' in definition)) {
      return {
        ...definition,
        decide: (state, message, turn) => {
          note(message);
          const facts = definition.decide(state, message, turn);
          const now = this.handled.at(-1);
          if (now !== undefined) now.items += facts.length;
          return facts;
        },
      };
    }
    return {
      ...definition,
      receiveRow: (rows, row, message, turn) => {
        note(message);
        definition.receiveRow?.(rows, row, message, turn);
      },
      sweep: (rows, message, turn) => {
        note(message);
        definition.sweep?.(rows, message, turn);
      },
    };
  }
}

const PLACE = { sequence: 0, hashHigh: 0, hashLow: 0, life: 1, frames: 0 };

function kindOf(message: unknown): string {
  if (typeof message !== 'object' || message === null || !('kind' in message)) return 'nothing';
  const tag = 'tag' in message ? ` ${String(message.tag)}` : '';
  return `${String(message.kind)}${tag}`;
}

/** What an item decides, to the byte, and who decided it. */
export function bytesOf(item: TurnItem): string {
  const hash = new Hash64();
  const items = [item];
  writeTurn(new ByteWriter(1_024), { items, timers: [], crashes: [] }, hash);
  const what = item.type === 'fact' ? item.fact.kind : item.type;
  return `${item.actor} ${what} ${hash.hex()}`;
}

export function isOfSupervisor(item: TurnItem): boolean {
  return item.actor === SUPERVISOR;
}
