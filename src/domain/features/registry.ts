import { assert } from '../../core/assert.ts';
import { namesIndicator } from '../indicators/parse-indicator.ts';
import type { FeatureDeclaration } from './feature.ts';
import { SHORT_NAMES } from './short-names.ts';
import type { FeatureSource } from './source.ts';

/** What there is to build features of. */
export interface FeatureRegistry {
  readonly features: ReadonlyMap<string, FeatureDeclaration>;
  readonly sources: ReadonlyMap<string, SourceDeclaration>;
}

/** A kind of source; one is built for each timeframe that is asked for. */
export interface SourceDeclaration {
  readonly name: string;
  /** It hears bars, and so there is one for each timeframe. Else there is one in all. */
  readonly isTimeframed: boolean;
  readonly build: (options: SourceOptions) => FeatureSource;
}

export interface SourceOptions {
  /** Symbols there may be, for sources that compare all of them. */
  readonly symbolsMax: number;
  /** Span of its bars. */
  readonly spanUs: number;
}

export function createRegistry(
  features: readonly FeatureDeclaration[],
  sources: readonly SourceDeclaration[],
): FeatureRegistry {
  assertOwnNames(features);
  return registryOf(features, sources);
}

/** The registry with more features: what a user declares in a config. */
export function extendRegistry(
  { features, sources }: FeatureRegistry,
  more: readonly FeatureDeclaration[],
): FeatureRegistry {
  assertOwnNames(more);
  return registryOf([...features.values(), ...more], [...sources.values()]);
}

/** A name means one thing: none that reads as an indicator, or as a column, is a feature's. */
function assertOwnNames(features: readonly FeatureDeclaration[]): void {
  for (const { name } of features) {
    assert(!namesIndicator(name), `${name} is a feature, and the name of no indicator`);
    assert(!SHORT_NAMES.has(name), `${name} is a feature, and no column's short name`);
  }
}

function registryOf(
  features: readonly FeatureDeclaration[],
  sources: readonly SourceDeclaration[],
): FeatureRegistry {
  const registry = {
    features: new Map(features.map((feature) => [feature.name, feature])),
    sources: new Map(sources.map((source) => [source.name, source])),
  };
  assert(registry.features.size === features.length, 'no two features have one name');
  assert(registry.sources.size === sources.length, 'no two sources have one name');
  return registry;
}
