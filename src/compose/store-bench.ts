import { existsSync, rmSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { Config } from '../cli/config-schema.ts';
import { loadConfig } from '../cli/load-config.ts';
import type { StoreOptions } from '../cli/store-options.ts';
import type { TimeSeriesStore } from '../ports/time-series.ts';
import { STORE_FILE } from '../store/duckdb/duckdb-store.ts';
import { nodeDisk } from '../store/journal/node-disk.ts';
import { bucketPlace } from '../store/lake/bucket-place.ts';
import { directoryPlace } from '../store/lake/directory-place.ts';
import { LakeError } from '../store/lake/lake-error.ts';
import { Lake } from '../store/lake/lake.ts';
import { Parquet } from '../store/lake/parquet.ts';
import type { Place } from '../store/lake/place.ts';
import { freeSpaceGuard, type ReserveSpace } from '../store/lifecycle/free-space.ts';
import type { JournalTools } from '../store/lifecycle/journal-segments.ts';
import type { LakeTools } from '../store/lifecycle/lifecycle-tools.ts';
import { type Environment, openNow } from './store-feed/open-store.ts';

/** A verb has the process for itself. */
const THREADS = 2;

/** What the verbs of the store work at. */
export interface StoreBench {
  readonly config: Config;
  readonly dataDir: string;
  /** Undefined where the sessions keep none, or none was made yet. */
  readonly store: TimeSeriesStore | undefined;
  readonly lake: Lake;
  readonly parquet: Parquet;
  /** Of the data directory: notes and files of ours. */
  readonly data: Place;
  readonly notes: Place;
  /** A folder of this machine, or `bucket:FOLDER`. */
  placeOf(text: string): Promise<Place>;
  close(): Promise<void>;
}

/** The store itself is opened only where it is there, or where it `mayBeMade`. */
export async function openBench(
  { dataDir, profile, config: file }: StoreOptions,
  environment: Environment,
  mayBeMade: boolean,
): Promise<StoreBench> {
  const { config } = loadConfig(profile, file);
  const { lake: settings, series } = config.store;
  const scratch = join(dataDir, 'scratch');
  const parquet = new Parquet(scratch, settings.memoryMbMax);
  const closers: (() => void)[] = [];
  const bucket = async (prefix: string): Promise<Place> => {
    const place = await bucketPlace(bucketOptions(config, environment, prefix));
    closers.push(() => place.close());
    return place;
  };
  const lakePlace =
    settings.kind === 'bucket'
      ? await bucket(settings.prefix)
      : directoryPlace(inside(dataDir, settings.directory));
  const isThere = series.kind === 'questdb' || existsSync(join(dataDir, STORE_FILE));
  const { kind } = series;
  const isOpened = kind !== 'none' && (isThere || mayBeMade);
  const store = isOpened
    ? await openNow({ series: { ...series, kind }, dataDir, environment, threads: THREADS })
    : undefined;
  const lake = new Lake(lakePlace, parquet);
  return {
    config,
    dataDir,
    store,
    lake,
    parquet,
    data: directoryPlace(dataDir),
    notes: directoryPlace(join(dataDir, 'lifecycle')),
    placeOf: async (text) =>
      text.startsWith(BUCKET) ? await bucket(text.slice(BUCKET.length)) : directoryPlace(text),
    async close() {
      await store?.close();
      await lake.close();
      for (const close of closers) close();
    },
  };
}

/** Files of a moment that a killed run has left. Only who owns the data directory may. */
export function clearScratch(dataDir: string): void {
  rmSync(join(dataDir, 'scratch'), { recursive: true, force: true });
}

export function lakeTools(
  bench: StoreBench,
  to: Place,
  progress: (rows: number) => void,
): LakeTools {
  const { config, lake } = bench;
  const reserve = reserveAt(bench, to);
  return { ...config.store.lake, lake, progress, at: () => undefined, reserve };
}

export function journalTools(bench: StoreBench): JournalTools {
  const { dataDir, lake, notes } = bench;
  const reserve = reserveAt(bench, lake.place);
  return { disk: nodeDisk(dataDir), place: lake.place, notes, reserve, at: () => undefined };
}

/** Also here: of what goes elsewhere a copy lies on this disk for a moment. */
function reserveAt({ config, data }: StoreBench, to: Place): ReserveSpace {
  const { freeMbMin } = config.store.lifecycle;
  const guards = [freeSpaceGuard(to, freeMbMin), freeSpaceGuard(data, freeMbMin)];
  return async (bytes) => {
    for (const guard of guards) await guard(bytes);
  };
}

const BUCKET = 'bucket:';

function inside(dataDir: string, directory: string): string {
  return isAbsolute(directory) ? directory : join(dataDir, directory);
}

function bucketOptions({ store }: Config, environment: Environment, prefix: string) {
  const { lake } = store;
  const key = (variable: string): string => {
    const value = environment[variable] ?? '';
    if (value !== '') return value;
    const message = `the environment has no ${variable}, which the bucket ${lake.bucket} needs`;
    throw new LakeError('LAKE_REFUSED', message);
  };
  if (lake.bucket === '') {
    throw new LakeError('LAKE_REFUSED', 'store.lake.bucket names no bucket');
  }
  return {
    ...lake,
    prefix,
    endpoint: lake.endpoint === '' ? undefined : lake.endpoint,
    keys: { accessKey: key(lake.accessKeyVariable), secretKey: key(lake.secretKeyVariable) },
  };
}
