import { hashText } from '../../core/hash.ts';
import { symbolId } from '../../core/ids.ts';
import type { Fact, FactOf } from '../../ports/fact.ts';
import type { Turn } from '../runtime/definition.ts';
import type { RowTable } from '../runtime/row-table.ts';

/** Places that all layers share. The first four are decisions and outlive a reset. */
export const LAYER_MEMBER = 0;
export const LAYER_SINCE_US = 1;
/** Is it in the layer below? */
export const LAYER_BELOW = 2;
/** With which it came in or went out. */
export const LAYER_SCORE = 3;
export const LAYER_MEASURES = 4;

export const LAYER_LAYOUT = hashText('layer-row/2');

export function moved(
  layer: number,
  row: number,
  isMember: boolean,
  reason: string,
  score: number,
  turn: Turn,
): FactOf<'layerMoved'> {
  const symbol = symbolId(row);
  return { kind: 'layerMoved', layer, symbol, isMember, reason, score, atUs: turn.nowUs };
}

/** What a layer's move means to a layer's row: its own membership, or that of the one below. */
export function applyMove(rows: RowTable, layer: number, fact: FactOf<'layerMoved'>): void {
  const at = rows.at(fact.symbol);
  if (fact.layer === layer - 1) rows.values[at + LAYER_BELOW] = fact.isMember ? 1 : 0;
  if (fact.layer !== layer) return;
  rows.values[at + LAYER_MEMBER] = fact.isMember ? 1 : 0;
  rows.values[at + LAYER_SINCE_US] = fact.atUs;
  rows.values[at + LAYER_SCORE] = fact.score;
}

export function condenseMembers(rows: RowTable, layer: number): readonly Fact[] {
  const facts: Fact[] = [];
  for (let row = 0; row < rows.rows; row += 1) {
    const at = rows.at(row);
    const carried = {
      kind: 'layerMoved',
      symbol: symbolId(row),
      isMember: true,
      reason: 'carried',
      score: Number.NaN,
      atUs: rows.values[at + LAYER_SINCE_US] ?? 0,
    } as const;
    if (layer > 0 && rows.values[at + LAYER_BELOW] === 1) {
      facts.push({ ...carried, layer: layer - 1 });
    }
    if (rows.values[at + LAYER_MEMBER] !== 1) continue;
    const score = layer > 0 ? (rows.values[at + LAYER_SCORE] ?? Number.NaN) : Number.NaN;
    facts.push({ ...carried, layer, score });
  }
  return facts;
}
