/**
 * Every code that an Error of ours may carry: what happened, and what the person who reads it does.
 * Refusals are values with codes of their own and are not errors. A test counts the rows.
 */
export const ERROR_CODES = {
  CONFIG_INVALID: {
    meaning: 'A setting has the wrong type, or lies outside its limits.',
    action: 'Correct the file at the line that the message names.',
  },
  CONFIG_UNKNOWN_KEY: {
    meaning: 'A file sets a key that does not exist, so it would have had no effect.',
    action: 'Correct the key; the message names the nearest one.',
  },
  CONFIG_UNREADABLE: {
    meaning: 'A configuration file is not there, or is not YAML.',
    action: 'Check the path, then the line that the message names.',
  },
  DECODE: {
    meaning: 'Bytes are not the record that they should be.',
    action: 'Find out who wrote them; run the build that did, or restore the file.',
  },
  DISK_FAILED: {
    meaning: 'The disk refused to read or write for a reason of its own.',
    action: 'Look at the logs of the system; move the data directory to a disk that works.',
  },
  DISK_FULL: {
    meaning: 'No room was left for a write.',
    action: 'Free space, or give journal.bytesMax a smaller value; then start again.',
  },
  DISK_MISSING: {
    meaning: 'A file that must be there is not.',
    action: 'Check that the data directory is the right one, and is mounted.',
  },
  DISK_SYNC_FAILED: {
    meaning: 'The device did not confirm a write, so it counts as not written.',
    action: 'Treat the disk as failing; the engine does not trade on it.',
  },
  HONOURED: {
    meaning: 'A recorded crash was repeated while a session was verified.',
    action: 'None: it never leaves the runtime.',
  },
  INVARIANT: {
    meaning: 'Our own code broke a rule that it depends on.',
    action: 'Keep the data directory and report it; the engine has stopped by design.',
  },
  JOURNAL_CLOSED: {
    meaning: 'A record came after the journal had been closed.',
    action: 'Report it: something outlived the session.',
  },
  JOURNAL_DAMAGED: {
    meaning: 'The journal holds bytes that nobody wrote, and not at its unfinished end.',
    action: 'Do not start again before the disk is checked; compare with a backup.',
  },
  JOURNAL_FAILED: {
    meaning: 'The journal could not take a record, so nothing that depends on it was done.',
    action: 'Read the cause below it; start again when the disk is well.',
  },
  JOURNAL_VERSION: {
    meaning: 'The journal was written in a format that this build does not read.',
    action: 'Open it with the build that wrote it.',
  },
  RECORDED_DATE_MISSING: {
    meaning: 'A recording does not say of which day it is.',
    action: 'Give the file its date as it was downloaded, or name the day yourself.',
  },
  RECORDED_MISSING: {
    meaning: 'A recording that was asked for is not there.',
    action: 'Check the path of the data.',
  },
  RECORDED_UNREADABLE: {
    meaning: 'A recording cannot be opened, or its compression is damaged.',
    action: 'Download it again and compare the sizes.',
  },
  RECORDED_UNRECOGNISED: {
    meaning: 'A file is in none of the formats of recordings that are read here.',
    action: 'Compare its first lines with the formats in the documentation.',
  },
  VERIFY_DIVERGED: {
    meaning: 'The same inputs gave another decision than the one recorded.',
    action: 'Look at the turn, actor and field that verify names: the build is not the same.',
  },
} as const satisfies Readonly<Record<string, ErrorCodeRow>>;

export type ErrorCode = keyof typeof ERROR_CODES;

interface ErrorCodeRow {
  readonly meaning: string;
  readonly action: string;
}
