import { PRICE_SCALE } from '../../core/money.ts';
import { isMap } from '../sockets/codec.ts';
import type { TradeHub } from '../sockets/trade-hub.ts';
import type { TradingDesk } from '../trading/trading-desk.ts';
import type { ChaosActions } from './chaos.ts';
import { AdminError, type Parameters, PRICE_RANGE, type Range } from './parameters.ts';

/** What a broker does after it said yes. */
export function deskChaos(
  desk: Pick<TradingDesk, 'rejectNext' | 'bust' | 'correct'>,
  trading: TradeHub,
  nowUs: () => number,
): ChaosActions {
  return {
    /** 200 on POST, and a refusal by the stream. */
    rejectOrders: (parameters) => {
      const count = parameters.whole('count', REJECT_RANGE, 1);
      parameters.end();
      desk.rejectNext(count);
      return count;
    },
    /** An execution never happened: the last one, or the one named. */
    bustFill: (parameters) => {
      const id = executionOf(parameters, trading);
      parameters.end();
      return Number(desk.bust(id, nowUs()));
    },
    /** An execution had another price. */
    correctFill: (parameters) => {
      const id = executionOf(parameters, trading);
      const unit = Math.round(parameters.number('price', PRICE_RANGE) * PRICE_SCALE);
      parameters.end();
      return Number(desk.correct(id, unit, nowUs()));
    },
  };
}

function executionOf(parameters: Parameters, trading: TradeHub): string {
  const named = parameters.optionalText('executionId');
  const clientOrderId = parameters.optionalText('clientOrderId');
  if (named !== undefined) return named;
  const fill = trading.last(HISTORY).findLast((update) => {
    const event = update['event'];
    const order = update['order'];
    const isFill = event === 'fill' || event === 'partial_fill';
    const isWanted = isMap(order) && order['client_order_id'] === clientOrderId;
    return isFill && (clientOrderId === undefined || isWanted);
  });
  const id = fill?.['execution_id'];
  if (typeof id !== 'string') throw new AdminError('there is no fill yet');
  return id;
}

const HISTORY = 1_000;
/** None takes back what was asked for before. */
const REJECT_RANGE: Range = [0, 10_000];
