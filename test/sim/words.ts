import type { Input } from '../../src/ports/input.ts';
import type { TurnItem } from '../../src/ports/turn-record.ts';

/** What a trace says of a decision; empty for what would drown the rest. */
export function wordsOf(item: TurnItem): string {
  if (item.type === 'digest') return '';
  const said = item.type === 'fact' ? item.fact : item.effect;
  switch (said.kind) {
    case 'reserved':
    case 'intended':
    case 'stood':
    case 'filled':
    case 'released':
    case 'cancelAsked':
    case 'enquired':
    case 'absent':
    case 'crashed':
    case 'quarantined':
    case 'tradingHalted':
    case 'tradingResumed':
    case 'strayReported':
    case 'reconcileAsked':
    case 'reconciled':
    case 'positionAdopted':
    case 'positionDoubted':
    case 'cashAdjusted':
    case 'cashDoubted':
    case 'driftFound':
    case 'externalOrder':
    case 'handsOff':
    case 'symbolBanned':
    case 'submitOrder':
    case 'cancelOrder':
    case 'enquireOrder':
      return `  ${item.type} ${said.kind} ${inShort(said)}`;
    case 'alert':
      return `  alert ${said.code}: ${said.text}`;
    default:
      return '';
  }
}

/** What a trace says of an input. */
export function wordsOfInput(input: Input): string {
  if (input.kind === 'orderUpdated') {
    const { clientOrderId, event, filledQuantity, executions } = input.report;
    const ids = executions.map(({ executionId }) => executionId).join(' ');
    return `update ${clientOrderId} ${event}, filled ${filledQuantity} ${ids}`;
  }
  if (input.kind !== 'answered') return `input ${inShort(input)}`;
  const { outcome, code = '', order, scores, effectInput } = input;
  if (scores !== undefined) return '';
  if (order === undefined && outcome === 'done') return '';
  const found = order === undefined ? '' : `${order.clientOrderId} ${order.status}`;
  return `answer to ${effectInput}: ${outcome} ${code} ${found}`;
}

/** As JSON without its quotation marks. */
function inShort(value: object): string {
  return JSON.stringify(value).replaceAll('"', '').slice(0, 260);
}
