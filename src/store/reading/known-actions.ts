import type { RowBatch, TimeSeriesStore } from '../../ports/time-series.ts';
import { corporateActions } from '../tables/corporate-actions.ts';
import { bars } from '../tables/market.ts';
import { type Adjust, type CorporateAction, type Steps, stepsOf } from './adjustments.ts';
import { numbersOf, textsOf } from './columns-of.ts';

/** What is read from: a store, or what stands for one. */
export type Source = Pick<TimeSeriesStore, 'read'>;

export interface ActionQuery {
  readonly symbols: readonly string[] | undefined;
  /** Whose daily closes a dividend is measured by where nobody told one. */
  readonly feed: string;
  /** Actions before it change nothing that is read. */
  readonly fromUs: number;
  readonly asOfUs: number;
  readonly adjust: Adjust;
}

// Nothing trades for longer than that and still pays.
const CLOSE_AGE_US_MAX = 10 * 86_400_000_000;

/** The factors of what had happened and was known; none where nothing is to be adjusted. */
export async function readSteps(
  source: Source,
  query: ActionQuery,
): Promise<ReadonlyMap<string, Steps>> {
  const { symbols, fromUs, asOfUs, adjust } = query;
  if (adjust === 'none') return new Map();
  const actions: CorporateAction[] = [];
  const only = symbols === undefined ? {} : { symbol: symbols };
  const span = { fromUs, untilUs: Math.min(asOfUs + 1, Number.MAX_SAFE_INTEGER) };
  for await (const batch of source.read({ table: corporateActions, ...span, only })) {
    actions.push(...actionsOf(batch));
  }
  const told: CorporateAction[] = [];
  for (const action of actions) {
    const needsClose = adjust === 'all' && action.kind === 'dividend' && action.amount > 0;
    const isTold = !needsClose || !Number.isNaN(action.closeBefore);
    told.push(isTold ? action : await withClose(source, action, query));
  }
  return stepsOf(told, asOfUs, adjust);
}

function actionsOf(batch: RowBatch): readonly CorporateAction[] {
  const exUs = numbersOf(batch, 'ex_us');
  const symbols = textsOf(batch, 'symbol');
  const kinds = textsOf(batch, 'kind');
  const amounts = numbersOf(batch, 'amount');
  const closes = numbersOf(batch, 'close_before');
  const knownUs = numbersOf(batch, 'known_us');
  const actions: CorporateAction[] = [];
  for (let row = 0; row < batch.rows; row += 1) {
    const kind = kinds[row];
    // Of another kind, say a merger: it has no factor.
    if (kind !== 'split' && kind !== 'dividend') continue;
    actions.push({
      symbol: symbols[row] ?? '',
      kind,
      exUs: exUs[row] ?? 0,
      knownUs: knownUs[row] ?? 0,
      amount: amounts[row] ?? Number.NaN,
      closeBefore: closes[row] ?? Number.NaN,
    });
  }
  return actions;
}

/** The last daily close before it, as it was known at the time of the question. */
async function withClose(
  source: Source,
  action: CorporateAction,
  { feed, asOfUs }: ActionQuery,
): Promise<CorporateAction> {
  const span = { fromUs: Math.max(0, action.exUs - CLOSE_AGE_US_MAX), untilUs: action.exUs };
  const only = { symbol: [action.symbol], feed: [feed], timeframe: ['1d'] };
  let { closeBefore } = action;
  for await (const batch of source.read({ table: bars, ...span, only })) {
    const closes = numbersOf(batch, 'close');
    const knownUs = numbersOf(batch, 'known_us');
    for (let row = 0; row < batch.rows; row += 1) {
      if ((knownUs[row] ?? 0) <= asOfUs) closeBefore = closes[row] ?? closeBefore;
    }
  }
  return { ...action, closeBefore };
}
