import { ByteReader } from '../core/bytes.ts';
import { type Input, inputCodec } from '../ports/input.ts';
import type { SessionReader } from '../ports/session-reader.ts';
import {
  readTurn,
  RECORD_INPUT,
  RECORD_MARKET,
  RECORD_TURN,
  type RecordedTurn,
} from '../ports/turn-record.ts';
import { SessionView } from './session-view.ts';

/** Hears a recorded session in its order. `sequence` is the input's, also for what its turn did. */
export interface SessionVisitor {
  input(sequence: number, nowUs: number, input: Input): void;
  turn(sequence: number, nowUs: number, turn: RecordedTurn): void;
  /** Market events are many and explain themselves: only how many there were is told. */
  market?(sequence: number, nowUs: number, counts: MarketCounts): void;
}

export interface MarketCounts {
  readonly frames: number;
  readonly events: number;
}

/** Throws `JournalDamage` where the journal is damaged and `DecodeError` where it is not ours. */
export function visitSession(
  reader: SessionReader,
  sessionId: string,
  visitor: SessionVisitor,
): void {
  let begun = 0;
  reader.read(sessionId, ({ kind, sequence, nowUs, payload }) => {
    if (kind === RECORD_TURN) {
      visitor.turn(begun, nowUs, readTurn(new ByteReader(payload)));
      return;
    }
    begun = sequence;
    if (kind === RECORD_INPUT) {
      visitor.input(sequence, nowUs, inputCodec.read(new ByteReader(payload)));
    } else if (kind === RECORD_MARKET) {
      visitor.market?.(sequence, nowUs, countsOf(payload));
    }
  });
}

/** The read model of a session that is over, or of another process. */
export function readSession(reader: SessionReader, sessionId: string): SessionView {
  const view = new SessionView();
  visitSession(reader, sessionId, {
    input: (_, nowUs, input) => view.input(input, nowUs),
    turn: (sequence, nowUs, turn) => view.turn(sequence, nowUs, turn),
    market(_, _nowUs, { frames, events }) {
      view.counters.frames += frames;
      view.counters.events += events;
    },
  });
  return view;
}

/** `domain/market/event-codec`: version u8, columns u8, frames u16, events u32. */
function countsOf(payload: Uint8Array): MarketCounts {
  const header = new ByteReader(payload);
  header.u8();
  header.u8();
  return { frames: header.u16(), events: header.u32() };
}
