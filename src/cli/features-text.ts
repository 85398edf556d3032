import { formatTime, MINUTE } from '../core/time.ts';
import type { FeatureCost } from '../domain/features/feature-cost.ts';
import type { FeatureColumn, RowStanding } from '../domain/features/feature-set.ts';
import type { FeatureDeclaration } from '../domain/features/feature.ts';
import type { StoredLayout } from '../domain/features/layout-file.ts';
import { lookbackOf } from '../domain/features/lookback.ts';
import type { FeatureRegistry } from '../domain/features/registry.ts';
import { measure, span } from './figures.ts';
import { widthOf } from './terminal-text.ts';

/** A row of features with all that is needed to read it, or to make it again. */
export interface ToldRow {
  readonly symbol: string;
  /** As it was asked for. */
  readonly at: string;
  readonly source: string;
  readonly layout: StoredLayout;
  readonly layoutHash: string;
  readonly standing: RowStanding;
  readonly columns: readonly FeatureColumn[];
  readonly values: Float64Array;
  readonly flags: Uint8Array;
  readonly cost: FeatureCost;
  /** The moment, and when the last event came that it knows; NaN where none did. */
  readonly atUs: number;
  readonly lastUs: number;
}

export function renderRow(row: ToldRow): string {
  const { symbol, at, source, layout, layoutHash, standing, columns, cost } = row;
  const lines = columns.map(({ name, units, declaration }, column) => [
    name,
    valueText(row, column),
    units,
    declaration?.family ?? 'column',
  ]);
  const imputed = row.flags.reduce((sum, flag) => sum + flag, 0);
  return [
    `${symbol} at ${at} from ${source}`,
    heardText(row),
    `layout ${layoutHash}, feed ${layout.feed}: ${columns.length} features, ${standing}` +
      (imputed > 0 ? ` (${imputed} not known)` : ''),
    `cost ${cost.bytesPerSymbol} bytes a symbol, ${cost.bytesOfMarket} of the market, ` +
      `${cost.sources} sources, ${cost.features} formulas (${cost.shared} shared)`,
    '',
    tableText([['feature', 'value', 'units', 'family'], ...lines]),
  ].join('\n');
}

/** How old what it knows is: a quiet market and a market long over look alike in numbers. */
function heardText({ atUs, lastUs }: ToldRow): string {
  if (Number.isNaN(lastUs)) return 'nothing was heard before';
  const ago = atUs - lastUs >= STALE_US ? `, ${span(atUs - lastUs)} before` : '';
  return `the last event heard came at ${formatTime(lastUs)}${ago}`;
}

/** Longer than a traded symbol is silent in a session. */
const STALE_US = 5 * MINUTE;

/** What is not known has no value, but what a model is given instead of it. */
export function jsonRow(row: ToldRow): Readonly<Record<string, unknown>> {
  const { columns, values, flags, cost, atUs: _atUs, lastUs, ...rest } = row;
  return {
    ...rest,
    ...(Number.isNaN(lastUs) ? {} : { heardUntil: formatTime(lastUs) }),
    cost,
    features: columns.map(({ name, units, tells, declaration }, column) => ({
      name,
      family: declaration?.family ?? 'column',
      [flags[column] === 1 ? 'imputed' : 'value']: values[column],
      units,
      isImputed: flags[column] === 1,
      version: declaration?.version,
      tells,
    })),
  };
}

export function renderRegistry(registry: FeatureRegistry): string {
  const { features, sources } = registry;
  const lines = [...features.values()].map((feature) => [
    feature.name,
    feature.family,
    feature.units,
    String(feature.layer),
    String(feature.version),
    String(lookbackOf(registry, feature.name)),
    whereUnknown(feature),
    feature.inputs.join(', '),
  ]);
  const columns = [...sources.values()].flatMap((source) =>
    source
      .build({ symbolsMax: 1, spanUs: 0 })
      .columns.map(({ name, units, tells }) => [`${source.name}.${name}`, units, tells]),
  );
  const custom = [...features.values()].filter(({ family }) => family === 'custom');
  const own = custom.map(({ name, tells }) => [name, tells]);
  return [
    `${features.size} features`,
    '',
    tableText([HEADER, ...lines]),
    '',
    ...(own.length === 0 ? [] : [tableText([['custom', 'tells'], ...own]), '']),
    'columns of sources, which features and expressions read beside every indicator',
    '',
    tableText([['column', 'units', 'tells'], ...columns]),
  ].join('\n');
}

const HEADER = ['feature', 'family', 'units', 'layer', 'version', 'bars', 'not known', 'reads'];

/** One feature, with all that it declares. */
export function renderFeature(registry: FeatureRegistry, feature: FeatureDeclaration): string {
  const bars = lookbackOf(registry, feature.name);
  const rows = [
    ['tells', feature.tells],
    ['family', feature.family],
    ['units', feature.units],
    ['layer', `${feature.layer} and above`],
    ['reads', feature.inputs.join(', ')],
    ['needs', bars === 0 ? 'no bars' : `${bars} closed bars`],
    ['not known', whereUnknown(feature)],
    ['version', String(feature.version)],
    ...(feature.source === undefined ? [] : [['source', feature.source]]),
  ];
  return `${feature.name}\n\n${tableText(rows)}`;
}

/** The same for a machine. */
export function jsonFeature(
  registry: FeatureRegistry,
  { formula: _formula, ...told }: FeatureDeclaration,
): Readonly<Record<string, unknown>> {
  return { ...told, lookback: lookbackOf(registry, told.name) };
}

function whereUnknown({ isCritical, imputed }: FeatureDeclaration): string {
  return isCritical ? 'the row is refused' : `imputed ${imputed}`;
}

/** Enough digits to tell two doubles apart only in JSON; here to be read. */
function valueText({ values, flags }: ToldRow, column: number): string {
  const value = measure(values[column] ?? Number.NaN);
  return flags[column] === 1 ? `not known (${value})` : value;
}

function tableText(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => widthOf(row[column] ?? ''))),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
