/**
 * Where files of the lake and of backups lie: a folder, or a bucket. Paths are relative, with `/`
 * between parts. Every call may reject with a `LakeError`.
 *
 * A file is there whole or not at all, and once `put` settles it survives a loss of power.
 */
export interface Place {
  /** For people: a folder, or `s3://bucket/prefix at host`. Never a key. */
  readonly name: string;
  /** Every file under a folder, at any depth, by path. A folder ends in `/`; '' is all. */
  list(folder: string): Promise<readonly PlacedFile[]>;
  /** Its bytes, counted; undefined where there is no such file. */
  size(path: string): Promise<number | undefined>;
  /** The whole file; `LAKE_MISSING` where there is none, `LAKE_DAMAGED` where it came cut short. */
  get(path: string): Promise<Uint8Array>;
  /** Replaces a file of that path. */
  put(path: string, bytes: Uint8Array): Promise<void>;
  /** One that is not there is removed already. */
  remove(path: string): Promise<void>;
  /** Bytes that can still be written; infinite where nobody counts them. */
  freeBytes(): Promise<number>;
  /** The path of a file for who reads it by itself; undefined where it has to be fetched. */
  localPath(path: string): string | undefined;
}

export interface PlacedFile {
  readonly path: string;
  readonly bytes: number;
}
