import { MODEL_ERROR_CODES } from './model-error-codes.ts';

/**
 * Every code that an Error of ours may carry: what happened, and what the person who reads it does.
 * Refusals are values with codes of their own and are not errors. A test counts the rows.
 */
export const ERROR_CODES = {
  PLANTED_CRASH: {
    meaning: 'The demo made an actor throw, because --crash asked for it.',
    action: 'Watch it heal.',
  },
  BENCH_MISSING: {
    meaning: 'This installation has no benches.',
    action: 'Run it in a checkout of the project, where the folder bench is.',
  },
  BENCH_NOT_BUILT: {
    meaning: 'The benches do not compile against this build.',
    action: 'Look at what the compiler said above; `npm run build` first where the build is old.',
  },
  BROKER_KEY_REFUSED: {
    meaning: 'The broker does not take the key.',
    action:
      'Check the key, its secret, and whether they are of the account and mode that is meant.',
  },
  BROKER_UNREACHABLE: {
    meaning: 'The broker could not be reached, or did not answer what has to be known to begin.',
    action: 'Look at the network and at the page where the broker tells of its outages.',
  },
  BROKER_UNREADABLE: {
    meaning: 'The broker answered in a form that this build does not know.',
    action: 'Compare the answer with its documentation; its protocol may have changed.',
  },
  DATA_DIRECTORY_UNUSABLE: {
    meaning: 'The data directory cannot be used.',
    action: 'Check the path and who may write there.',
  },
  DATA_DIRECTORY_HELD: {
    meaning: 'Another engine owns the data directory; the message names it.',
    action: 'Stop that one, or use another --data-dir.',
  },
  ENGINE_FAILED: {
    meaning: 'The engine met an error while answering.',
    action: 'Look at the log of the running session.',
  },
  ENGINE_UNREADABLE: {
    meaning: 'What answered is not an engine of this version.',
    action: 'Ask with the build that runs.',
  },
  ENGINE_SILENT: {
    meaning: 'The engine did not answer in time: it may or may not have done it.',
    action: 'Ask for the status; look at the log.',
  },
  ENGINE_BUSY: {
    meaning: 'The engine has too many askers at once.',
    action: 'Ask again in a moment.',
  },
  ENGINE_NOT_RUNNING: {
    meaning: 'No engine runs on this data directory.',
    action: 'Start one, or name another directory with --data-dir.',
  },
  INFERENCE_DIED: {
    meaning: 'The thread in which models run ended by itself.',
    action: 'None: it is started again. If it goes on dying, choose the plain backend.',
  },
  INFERENCE_HUNG: {
    meaning: 'The thread in which models run did not answer in time and was ended.',
    action: 'None: it is started again. If it goes on, look at the load of the machine.',
  },
  INFERENCE_REFUSED: {
    meaning: 'No backend takes the model; the message has the code of why.',
    action: 'Look up that code.',
  },
  INFERENCE_STOPPED: {
    meaning: 'Inference was stopped before it had started.',
    action: 'None: the session was ending.',
  },
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
  FEED_FRAME_UNREADABLE: {
    meaning: 'A venue sent a frame that is not a list of messages; it is counted and a gap marked.',
    action: 'None if it stays rare; else compare the codec with what the venue speaks.',
  },
  FEED_REFUSED: {
    meaning: 'The venue refuses the connection for a reason that trying again does not mend.',
    action: 'Check the keys, the feed and the plan of the data account.',
  },
  HISTORY_FAILED: {
    meaning: 'A request for past market data failed, also when it was tried again.',
    action: 'Look at the status that the message names; start again when the venue answers.',
  },
  POLYGON_CLIENT_MISSING: {
    meaning: "Polygon's client library is not installed, or not whole.",
    action: 'Run npm ci; or set market.provider to alpaca, which does not need it.',
  },
  POLYGON_KEY_REFUSED: {
    meaning: 'Polygon does not take the key, or the plan does not carry what was asked for.',
    action: 'Check POLYGON_API_KEY, and what the plan has; the message says which of the two.',
  },
  POLYGON_FAILED: {
    meaning: 'A request to Polygon failed, also when it was tried again.',
    action: 'Look at the status that the message names; start again when it answers.',
  },
  HISTORY_UNREADABLE: {
    meaning: 'A file of macro series, earnings dates, filings or news cannot be read.',
    action: 'Check the path and who may read it; a damaged download has to be made again.',
  },
  HONOURED: {
    meaning: 'A recorded crash was repeated while a session was verified.',
    action: 'None: it never leaves the runtime.',
  },
  INVARIANT: {
    meaning: 'Our own code broke a rule that it depends on.',
    action: 'Keep the data directory and report it; the engine has stopped by design.',
  },
  LAKE_AWAY: {
    meaning: 'The place of the lake was not reached, or kept answering that it cannot.',
    action: 'See that the bucket or the disk can be reached, then run the same again: it goes on.',
  },
  LAKE_DAMAGED: {
    meaning: 'A file of the lake is not what its manifest says, or cannot be read.',
    action: 'Restore that file from a backup; the other partitions are not touched.',
  },
  LAKE_DIFFERS: {
    meaning: 'What was copied is not what was read, so nothing was deleted.',
    action: 'Run the same again while nobody else writes; if it stays, report it.',
  },
  LAKE_FULL: {
    meaning: 'There is no room for what would be written, or less than has to stay free.',
    action: 'Make room there, or lower store.lifecycle.freeMbMin; then run the same again.',
  },
  LAKE_MISSING: {
    meaning: 'A file that was asked for is not in the lake.',
    action: 'Check the name or the path, and the settings of store.lake.',
  },
  LAKE_NEWER: {
    meaning: 'A later build wrote what is in the lake.',
    action: 'Use that build, or a later one.',
  },
  LAKE_READER_MISSING: {
    meaning: "The native part of DuckDB is not installed, and without it Parquet can't be read.",
    action: 'Run npm ci on this machine; its optional packages must not be left out.',
  },
  LAKE_REFUSED: {
    meaning: 'The place of the lake denied it: rights, keys, or a bucket that is not there.',
    action: 'Check store.lake, the rights, and the variables that hold the keys.',
  },
  LIVE_KEYS_MISSING: {
    meaning: 'A paper session needs the keys of a paper account.',
    action:
      'Set APCA_API_KEY_ID and APCA_API_SECRET_KEY, and POLYGON_API_KEY where the market data ' +
      'are to be its; or use --mode sim.',
  },
  LIVE_MODE_OTHER: {
    meaning: 'An option of one way to trade was given with another.',
    action: 'Leave it out, or use the mode that the message names.',
  },
  LIVE_ACCOUNT_HELD: {
    meaning: 'Another process on this machine trades the same account.',
    action: 'Stop that one first: the message names it.',
  },
  LIVE_ACCOUNT_OTHER: {
    meaning: 'The keys open another account than the one that was traded.',
    action: 'Use the keys of that account, or another --data-dir.',
  },
  LIVE_FAULT_POINT: {
    meaning: 'STRATA_DIE_AT names no moment at which a process can be made to die.',
    action: 'The message lists them. Only the crash tests set it; unset it to trade.',
  },
  LIVE_NO_SYMBOLS: {
    meaning: 'The broker lists nothing to trade.',
    action: 'Look at the account on its website: it may be restricted.',
  },
  VENUE_NOT_STARTED: {
    meaning: 'The embedded venue, a process of its own, did not say that it is ready.',
    action: 'Read venue.log in the data directory; try `strata venue` alone.',
  },
  VENUE_UNREACHABLE: {
    meaning: 'No venue of ours answers at that address.',
    action: 'Start one with `strata venue`, or leave --venue out.',
  },
  JOURNAL_CLOSED: {
    meaning: 'A record came after the journal had been closed.',
    action: 'Report it: something outlived the session.',
  },
  JOURNAL_DAMAGED: {
    meaning: 'The journal holds bytes that nobody wrote, and not at its unfinished end.',
    action:
      'Do not start again before the disk is checked: restore a backup, or move the session away.',
  },
  JOURNAL_FAILED: {
    meaning: 'The journal could not take a record, so nothing that depends on it was done.',
    action: 'Mend the disk or free space, then start again: the session goes on where it was.',
  },
  JOURNAL_FULL: {
    meaning: 'The journal has used its budget, and what is not recorded is not done.',
    action: 'Give journal.bytesMax a larger value, then start again: the session goes on.',
  },
  JOURNAL_MOVED: {
    meaning: 'A segment of a journal was moved to the lake, and is asked for here.',
    action: 'Bring it back with `strata store restore --session ID --apply`, then ask again.',
  },
  JOURNAL_VERSION: {
    meaning: 'The journal was written in a format that this build does not read.',
    action: 'Open it with the build that wrote it.',
  },
  RECORDED_DATE_MISSING: {
    meaning: 'A recording does not hold the day that was asked for.',
    action: 'Choose one of the days that the message names.',
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
    action: 'Compare its first lines with the headers in src/streams/recorded/minute-formats.ts.',
  },
  RECORDED_WHOLE: {
    meaning: 'A recorded session is replayed whole, with the history that it holds.',
    action: 'Leave out --date and --history.',
  },
  SERVICE_CRASHED: {
    meaning: 'A service ended by an error of its own; the cause says which.',
    action: 'None while it comes back; look at its last error in `strata actors` if it does not.',
  },
  SERVICE_HUNG: {
    meaning: 'A service did not start, stop or answer in time and was given up.',
    action: 'Look at the network and at the provider; it is made anew by itself.',
  },
  SERVICE_KILLED: {
    meaning: 'A service was ended because somebody asked for it.',
    action: 'Watch it come back.',
  },
  SESSION_INCOMPLETE: {
    meaning: 'The journal of a session is not all that the session wrote.',
    action: 'Restore the folder of the session from a backup: what is left proves nothing.',
  },
  SESSION_OTHER_ACCOUNT: {
    meaning: 'A killed session traded another account than the one that is configured.',
    action: 'Start with the account of the session until it has ended, or use another --data-dir.',
  },
  SESSION_OTHER_MARKET: {
    meaning: 'The market that was opened is not the one that the killed session traded.',
    action: 'Restore session.json and the build of the session, or move its folder away.',
  },
  SESSION_UNREADABLE: {
    meaning: 'The folder of a session has no description that can be read.',
    action: 'From a backup restore the file, or move the folder of the session away.',
  },
  VENUE_OPTION_INVALID: {
    meaning: 'A venue was asked for that there cannot be.',
    action: 'Correct the option that the message names.',
  },
  VENUE_PORT_UNUSABLE: {
    meaning: 'A port of the venue is taken, or this user may not listen on it.',
    action: 'Choose another with --port or --admin-port; 0 takes a free one.',
  },
  VENUE_REQUEST_UNKNOWN: {
    meaning: 'The admin port of a venue was asked for something that it does not know.',
    action: 'Look at the message; GET /admin/chaos lists the actions.',
  },
  VERIFY_DIVERGED: {
    meaning: 'The same inputs gave another decision than the one recorded.',
    action: 'Look at the turn, actor and field that verify names: the build is not the same.',
  },
  STORE_AWAY: {
    meaning: 'A store was not reached, or went away while it worked.',
    action: 'See that its server runs and can be reached; rows wait in the spool until it is back.',
  },
  STORE_FULL: {
    meaning: 'A store has no room left.',
    action: 'Make room on its disk, or archive and compact; rows wait in the spool until then.',
  },
  STORE_SCHEMA: {
    meaning: 'A table is not what this build declares; the message names what differs.',
    action: 'Run `strata store migrate`; a table altered by hand has to be put right by hand.',
  },
  STORE_DAMAGED: {
    meaning: 'What a store holds cannot be read; the message names the file.',
    action: 'Move the file away: strata store restore or refill (of a journal) makes it anew.',
  },
  STORE_REFUSED: {
    meaning: 'A store understood what it was asked and denied it.',
    action: 'Check the question (strata query lists the tables), and the rights of its user.',
  },
  STORE_LOCKED: {
    meaning: 'Another process has the store open.',
    action: 'Stop that one, or ask it by `strata status`.',
  },
  ...MODEL_ERROR_CODES,
} as const satisfies Readonly<Record<string, ErrorCodeRow>>;

interface ErrorCodeRow {
  readonly meaning: string;
  readonly action: string;
}
