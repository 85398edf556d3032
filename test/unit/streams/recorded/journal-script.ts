import { ByteWriter } from '../../../../src/core/bytes.ts';
import { EventBatch, TRADE } from '../../../../src/domain/market/event-batch.ts';
import { writeEvents } from '../../../../src/domain/market/event-codec.ts';
import { type Input, inputCodec } from '../../../../src/ports/input.ts';
import type { JournalRecord } from '../../../../src/ports/journal.ts';
import { RECORD_INPUT, RECORD_MARKET, RECORD_TURN } from '../../../../src/ports/turn-record.ts';

/** Records as a session's journal gives them, written by hand. */
export class JournalScript {
  readonly records: JournalRecord[] = [];

  input(nowUs: number, input: Input): this {
    const writer = new ByteWriter();
    inputCodec.write(writer, input);
    return this.#add(RECORD_INPUT, nowUs, writer);
  }

  /** One record; each frame has so many trades, received at that time. */
  market(...frames: readonly (readonly [receivedUs: number, trades: number])[]): this {
    const batch = new EventBatch(1_024, 1_024);
    for (const [receivedUs, trades] of frames) {
      for (let trade = 0; trade < trades; trade += 1) {
        const at = batch.add(TRADE, trade % 2, receivedUs - 5, 0, 0);
        batch.a[at] = 1_000 + trade;
        batch.b[at] = 100;
      }
      batch.endFrame(receivedUs);
    }
    const writer = new ByteWriter();
    writeEvents(writer, batch, 0, batch.frames);
    return this.#add(RECORD_MARKET, frames[0]?.[0] ?? 0, writer);
  }

  /** What was decided, which nobody who replays may look at: it cannot even be read. */
  turn(nowUs: number): this {
    const writer = new ByteWriter();
    writer.u32(0xffff_ffff);
    return this.#add(RECORD_TURN, nowUs, writer);
  }

  #add(kind: number, nowUs: number, writer: ByteWriter): this {
    const payload = writer.bytes.slice(0, writer.length);
    const sequence = this.records.length + 1;
    this.records.push({ kind, sequence, nowUs, hashHigh: 0, hashLow: 0, payload });
    return this;
  }
}
