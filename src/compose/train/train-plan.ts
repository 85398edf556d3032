import { feedLabel } from '../../cli/config-polygon.ts';
import type { Config } from '../../cli/config-schema.ts';
import type { TrainOptions } from '../../cli/train-options.ts';
import { nearestWord } from '../../core/nearest-word.ts';
import { FAMILIES, type Family, type Purpose } from '../../models/artefact/card.ts';
import { TrainError } from './train-error.ts';

/** Where the market comes from that is learned from. */
export type TrainSource =
  /** The venue's generator: no file is needed, and it says nothing of a real market. */
  | { readonly kind: 'seeded'; readonly symbols: number; readonly days: number }
  /** A folder of minutes or of days, as `strata replay` reads them; splits of unadjusted days. */
  | { readonly kind: 'recorded'; readonly path: string; readonly actions?: string }
  /** What sessions left in the store of the data directory. */
  | { readonly kind: 'store'; readonly feed: string };

export type LabelKind = 'forward' | 'barrier';

/** Which symbols, and what a sample of each counts for. */
export interface UniversePlan {
  readonly strategy: 'layered' | 'layer' | 'symbols';
  readonly symbols: readonly string[];
  readonly layer: number | undefined;
  readonly limit: number | undefined;
  /** A file of sectors, for the sample of layer 0. */
  readonly sectors: string | undefined;
}

/** All that a training is: the same plan makes the same models, bit for bit, on the CPU. */
export interface TrainPlan {
  readonly families: readonly Family[];
  readonly purpose: Purpose;
  readonly label: LabelKind;
  readonly source: TrainSource;
  readonly universe: UniversePlan;
  readonly lookbackDays: number | undefined;
  readonly features: readonly string[];
  readonly timeframe: '1m' | '1d';
  readonly horizonBars: number;
  readonly seed: number;
  /** The beginning of every name: `momentum` makes `momentum-mlp`. */
  readonly namePrefix: string;
  readonly training: Config['training'];
  readonly layer1: Config['universe']['layer1'];
  readonly layer2: Config['universe']['layer2'];
}

/** Reads what was typed and configured. Throws `TrainError`. */
export function planOf(options: TrainOptions, config: Config): TrainPlan {
  const { training, universe } = config;
  const { purpose, symbols, layer, limit, lookbackDays, sectors } = options;
  const isOfDays = purpose === 'liquidity' || purpose === 'value';
  return {
    families: familiesOf(options.models, training.groups),
    purpose,
    label: options.label ?? (purpose === 'ensemble' ? 'barrier' : 'forward'),
    source: sourceOf(options, config),
    universe: { strategy: strategyOf(options, config), symbols, layer, limit, sectors },
    lookbackDays,
    features: options.features ?? (isOfDays ? training.features.days : training.features.momentum),
    timeframe: isOfDays ? '1d' : '1m',
    horizonBars: horizonOf(purpose, training),
    seed: options.seed,
    namePrefix: options.name ?? purpose,
    training,
    layer1: universe.layer1,
    layer2: universe.layer2,
  };
}

/** Names and groups, each family once, in their own order. */
function familiesOf(
  asked: readonly string[],
  groups: Config['training']['groups'],
): readonly Family[] {
  const found = new Set<Family>();
  for (const name of asked) {
    const family = FAMILIES.find((each) => each === name);
    const group = groups[name];
    if (family !== undefined) found.add(family);
    else if (group !== undefined) group.forEach((each) => found.add(each));
    else throw unknown(name, [...FAMILIES, ...Object.keys(groups)]);
  }
  if (found.size === 0) throw unknown('', [...FAMILIES, ...Object.keys(groups)]);
  return FAMILIES.filter((family) => found.has(family));
}

function unknown(name: string, known: readonly string[]): TrainError {
  const near = nearestWord(name, known);
  const hint = near === undefined ? '.' : `; did you mean ${near}?`;
  const message = `no model is called "${name}"${hint} There are ${known.join(', ')}`;
  return new TrainError('TRAIN_MODELS_UNKNOWN', message);
}

function sourceOf({ source, market, actions }: TrainOptions, config: Config): TrainSource {
  if (source === undefined || source === 'seeded') {
    const { symbols, days } = config.training.seeded;
    return { kind: 'seeded', symbols: market?.symbols ?? symbols, days: market?.days ?? days };
  }
  const feed = STORE.exec(source)?.[1];
  if (feed !== undefined)
    return { kind: 'store', feed: feed === '' ? feedLabel(config.market) : feed };
  return { kind: 'recorded', path: source, ...(actions === undefined ? {} : { actions }) };
}

/** `store`, or `store:FEED` where it is not the feed of the configuration. */
export const STORE = /^store(?:$|:)(.*)$/;

function strategyOf(options: TrainOptions, { training }: Config): UniversePlan['strategy'] {
  if (options.symbols.length > 0) return 'symbols';
  return options.layer === undefined ? training.universe : 'layer';
}

function horizonOf(purpose: Purpose, { horizonBars }: Config['training']): number {
  if (purpose === 'liquidity') return 1;
  return purpose === 'value' ? horizonBars.value : horizonBars.momentum;
}
