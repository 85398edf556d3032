import { hashText } from '../../core/hash.ts';
import { type Normalisation, UNSCALED } from './normalisation.ts';
import type { Placed } from './placement.ts';
import type { Plan } from './resolve.ts';
import type { FeatureSource } from './source.ts';
import { USUAL_TIMEFRAME } from './timeframe.ts';

/**
 * Which features stand where in a vector, of whose market, and how they are scaled. Its hash
 * travels with every model and signal: a row of another hash has other meanings in its places.
 */
export interface FeatureLayout {
  /** Whose market: `iex`, `sip`, `lean`. Volumes of one feed mean nothing to another. */
  readonly feed: string;
  /** What a name without a timeframe means: `1m` where it is left out. */
  readonly timeframe?: string;
  /** In order: `rsi14`, `return5`, `return5:5m`. */
  readonly names: readonly string[];
  /** One for each name; left out: none is scaled. */
  readonly normalisation?: readonly Normalisation[];
}

/** 16 hex digits over names, versions, all that lies beneath them, the feed and the scaling. */
export function layoutHash(layout: FeatureLayout, plan: Plan): string {
  const { feed, timeframe = USUAL_TIMEFRAME, names, normalisation } = layout;
  const features = plan.features.map(
    ({ key, declaration: { version, isCritical, imputed, inputs } }) =>
      `${key}/${version}/${isCritical}/${imputed}(${inputs.join()})`,
  );
  const sources = plan.sources.map(({ key, timeframe, declaration, columns }) => {
    const { version, width } = declaration.build({ symbolsMax: 1, spanUs: 0 });
    return `${key}/${timeframe}/${version}/${width}(${columns.map(({ name }) => name).join()})`;
  });
  const scaling = names.map((_, at) => describe(normalisation?.[at] ?? UNSCALED));
  const parts = [FORMAT, feed, timeframe, names.join(), scaling.join(), ...features, ...sources];
  return hashText(parts.join('\n'));
}

/**
 * 16 hex digits over what each double of the state means: all sources there are, those too that no
 * column asks for, in which order and where they stand.
 */
export function stateHash(placed: readonly Placed<FeatureSource>[]): string {
  const sources = placed.map(({ source, timeframe, stateAt }) => {
    const { scope, name, version, width, columns } = source;
    const own = columns.map((column) => column.name).join();
    return `${scope}/${name}/${timeframe}/${version}/${stateAt}+${width}(${own})`;
  });
  return hashText([FORMAT, ...sources].join('\n'));
}

/** Raised when the order or the meaning of what is hashed changes. */
const FORMAT = 'features/1';

/** Doubles as shortest text: equal text, equal bits. */
function describe(by: Normalisation): string {
  return by.kind === 'none' ? 'none' : `${by.kind} ${by.mean} ${by.deviation} ${by.clip}`;
}
