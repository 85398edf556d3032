import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '../../cli/config-error.ts';
import type { Config } from '../../cli/config-schema.ts';
import type { Check, Finding } from '../../cli/doctor.ts';
import { plural } from '../../cli/figures.ts';
import { loadConfig, type Profile } from '../../cli/load-config.ts';
import { StoreError } from '../../ports/store-error.ts';
import { STORE_FILE } from '../../store/duckdb/duckdb-store.ts';
import { TABLES } from '../../store/tables/tables.ts';
import { type Environment, openNow, placeName, type StoreSetting } from './open-store.ts';
import { layoutTables } from './session-feed.ts';

type Found = Omit<Finding, 'name'>;

export interface StoreCheckSetting {
  readonly profile: Profile;
  /** A file of the user's, over the profile's own. */
  readonly config: string | undefined;
  readonly dataDir: string;
  readonly environment: Environment;
}

/** Where a session of this profile would keep its rows, and whether that can be had now. */
export function storeCheck(setting: StoreCheckSetting): Check {
  return { name: `store, ${setting.profile}`, run: () => look(setting) };
}

async function look(setting: StoreCheckSetting): Promise<Found> {
  try {
    return await lookAt(setting, loadConfig(setting.profile, setting.config).config);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    // That fails once, under its own name.
    const what = 'not looked at: the configuration cannot be read';
    return { state: 'warn', what, action: 'Correct the configuration first.' };
  }
}

async function lookAt(setting: StoreCheckSetting, config: Config): Promise<Found> {
  const { dataDir, environment } = setting;
  const { series } = config.store;
  const { kind } = series;
  if (kind === 'none') {
    const what = 'sessions run without a store: only their journals have what they heard';
    return { state: 'warn', what, action: 'Set store.series.kind to duckdb or questdb.' };
  }
  const place = { series: { ...series, kind }, dataDir, environment };
  const name = placeName(place);
  if (kind === 'duckdb' && !existsSync(join(dataDir, STORE_FILE))) {
    return { state: 'ok', what: `${name}: made by the first session`, action: '' };
  }
  try {
    const changes = await missing(place, [...TABLES, ...layoutTables(config)]);
    if (changes === 0) return { state: 'ok', what: `${name}: all tables are there`, action: '' };
    const what = `${name}: ${plural(changes, 'change')} to its tables to be made`;
    return { state: 'ok', what, action: 'The next session makes them, or strata store migrate.' };
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return troubled(error, name);
  }
}

async function missing(
  place: StoreSetting,
  tables: Parameters<Awaited<ReturnType<typeof openNow>>['migrate']>[0],
): Promise<number> {
  const store = await openNow(place);
  try {
    return (await store.migrate(tables, { isDryRun: true })).length;
  } finally {
    await store.close();
  }
}

/** No session fails for want of its store, so little of this is a failure. */
function troubled({ code, message }: StoreError, name: string): Found {
  const what = message.startsWith(name) ? message : `${name}: ${message}`;
  switch (code) {
    case 'STORE_LOCKED':
      return { state: 'ok', what: `${name}: in use by another process`, action: '' };
    case 'STORE_AWAY':
    case 'STORE_FULL': {
      const action =
        'A session would run, and keep its rows on the disk until the store takes them.';
      return { state: 'warn', what, action };
    }
    case 'STORE_SCHEMA':
    case 'STORE_DAMAGED':
    case 'STORE_REFUSED': {
      const action = 'A session would run, and keep its rows on the disk until this is mended.';
      return { state: 'fail', what: `${code}: ${what}`, action };
    }
  }
}
