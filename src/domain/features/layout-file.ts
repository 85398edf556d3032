import { createFeatureSet, type FeatureSet, isFeatureSet } from './feature-set.ts';
import type { FeatureLayout } from './layout.ts';
import type { Normalisation } from './normalisation.ts';
import type { FeatureRegistry } from './registry.ts';

/** A layout as a model's card carries it: what `parseLayout` has checked, with its hash. */
export interface StoredLayout extends FeatureLayout {
  readonly format: typeof FORMAT;
  readonly hash: string;
}

const FORMAT = 'strata-features/1' as const;

/** What stands in a model's card, or beside a training set. Doubles keep every bit in JSON. */
export function storeLayout({ layout, layoutHash: hash }: FeatureSet): StoredLayout {
  return { format: FORMAT, hash, ...layout };
}

/** Why a stored layout cannot be used here. */
export interface LayoutFault {
  readonly code: 'FORMAT' | 'FIELD' | 'FEATURE' | 'HASH';
  readonly reason: string;
}

/**
 * The set that a stored layout describes, made by this build's registry. Refused where a feature is
 * not known here, or means something else than when the layout was stored: its hash differs.
 *
 * @param stored parsed JSON from a file of somebody's.
 */
export function openLayout(
  registry: FeatureRegistry,
  stored: unknown,
  symbolsMax: number,
): FeatureSet | LayoutFault {
  const layout = parseLayout(stored);
  if ('code' in layout) return layout;
  const set = createFeatureSet(registry, layout, symbolsMax);
  if (!isFeatureSet(set)) return { code: 'FEATURE', reason: `${set.name}: ${set.reason}` };
  if (set.layoutHash === layout.hash) return set;
  const reason = `the layout was stored as ${layout.hash}; its features are ${set.layoutHash} here`;
  return { code: 'HASH', reason };
}

function parseLayout(stored: unknown): StoredLayout | LayoutFault {
  if (!isRecord(stored) || stored['format'] !== FORMAT) {
    return { code: 'FORMAT', reason: `format is ${FORMAT}` };
  }
  const { hash, feed, timeframe, names, normalisation } = stored;
  const field = (name: string, expected: string) =>
    ({ code: 'FIELD', reason: `${name} is ${expected}` }) as const;
  if (typeof hash !== 'string' || !/^[0-9a-f]{16}$/.test(hash))
    return field('hash', '16 hex digits');
  if (typeof feed !== 'string' || feed === '') return field('feed', 'a name');
  if (timeframe !== undefined && typeof timeframe !== 'string') return field('timeframe', 'text');
  if (!isTexts(names) || names.length === 0 || new Set(names).size !== names.length) {
    return field('names', 'a list of different names');
  }
  const rest: StoredLayout = {
    format: FORMAT,
    hash,
    feed,
    names,
    ...(timeframe === undefined ? {} : { timeframe }),
  };
  if (normalisation === undefined) return rest;
  const isWhole = Array.isArray(normalisation) && normalisation.length === names.length;
  if (!isWhole || !normalisation.every(isNormalisation)) {
    return field(
      'normalisation',
      'a rule for each name: none, or mean, deviation above 0 and clip',
    );
  }
  return { ...rest, normalisation };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function isNormalisation(value: unknown): value is Normalisation {
  if (!isRecord(value)) return false;
  if (value['kind'] === 'none') return true;
  const { kind, mean, deviation, clip } = value;
  return kind === 'standard' && Number.isFinite(mean) && isAbove0(deviation) && isAbove0(clip);
}

function isAbove0(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value > 0;
}
