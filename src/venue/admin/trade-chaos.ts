import { isMap } from '../sockets/codec.ts';
import type { TradeHub, TradeUpdate } from '../sockets/trade-hub.ts';
import type { ChaosActions } from './chaos.ts';
import { COUNT_RANGE, MS_RANGE } from './parameters.ts';

/** The order stream says things twice, late, or in words that nobody knows. */
export function tradeChaos(trading: TradeHub): ChaosActions {
  return {
    /** The last updates once more, with the same ids. */
    duplicateUpdates: (parameters) => {
      const count = parameters.whole('count', [1, HISTORY], 1);
      parameters.end();
      return trading.repeat(trading.last(count));
    },
    /** `new` and `fill` of an order that is long over (venues.md 0.14). */
    replayFill: (parameters) => {
      const clientOrderId = parameters.optionalText('clientOrderId');
      parameters.end();
      return trading.repeat(lifeOfLastFilled(trading.last(HISTORY), clientOrderId));
    },
    /** Unknown events, unknown statuses, keys that were not there yesterday. */
    alterUpdates: (parameters) => {
      const event = parameters.optionalText('event');
      const status = parameters.optionalText('status');
      const extra = parameters.map('extra');
      const left = parameters.whole('count', COUNT_RANGE, 1);
      parameters.end();
      const words = {
        ...(event === undefined ? {} : { event }),
        ...(status === undefined ? {} : { status }),
      };
      trading.alter = { patch: { ...words, extra }, left };
      return left;
    },
    /** The last update once more, as an event that nobody knows. */
    unknownUpdate: (parameters) => {
      const event = parameters.text('event', 'reimagined');
      parameters.end();
      return trading.repeat(trading.last(1).map((update) => ({ ...update, event })));
    },
    delayUpdates: (parameters) => {
      const ms = parameters.number('ms', MS_RANGE);
      parameters.end();
      trading.delayMs = ms;
      return 1;
    },
  };
}

const HISTORY = 1_000;

function lifeOfLastFilled(
  history: readonly TradeUpdate[],
  wanted: string | undefined,
): readonly TradeUpdate[] {
  const isWanted = (update: TradeUpdate) =>
    update['event'] === 'fill' && (wanted === undefined || clientIdOf(update) === wanted);
  const fill = history.findLast(isWanted);
  if (fill === undefined) return [];
  const id = clientIdOf(fill);
  return history.filter(
    (update) =>
      clientIdOf(update) === id && (update['event'] === 'new' || update['event'] === 'fill'),
  );
}

function clientIdOf(update: TradeUpdate): unknown {
  return isMap(update['order']) ? update['order']['client_order_id'] : undefined;
}
