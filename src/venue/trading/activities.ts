import { formatTime } from '../../core/time.ts';
import type { BookedExecution } from '../../domain/matching/brokerage-order.ts';
import { amountText, parameterInvalid } from '../../domain/matching/brokerage-refusal.ts';
import { uuidOf } from '../../domain/matching/wire-ids.ts';
import type { AssetTable } from './asset-table.ts';
import { invalid, readDirection, readInstant, readLimit, readWindow } from './order-query.ts';
import { answer, type DeskAnswer, isRefusal, type JsonObject, type Query, refuse } from './wire.ts';

const PAGE_MAX = 100;

/**
 * GET /account/activities (venues.md 4.2): executions, the only activity of a paper account. One
 * that was busted is gone, one that was corrected has its new price. Its id is its own: executions
 * on the stream have others (8, recovery step 5).
 */
export class Activities {
  readonly #executions: readonly BookedExecution[];
  readonly #assets: AssetTable;
  readonly #seed: number;
  readonly #numbers = new Map<string, number>();
  #known = 0;

  constructor(executions: readonly BookedExecution[], assets: AssetTable, seed: number) {
    this.#executions = executions;
    this.#assets = assets;
    this.#seed = seed;
  }

  list(query: Query): DeskAnswer {
    const size = readLimit(query['page_size'], PAGE_MAX, PAGE_MAX);
    if (size === undefined) return refuse(invalid('page_size', query));
    const direction = readDirection(query);
    if (direction === undefined) return refuse(invalid('direction', query));
    const window = readWindow(query);
    if (isRefusal(window)) return refuse(window);
    const dayUs = query['date'] === undefined ? undefined : readInstant(query['date']);
    if (query['date'] !== undefined && dayUs === undefined) return refuse(invalid('date', query));
    const token = query['page_token'];
    const from = token === undefined || token === '' ? undefined : this.#numberOf(token);
    if (token !== undefined && token !== '' && from === undefined) {
      return refuse(parameterInvalid(`invalid page_token: ${token}`));
    }
    if (!wantsFills(query)) return answer(200, []);
    const found = this.#executions.filter(
      ({ number, atUs, isBusted }) =>
        !isBusted &&
        atUs > window.afterUs &&
        atUs < window.untilUs &&
        (dayUs === undefined || formatTime(atUs).slice(0, 10) === formatTime(dayUs).slice(0, 10)) &&
        (from === undefined || (direction === 'asc' ? number > from : number < from)),
    );
    const sorted = direction === 'asc' ? found : found.toReversed();
    return answer(
      200,
      sorted.slice(0, size).map((execution) => this.#write(execution)),
    );
  }

  #numberOf(token: string): number | undefined {
    for (; this.#known < this.#executions.length; this.#known += 1) {
      const execution = this.#executions[this.#known];
      if (execution !== undefined) this.#numbers.set(this.#idOf(execution), execution.number);
    }
    return this.#numbers.get(token);
  }

  /** Milliseconds first, so that ids sort; UTC, as the example has it. */
  #idOf({ atUs, number }: BookedExecution): string {
    const digits = formatTime(atUs).replaceAll(/\D/g, '').slice(0, 17);
    return `${digits}::${uuidOf(this.#seed, 'activity', number)}`;
  }

  #write(execution: BookedExecution): JsonObject {
    const { order, quantity, price, atUs, filledQuantity, leavesQuantity } = execution;
    const isLast = leavesQuantity === 0;
    return {
      id: this.#idOf(execution),
      activity_type: 'FILL',
      transaction_time: formatTime(atUs),
      type: isLast ? 'fill' : 'partial_fill',
      price: amountText(price),
      qty: String(quantity),
      cum_qty: String(filledQuantity),
      leaves_qty: String(leavesQuantity),
      side: order.request.side,
      symbol: this.#assets.at(order.request.symbol).name,
      order_id: order.id,
      order_status: isLast ? 'filled' : 'partially_filled',
    };
  }
}

function wantsFills(query: Query): boolean {
  const types = query['activity_types'] ?? '';
  const isOther = (query['category'] ?? 'trade_activity') !== 'trade_activity';
  return !isOther && (types === '' || types.split(',').includes('FILL'));
}
