/** `000001.seg`: the names sort as the numbers do. */
export function segmentName(number: number): string {
  return `${String(number).padStart(6, '0')}.seg`;
}

export function isSegmentName(name: string): boolean {
  return /^\d{6}\.seg$/.test(name);
}

/** Compressed, as the lifecycle leaves those of sessions that ended. */
export function packedName(segment: string): string {
  return `${segment}.gz`;
}

/** A note that says where in the lake a segment went. */
export function movedName(segment: string): string {
  return `${segment}.moved`;
}

/** The segment that a file is, in any of its forms; undefined for another file. */
export function segmentOfFile(name: string): string | undefined {
  return /^(\d{6}\.seg)(?:\.gz|\.moved)?$/.exec(name)?.[1];
}

/** Folder of a session's journal inside the data directory. */
export function journalFolder(sessionId: string): string {
  return `sessions/${sessionId}/journal`;
}

/** Folder of a session's snapshots inside the data directory. */
export function snapshotFolder(sessionId: string): string {
  return `sessions/${sessionId}/snapshots`;
}
