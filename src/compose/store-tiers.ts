import { join } from 'node:path';
import { existsSync } from 'node:fs';
import type { Config } from '../cli/config-schema.ts';
import { StoreError } from '../ports/store-error.ts';
import { openRelational } from '../store/relational/relational-store.ts';
import { type LifecyclePolicy, type Tier, TIER_OF_LAYER } from '../store/lifecycle/policy.ts';
import type { Environment } from './store-feed/open-store.ts';

export interface Tiers {
  readonly bySymbol: ReadonlyMap<string, Tier>;
  /** Why every symbol counts as one of the lowest tier; undefined where they are known. */
  readonly unknown: string | undefined;
}

/**
 * The tier of each symbol by the deepest layer that it is in now. Where the registry cannot be
 * asked all are in the lowest: their rows go earlier, to the lake, and nothing is lost.
 */
export async function symbolTiers(
  { store: { relational } }: Config,
  dataDir: string,
  environment: Environment,
  nowUs: number,
): Promise<Tiers> {
  if (relational.kind === 'embedded' && !existsSync(join(dataDir, 'relational'))) {
    return { bySymbol: new Map(), unknown: 'no registry of symbols was made yet' };
  }
  const password = environment[relational.passwordVariable];
  const registry = openRelational({ ...relational, dataDirectory: dataDir, password });
  const bySymbol = new Map<string, Tier>();
  try {
    for (const layer of [1, 2, 3] as const) {
      for (const { name } of await registry.symbols.members(`layer-${layer}`, nowUs)) {
        bySymbol.set(name, TIER_OF_LAYER[layer]);
      }
    }
    return { bySymbol, unknown: undefined };
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return { bySymbol: new Map(), unknown: `the registry of symbols: ${error.message}` };
  } finally {
    await registry.close();
  }
}

export function policyOf({ store: { lifecycle } }: Config): LifecyclePolicy {
  const { recentDays, hotDays: hot, warmDays: warm, coldDays: cold } = lifecycle;
  return { recentDays, daysInStore: { hot, warm, cold } };
}
