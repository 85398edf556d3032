import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { JournalRecord } from '../ports/journal.ts';
import type { MarketSource } from '../ports/market-source.ts';
import { journalRecords } from '../store/journal/journal-reader.ts';
import { nodeDisk } from '../store/journal/node-disk.ts';
import { journalFolder, segmentOfFile } from '../store/journal/segment-names.ts';
import { JournalMarket } from '../streams/recorded/journal-market.ts';
import { RecordedError } from '../streams/recorded/recorded-error.ts';
import { parseSessionFile, SESSION_DESCRIPTION, type SessionFile } from './session-files.ts';

/** A session that was recorded by this engine, wherever it lies now. */
export interface RecordedSession {
  /** The folder that holds the segments. */
  readonly journal: string;
  /** Undefined where the journal is alone, or its description cannot be read. */
  readonly file: SessionFile | undefined;
  readonly description: string;
}

/** A session's folder, or the journal's folder in it. Undefined where the path is neither. */
export function findRecordedSession(path: string): RecordedSession | undefined {
  if (!isFolder(path)) return undefined;
  const inside = join(path, basename(journalFolder('')));
  const journal = [inside, path].find(isJournal);
  if (journal === undefined) return undefined;
  const description = join(dirname(journal), SESSION_DESCRIPTION);
  const isThere = existsSync(description);
  const file = isThere ? parseSessionFile(readFileSync(description)) : undefined;
  return { journal, file, description };
}

/** Throws `RecordedError` where there is no journal, `JournalDamage` where it is damaged. */
export function openJournal(folder: string): MarketSource {
  if (!isJournal(folder)) {
    throw new RecordedError('RECORDED_MISSING', `${folder} holds no journal any more`);
  }
  return new JournalMarket({ name: folder, records: () => recordsOf(folder) });
}

/** Of a journal's folder, in their order. */
export function recordsOf(folder: string): Iterable<JournalRecord> {
  return journalRecords(nodeDisk(dirname(folder)), basename(folder));
}

function isJournal(folder: string): boolean {
  return isFolder(folder) && readdirSync(folder).some((name) => segmentOfFile(name) !== undefined);
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}
