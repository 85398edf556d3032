import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.ts';
import { STANDARD_REGISTRY } from '../../src/domain/features/standard-registry.ts';

const { features, sources } = STANDARD_REGISTRY;
const FEATURES = [...features.values()];
const COLUMNS = [...sources.values()].flatMap((source) =>
  source
    .build({ symbolsMax: 1, spanUs: 0 })
    .columns.map((column) => ({ ...column, name: `${source.name}.${column.name}` })),
);
/** Around every bound that a formula may have, and nothing at all. */
const VALUES = [NaN, -1e9, -5, -1, -0.5, -0, 0, 0.2, 0.4, 0.5, 1, 2, 3, 4, 15, 63, 100, 1e9];
const ROWS = 2_000;
const SEED = 20_261;

/** `isMonthEnd`, `industryIsStandIn`; told as `1 where it holds`. */
function isYesOrNo({ name, tells }: { readonly name: string; readonly tells: string }): boolean {
  const own = name.slice(name.lastIndexOf('.') + 1);
  return /^is[A-Z]|Is[A-Z]/.test(own) || /^1 (?:where|in|on)\b/.test(tells);
}

describe('features and columns that answer yes or no', () => {
  it('are flags, and nothing else is', () => {
    const all = [...FEATURES, ...COLUMNS];
    const named = all.filter(isYesOrNo).map(({ name }) => name);
    const flags = all.filter(({ units }) => units === 'flag').map(({ name }) => name);

    expect(named).toEqual(flags);
    expect(flags).toContain('isBeforeEarnings');
    expect(flags).toContain('calendar.isMonthEnd');
  });

  it.each(FEATURES.filter(({ units }) => units === 'flag').map((feature) => [feature.name]))(
    '%s is 1, 0 or not known, whatever its columns hold',
    (name) => {
      const feature = features.get(name);
      const random = new Random(SEED);
      const areInputsFlags = feature?.inputs.length === 1 && isFlagColumn(feature.inputs[0]);
      const values = areInputsFlags ? [NaN, 0, 1] : VALUES;
      const seen = new Set<number>();
      for (let row = 0; row < ROWS; row += 1) {
        const x = Float64Array.from(
          feature?.inputs ?? [],
          () => values[random.below(values.length)] ?? NaN,
        );
        seen.add(feature?.formula(x) ?? -1);
      }

      expect(seen).toEqual(new Set([0, 1, NaN]));
    },
  );
});

function isFlagColumn(input = ''): boolean {
  return COLUMNS.some(({ name, units }) => name === input && units === 'flag');
}
