import { MINUTE, SECOND } from '../../core/time.ts';
import type { FamilyDefinition } from '../runtime/definition.ts';
import { condenseMembers, LAYER_LAYOUT, LAYER_MEMBER, LAYER_SINCE_US, moved } from './layer-row.ts';
import type { LayerRowMessage } from './row-messages.ts';

/**
 * Layer 0, the universe: listed, active, tradable stocks and funds. Decided when a symbol is
 * named. An index is only looked at, whatever its listing says.
 */
export function layer0(): FamilyDefinition<LayerRowMessage, 'layerMoved'> {
  return {
    name: 'layer-0',
    restart: { restartsMax: 3, withinUs: 10 * SECOND, then: 'quarantine', quarantineUs: MINUTE },
    hears: ['symbolNamed'],
    applies: ['layerMoved'],
    stride: LAYER_SINCE_US + 1,
    layoutHash: LAYER_LAYOUT,
    resetRow: () => undefined, // Membership is a decision; a reset forgets only what was measured.
    sweep(rows, message, turn) {
      if (message.kind !== 'symbolNamed') return;
      const { symbol, assetClass } = message;
      const isTradable = message.isTradable && (assetClass === 'equity' || assetClass === 'fund');
      const isMember = rows.values[rows.at(symbol) + LAYER_MEMBER] === 1;
      if (isTradable === isMember) return;
      turn.record(moved(0, symbol, isTradable, isTradable ? 'tradable' : 'not tradable', 1, turn));
    },
    apply(rows, fact) {
      if (fact.layer !== 0) return;
      rows.values[rows.at(fact.symbol) + LAYER_MEMBER] = fact.isMember ? 1 : 0;
      rows.values[rows.at(fact.symbol) + LAYER_SINCE_US] = fact.atUs;
    },
    condense: (rows) => condenseMembers(rows, 0),
  };
}
