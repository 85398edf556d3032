/** `000001.seg`: the names sort as the numbers do. */
export function segmentName(number: number): string {
  return `${String(number).padStart(6, '0')}.seg`;
}

export function isSegmentName(name: string): boolean {
  return /^\d{6}\.seg$/.test(name);
}

/** Folder of a session's journal inside the data directory. */
export function journalFolder(sessionId: string): string {
  return `sessions/${sessionId}/journal`;
}

/** Folder of a session's snapshots inside the data directory. */
export function snapshotFolder(sessionId: string): string {
  return `sessions/${sessionId}/snapshots`;
}
