import { join } from 'node:path';
import type { Config } from '../../cli/config-schema.ts';
import type { TableDeclaration, TimeSeriesStore } from '../../ports/time-series.ts';
import { openDuckDbStore, STORE_FILE } from '../../store/duckdb/duckdb-store.ts';
import type { QuestDbLogin } from '../../store/questdb/place.ts';
import { TABLES } from '../../store/tables/tables.ts';
import { deferredStore, type SessionStore } from './deferred-store.ts';

export type Environment = Readonly<Record<string, string | undefined>>;
export type SeriesConfig = Config['store']['series'];
export type SeriesKind = Exclude<SeriesConfig['kind'], 'none'>;

export interface StoreSetting {
  readonly series: SeriesConfig & { readonly kind: SeriesKind };
  readonly dataDir: string;
  readonly environment: Environment;
  /** Of the embedded store, where more than its own are there for it. */
  readonly threads?: number;
  /** Besides those that every session has. */
  readonly tables?: readonly TableDeclaration[];
}

/** The configured store of time series: asked for nothing, and not opened, before it is used. */
export function openStore(setting: StoreSetting): SessionStore {
  const { tables = [] } = setting;
  return deferredStore({ open: () => openNow(setting), tables: [...TABLES, ...tables] });
}

export async function openNow({
  series,
  dataDir,
  environment,
  threads,
}: StoreSetting): Promise<TimeSeriesStore> {
  if (series.kind === 'duckdb') {
    const file = join(dataDir, STORE_FILE);
    return openDuckDbStore({ file, ...(threads === undefined ? {} : { threads }) });
  }
  const login = loginOf(series, environment);
  // Loaded by those who have one: most have the embedded store.
  const { openQuestDb } = await import('../../store/questdb/questdb.ts');
  return openQuestDb({
    url: urlOf(series),
    isTlsVerified: series.tls === 'verified',
    silenceMsMax: series.requestMsMax,
    ...(login === undefined ? {} : { login }),
  });
}

/** For people; no secret is in it. */
export function placeName({ series, dataDir }: StoreSetting): string {
  return series.kind === 'duckdb'
    ? `DuckDB, ${join(dataDir, STORE_FILE)}`
    : `QuestDB at ${urlOf(series)}`;
}

function urlOf({ tls, host, port }: SeriesConfig): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return `${tls === 'off' ? 'http' : 'https'}://${name}:${port}`;
}

/** A token stands for both; a user without a password is one whose password is empty. */
function loginOf(series: SeriesConfig, environment: Environment): QuestDbLogin | undefined {
  const { userVariable, passwordVariable, tokenVariable } = series;
  const token = environment[tokenVariable] ?? '';
  if (token !== '') return { token };
  const user = environment[userVariable] ?? '';
  return user === '' ? undefined : { user, password: environment[passwordVariable] ?? '' };
}
