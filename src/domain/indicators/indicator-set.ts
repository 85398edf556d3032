import { assert, present } from '../../core/assert.ts';
import { hashText } from '../../core/hash.ts';
import type { ConfiguredIndicator } from './declaration.ts';

/** Several indicators side by side in one stride: `state[at .. at + width)` is one symbol. */
export interface IndicatorSet {
  readonly indicators: readonly ConfiguredIndicator[];
  /** Doubles of state of all of them together. */
  readonly width: number;
  /** Bars until the last of them is ready. */
  readonly warmupBars: number;
  /**
   * 16 hex digits over names, versions, parameters, outputs, widths and order. A saved stride may
   * be loaded only where this is equal; anything else has other meanings in the same places.
   */
  readonly layoutHash: string;
  /**
   * Slot offset of an indicator in the stride. `sma20` always works; `sma` where the set has only
   * one. An unknown or ambiguous name breaks an invariant.
   */
  at(name: string): number;
  /** Slot offset of one output: `output('bollinger', 'upper')`. */
  output(name: string, output: string): number;
  reset(state: Float64Array, at: number): void;
  /** One closed bar for all of them. Nothing outside the stride is written. */
  update(state: Float64Array, at: number, bar: Float64Array): void;
}

/** Raised when the set itself lays its slots out anew; an indicator has a version of its own. */
const LAYOUT_VERSION = 1;

const INDICATORS_MAX = 256;

export function createIndicatorSet(indicators: readonly ConfiguredIndicator[]): IndicatorSet {
  assert(indicators.length > 0, 'a set has an indicator');
  assert(indicators.length <= INDICATORS_MAX, `a set has at most ${INDICATORS_MAX} indicators`);
  const placements: Placement[] = [];
  let width = 0;
  for (const indicator of indicators) {
    placements.push({ indicator, offset: width });
    // Whole by definition; told so, V8 keeps the offsets and what is added to them as integers.
    width = (width + indicator.width) | 0;
  }
  const labels = new Set(indicators.map(({ label }) => label));
  assert(labels.size === placements.length, 'no indicator stands twice in a set');

  return {
    indicators: [...indicators],
    width,
    warmupBars: indicators.reduce((most, { warmupBars }) => Math.max(most, warmupBars), 0),
    layoutHash: hashText(describeLayout(placements)),

    at(name) {
      return find(placements, name).offset;
    },

    output(name, output) {
      const { indicator, offset } = find(placements, name);
      const slot = indicator.outputs.indexOf(output);
      assert(slot >= 0, `${name} has an output ${output}`);
      return offset + slot;
    },

    reset(state, at) {
      assert(at >= 0 && at + width <= state.length, 'a stride lies within its buffer');
      for (const { indicator, offset } of placements) indicator.reset(state, at + offset);
    },

    update(state, at, bar) {
      // Reading outside a typed array gives no error, so the place is checked here, once a bar.
      assert(at >= 0 && at + width <= state.length, 'a stride lies within its buffer');
      for (const { indicator, offset } of placements) indicator.update(state, at + offset, bar);
    },
  };
}

type Placement = {
  readonly indicator: ConfiguredIndicator;
  readonly offset: number;
};

function find(placements: readonly Placement[], name: string): Placement {
  const exact = placements.find(({ indicator }) => indicator.label === name);
  if (exact !== undefined) return exact;
  const named = placements.filter(({ indicator }) => indicator.name === name);
  assert(named.length === 1, `exactly one indicator is called ${name}`);
  return present(named[0], name);
}

function describeLayout(placements: readonly Placement[]): string {
  const parts = placements.map(({ indicator: { declaration, label, outputs, width } }) => {
    const { version = 1 } = declaration;
    // The first is not written: layouts saved before there were versions stay what they are.
    return `${label}${version === 1 ? '' : `/${version}`}[${outputs.join()}]:${width}`;
  });
  return `indicators/${LAYOUT_VERSION};${parts.join(';')}`;
}
