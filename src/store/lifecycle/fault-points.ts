/**
 * The one table of moments between which a lifecycle run can die with something half done. A test
 * makes it die at each of them; in production nobody listens. In the order in which runs pass them.
 */
export const LIFECYCLE_POINTS = [
  /** A file is in the lake, and no manifest names it. */
  'fileWritten',
  'manifestWritten',
  /** Copied and compared; the store still has every row. */
  'archiveVerified',
  /** It is written down which rows of the part go back after the drop. */
  'intentWritten',
  'partDropped',
  /** Rows of symbols that stay are in the store again; the note of them is still there. */
  'keptReturned',
  /** Rows of one day are back in the store. */
  'dayRestored',
  /** A consolidated file is in the lake beside those that it replaces. */
  'mergedWritten',
  /** The manifest names it alone; the old files are still there. */
  'mergedNamed',
  'fragmentRemoved',
  /** A journal segment is there twice: as it was written, and compressed. */
  'segmentPacked',
  'segmentReplaced',
  /** Its compressed form is in the lake too. */
  'segmentCopied',
  /** The note where it went is beside it. */
  'segmentNoted',
  'segmentMoved',
  /** It is back from the lake; the note where it was is still there. */
  'segmentReturned',
  /** One more file of a backup is in its place. */
  'backupCopied',
  /** Everything is there but the backup's manifest. */
  'backupWhole',
] as const;

export type LifecyclePoint = (typeof LIFECYCLE_POINTS)[number];

/** Called at each of them; a test throws, or kills the process. */
export type PassPoint = (point: LifecyclePoint) => void | Promise<void>;
