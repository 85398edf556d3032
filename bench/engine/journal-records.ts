import { Hash64 } from '../../src/core/hash.ts';
import { nodeDisk } from '../../src/store/journal/node-disk.ts';
import { readJournal } from '../../src/store/journal/journal-reader.ts';
import { JournalWriter } from '../../src/store/journal/journal-writer.ts';
import { journalFolder } from '../../src/store/journal/segment-names.ts';
import { RECORD_HEADER_BYTES } from '../../src/store/journal/block-format.ts';
import type { Durability } from '../../src/store/journal/segment-header.ts';
import { CONFIG_HASH, SESSION_ID } from './session.ts';

/** What a trade alone in its frame takes, header included. */
export const RECORD_BYTES = 160;
const BYTES_MAX = 20_000_000_000;

/** Writes records that hold nothing, one after another. */
export class RecordFiller {
  readonly writer: JournalWriter;
  readonly #payload = new Uint8Array(RECORD_BYTES - RECORD_HEADER_BYTES).fill(7);
  readonly #hash = new Hash64();
  #records = 0;

  constructor(folder: string, durability: Durability, blockBytesMax: number) {
    const disk = nodeDisk(folder);
    const place = journalFolder(SESSION_ID);
    this.writer = new JournalWriter({
      disk,
      folder: place,
      identity: {
        sessionId: SESSION_ID,
        buildId: 'bench-build',
        configHash: CONFIG_HASH,
        nodeMajor: 0,
        predecessorHash: '',
      },
      contents: readJournal(disk, place, () => undefined),
      settings: { durability, bytesMax: BYTES_MAX, blockBytesMax },
      onState: () => undefined,
    });
  }

  append(): void {
    this.#records += 1;
    this.writer.append(1, this.#records, this.#records, this.#hash, this.#payload);
  }
}
