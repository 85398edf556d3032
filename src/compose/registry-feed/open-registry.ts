import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../cli/config-schema.ts';
import type { RelationalStore } from '../../ports/relational/store.ts';
import { openRelational } from '../../store/relational/relational-store.ts';
import type { SessionFile } from '../session-files.ts';
import type { Environment } from '../store-feed/open-store.ts';
import { SessionRegistry } from './session-registry.ts';

export interface RegistryPlace {
  readonly config: Config;
  readonly dataDir: string;
  readonly environment: Environment;
}

export interface RegistrySetting extends RegistryPlace {
  readonly file: SessionFile;
  readonly away: (reason: string) => void;
}

/** Made at once, opened when it is first asked something. */
export function openRegistry({ config, dataDir, environment }: RegistryPlace): RelationalStore {
  const { relational } = config.store;
  const password = environment[relational.passwordVariable];
  return openRelational({ ...relational, dataDirectory: dataDir, password });
}

/** The way of a session into the registries; undefined where it is not to be told of there. */
export function sessionRegistry(setting: RegistrySetting): SessionRegistry | undefined {
  const { config, file, away } = setting;
  const { sessions, kind, endMsMax } = config.store.relational;
  const isTold = sessions === 'all' || (sessions === 'live' && file.market.kind === 'live');
  if (!isTold) return undefined;
  return new SessionRegistry({
    file,
    open: () => openRegistry(setting),
    isServer: kind === 'postgres',
    endMsMax,
    wallMs: () => performance.now(),
    away,
  });
}

/** Was one made? A server's is there, or says itself that it is not. */
export function isRegistryMade({ config, dataDir }: RegistryPlace): boolean {
  return config.store.relational.kind === 'postgres' || existsSync(join(dataDir, 'relational'));
}
