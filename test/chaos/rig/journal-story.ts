import { ByteReader } from '../../../src/core/bytes.ts';
import { EventBatch } from '../../../src/domain/market/event-batch.ts';
import { readEvents } from '../../../src/domain/market/event-codec.ts';
import type { Effect } from '../../../src/ports/effect.ts';
import type { Fact, FactKind, FactOf } from '../../../src/ports/fact.ts';
import { type Input, inputCodec } from '../../../src/ports/input.ts';
import { RECORD_INPUT, RECORD_MARKET, readTurn } from '../../../src/ports/turn-record.ts';
import { readJournal } from '../../../src/store/journal/journal-reader.ts';
import { journalFolder } from '../../../src/store/journal/segment-names.ts';
import type { MemoryDisk } from '../../faulty-disk.ts';

/** What a journal tells, in order. Events of a market record are shown one by one. */
export interface StoryListener {
  event?(batch: EventBatch, at: number, frameUs: number): void;
  tick?(nowUs: number): void;
  input?(input: Input, nowUs: number): void;
  fact?(fact: Fact, nowUs: number): void;
  effect?(effect: Effect, nowUs: number): void;
}

const EVENTS = 65_536;

export function tellJournal(disk: MemoryDisk, sessionId: string, listener: StoryListener): void {
  const batch = new EventBatch(EVENTS, EVENTS);
  readJournal(disk, journalFolder(sessionId), ({ kind, nowUs, payload }) => {
    const reader = new ByteReader(payload);
    listener.tick?.(nowUs);
    if (kind === RECORD_MARKET) {
      batch.clear();
      readEvents(reader, batch);
      for (let frame = 0; frame < batch.frames; frame += 1) {
        const end = batch.frameEnd[frame] ?? 0;
        for (let at = batch.frameBegin(frame); at < end; at += 1) {
          listener.event?.(batch, at, batch.frameUs[frame] ?? 0);
        }
      }
    } else if (kind === RECORD_INPUT) listener.input?.(inputCodec.read(reader), nowUs);
    else {
      for (const item of readTurn(reader).items) {
        if (item.type === 'fact') listener.fact?.(item.fact, nowUs);
        else if (item.type === 'effect') listener.effect?.(item.effect, nowUs);
      }
    }
  });
}

export function factsOf<K extends FactKind>(facts: readonly Fact[], kind: K): readonly FactOf<K>[] {
  return facts.filter((fact): fact is FactOf<K> => fact.kind === kind);
}
