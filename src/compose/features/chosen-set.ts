import type { Config } from '../../cli/config-schema.ts';
import { EXIT_CODES, type ExitCode } from '../../cli/exit-codes.ts';
import type { FeatureRowOptions } from '../../cli/verbs.ts';
import {
  createFeatureSet,
  type FeatureSet,
  isFeatureSet,
} from '../../domain/features/feature-set.ts';
import { canonicalName } from '../../domain/features/canonical-name.ts';
import { openLayout } from '../../domain/features/layout-file.ts';
import type { FeatureRegistry } from '../../domain/features/registry.ts';
import { readText } from '../../history/read-text.ts';

/** Why there is no set of the features that were asked for. */
export interface NoSet {
  readonly code: ExitCode;
  readonly reason: string;
}

/** The features of a stored layout, those that were named, the config's own, or a layer's. */
export function chosenSet(
  row: FeatureRowOptions,
  registry: FeatureRegistry,
  { market, features }: Config,
  symbolsMax: number,
): FeatureSet | NoSet {
  if (row.layout !== undefined) return storedSet(row.layout, registry, symbolsMax);
  const own = features.layout.length > 0 ? features.layout : undefined;
  const written = row.names ?? own ?? namesOfLayer(registry, row.layer);
  const names = written.map((name) => canonicalName(registry, name));
  const again = names.findIndex((name, at) => names.indexOf(name) < at);
  if (again >= 0) {
    const where = row.names === undefined ? 'features.layout' : '--names';
    const first = written[names.indexOf(names[again] ?? '')];
    const ways = first === written[again] ? '' : `: ${first} and ${written[again]}`;
    return { code: EXIT_CODES.error, reason: `${where} has ${names[again]} twice${ways}` };
  }
  const set = createFeatureSet(registry, { feed: market.feed, names }, symbolsMax);
  if (isFeatureSet(set)) return set;
  const reason = `${set.name}, asked for by ${set.askedBy}: ${set.reason}`;
  return { code: EXIT_CODES.notFound, reason };
}

/** A layout as a model's card has it, or as `strata features --json` told it. */
function storedSet(
  path: string,
  registry: FeatureRegistry,
  symbolsMax: number,
): FeatureSet | NoSet {
  const opened = openLayout(registry, parsed(path), symbolsMax);
  if ('compute' in opened) return opened;
  return { code: EXIT_CODES.config, reason: `${path}: ${opened.reason} (LAYOUT_${opened.code})` };
}

/**
 * What is no JSON is no layout either: `openLayout` says what is expected. Throws `HistoryError`
 * where there is nothing to read.
 */
function parsed(path: string): unknown {
  const text = readText(path);
  try {
    const value: unknown = JSON.parse(text);
    const isRow = typeof value === 'object' && value !== null && 'layout' in value;
    return isRow ? value.layout : value;
  } catch {
    return undefined;
  }
}

function namesOfLayer(registry: FeatureRegistry, layer: number): readonly string[] {
  return [...registry.features.values()]
    .filter((feature) => feature.layer <= layer)
    .map(({ name }) => name);
}
