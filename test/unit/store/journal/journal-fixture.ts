import { ByteWriter } from '../../../../src/core/bytes.ts';
import { Hash64 } from '../../../../src/core/hash.ts';
import { Random } from '../../../../src/core/random.ts';
import type { Disk } from '../../../../src/ports/disk.ts';
import {
  readJournal,
  type JournalContents,
  type JournalRecord,
  type ReadOptions,
} from '../../../../src/store/journal/journal-reader.ts';
import {
  JournalWriter,
  type JournalSettings,
  type JournalState,
} from '../../../../src/store/journal/journal-writer.ts';
import { journalFolder } from '../../../../src/store/journal/segment-names.ts';

export const FOLDER = journalFolder('s-1');

export const identity = {
  sessionId: 's-1',
  buildId: 'build-a',
  configHash: '0123456789abcdef',
  nodeMajor: 20,
  predecessorHash: '',
} as const;

export type States = { readonly state: JournalState; readonly reason: string }[];

/** Starts the next life on that disk. */
export function startWriter(
  disk: Disk,
  settings: Partial<JournalSettings> = {},
  states: States = [],
  build: string = identity.buildId,
  onClosed?: (segment: string) => void,
): JournalWriter {
  const { contents } = readAll(disk);
  return new JournalWriter({
    disk,
    folder: FOLDER,
    identity: { ...identity, buildId: build },
    contents,
    settings: { durability: 'os', bytesMax: 1e12, ...settings },
    onState: (state, reason) => states.push({ state, reason }),
    ...(onClosed === undefined ? {} : { onClosed }),
  });
}

/** Appends `count` records that `recordOf` describes, from the writer's next sequence on. */
export function appendRecords(writer: JournalWriter, count: number): void {
  for (let index = 0; index < count; index += 1) appendRecord(writer);
}

export function appendRecord(writer: JournalWriter): void {
  const { kind, sequence, nowUs, hashHigh, hashLow, payload } = recordOf(writer.mark() + 1);
  hash.set(hashHigh, hashLow);
  writer.append(kind, sequence, nowUs, hash, payload);
}

/** A record whose every field depends on its sequence and nothing else. */
export function recordOf(sequence: number): JournalRecord {
  const random = new Random(sequence, 7);
  const payload = Uint8Array.from({ length: random.below(120) }, () => random.u32());
  return {
    kind: sequence % 256,
    sequence,
    nowUs: 1_700_000_000_000_000 + sequence * 13,
    hashHigh: random.u32() | 0,
    hashLow: random.u32() | 0,
    payload,
  };
}

export function readAll(
  disk: Disk,
  options: ReadOptions = {},
): { readonly contents: JournalContents; readonly records: readonly JournalRecord[] } {
  const records: JournalRecord[] = [];
  const visit = (record: JournalRecord) => {
    records.push({ ...record, payload: record.payload.slice() });
  };
  return { contents: readJournal(disk, FOLDER, visit, options), records };
}

/** The records 1 .. last, as they must be read. */
export function expectedRecords(last: number, first = 1): readonly JournalRecord[] {
  return Array.from({ length: last - first + 1 }, (_, index) => recordOf(first + index));
}

/** A `ByteWriter` that holds these bytes and more room. */
export function written(bytes: Uint8Array): ByteWriter {
  const writer = new ByteWriter(bytes.length * 2 + 8);
  writer.raw(bytes);
  return writer;
}

const hash = new Hash64();
