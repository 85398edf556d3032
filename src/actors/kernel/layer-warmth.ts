import { hashText } from '../../core/hash.ts';
import type { AppliedOf, FamilyTurn } from '../runtime/definition.ts';
import type { RowTable } from '../runtime/row-table.ts';
import { LAYER_LAYOUT, LAYER_MEMBER, LAYER_SCORE, LAYER_SINCE_US, moved } from './layer-row.ts';

type RowWarmed = AppliedOf<'rowWarmed'>;

/** Membership, since when and with which score; then what the symbol is measured by. */
const MEMBER = 0;
const SINCE_US = 1;
const SCORE = 2;
const MEASURES = 3;

/**
 * What a layer's row goes on from in another session. Its measures are taken as they are; that the
 * symbol is a member is decided anew, as a fact that names the session it comes from, so that
 * everybody who lives by the layers hears of it. Days of history are the new session's own.
 */
export class LayerWarmth {
  readonly family: string;
  /** Doubles in it, and the hash of what they mean. */
  readonly width: number;
  readonly layout: string;
  readonly #layer: number;
  readonly #measures: readonly number[];

  /** @param measures places in the layer's row. @param meaning what else their values rest on. */
  constructor(layer: number, measures: readonly number[], meaning: string) {
    this.family = `layer-${layer}`;
    this.#layer = layer;
    this.#measures = measures;
    this.width = MEASURES + measures.length;
    const what = `layer-warmth/1;${layer};${LAYER_LAYOUT};${measures.join(',')};${meaning}`;
    this.layout = hashText(what);
  }

  read(values: Float64Array, at: number): Float64Array {
    const warmth = new Float64Array(this.width);
    warmth[MEMBER] = values[at + LAYER_MEMBER] ?? 0;
    warmth[SINCE_US] = values[at + LAYER_SINCE_US] ?? 0;
    warmth[SCORE] = values[at + LAYER_SCORE] ?? Number.NaN;
    for (const [place, measure] of this.#measures.entries()) {
      warmth[MEASURES + place] = values[at + measure] ?? Number.NaN;
    }
    return warmth;
  }

  /** Takes over what is no membership, where it is this layer's. */
  apply(rows: RowTable, warmed: RowWarmed): void {
    if (!this.#isOurs(rows, warmed)) return;
    const at = rows.at(warmed.symbol);
    rows.values[at + LAYER_SINCE_US] = warmed.values[SINCE_US] ?? 0;
    rows.values[at + LAYER_SCORE] = warmed.values[SCORE] ?? Number.NaN;
    for (const [place, measure] of this.#measures.entries()) {
      rows.values[at + measure] = warmed.values[MEASURES + place] ?? Number.NaN;
    }
  }

  /** Lets a member be one again, unless it is. */
  enter(rows: RowTable, warmed: RowWarmed, turn: FamilyTurn): void {
    const { symbol, values, session } = warmed;
    if (!this.#isOurs(rows, warmed) || values[MEMBER] !== 1) return;
    if (rows.values[rows.at(symbol) + LAYER_MEMBER] === 1) return;
    const score = values[SCORE] ?? Number.NaN;
    const fact = moved(this.#layer, symbol, true, `carried from ${session}`, score, turn);
    turn.record({ ...fact, atUs: values[SINCE_US] ?? turn.nowUs });
  }

  /** Of another layout it would mean something else. */
  #isOurs(rows: RowTable, { family, layout, values, symbol }: RowWarmed): boolean {
    if (family !== this.family || layout !== this.layout) return false;
    return values.length === this.width && symbol < rows.rows;
  }
}
