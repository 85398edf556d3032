import { StoreError } from '../../ports/store-error.ts';

/**
 * `none`: prices as they were traded. `splits`: in shares of the moment of `asOf`. `all`: dividends
 * too, as if each had been put back into the share.
 */
export type Adjust = 'none' | 'splits' | 'all';

export interface CorporateAction {
  readonly symbol: string;
  readonly kind: 'split' | 'dividend';
  /** Beginning of the first day that trades without it. */
  readonly exUs: number;
  readonly knownUs: number;
  /** New shares for an old one, or dollars a share; 0 where it was taken back. */
  readonly amount: number;
  /** Dollars before `exUs`; NaN where nobody told. */
  readonly closeBefore: number;
}

/** What a symbol's values before a moment are multiplied by; from the last moment on, by one. */
export interface Steps {
  readonly exUs: Float64Array;
  readonly price: Float64Array;
  readonly size: Float64Array;
}

/**
 * Factors by symbol, of those actions alone that had happened and were known at `asOfUs`: a split
 * of next week is no part of this week's prices, even where it is known.
 */
export function stepsOf(
  actions: readonly CorporateAction[],
  asOfUs: number,
  adjust: Adjust,
): ReadonlyMap<string, Steps> {
  const bySymbol = new Map<string, CorporateAction[]>();
  for (const action of knownAt(actions, asOfUs)) {
    if (adjust === 'none' || (adjust === 'splits' && action.kind !== 'split')) continue;
    if (action.amount === 0) continue;
    const known = bySymbol.get(action.symbol);
    if (known === undefined) bySymbol.set(action.symbol, [action]);
    else known.push(action);
  }
  return new Map([...bySymbol].map(([symbol, known]) => [symbol, accumulate(known)]));
}

/** Of each action the last that was told by then. */
function knownAt(actions: readonly CorporateAction[], asOfUs: number): readonly CorporateAction[] {
  const last = new Map<string, CorporateAction>();
  for (const action of actions) {
    if (action.knownUs > asOfUs || action.exUs > asOfUs) continue;
    const key = JSON.stringify([action.symbol, action.kind, action.exUs]);
    const before = last.get(key);
    if (before === undefined || before.knownUs <= action.knownUs) last.set(key, action);
  }
  return [...last.values()];
}

function accumulate(actions: readonly CorporateAction[]): Steps {
  const inOrder = actions.toSorted((left, right) => left.exUs - right.exUs);
  const price = new Float64Array(inOrder.length);
  const size = new Float64Array(inOrder.length);
  let [priceFactor, sizeFactor] = [1, 1];
  for (let at = inOrder.length - 1; at >= 0; at -= 1) {
    const action = inOrder[at];
    if (action === undefined) continue;
    priceFactor *= priceFactorOf(action);
    if (action.kind === 'split') sizeFactor *= action.amount;
    price[at] = priceFactor;
    size[at] = sizeFactor;
  }
  return { exUs: Float64Array.from(inOrder, ({ exUs }) => exUs), price, size };
}

function priceFactorOf(action: CorporateAction): number {
  const { symbol, kind, amount, closeBefore } = action;
  if (!(amount > 0)) throw unusable(action, `amount ${amount} is not above 0`);
  if (kind === 'split') return 1 / amount;
  if (!(closeBefore > amount)) {
    throw unusable(action, `no close above it is known on the day before, of ${symbol}`);
  }
  return 1 - amount / closeBefore;
}

function unusable({ symbol, kind, exUs }: CorporateAction, why: string): StoreError {
  const day = new Date(exUs / 1_000).toISOString().slice(0, 10);
  return new StoreError(
    'STORE_REFUSED',
    `the ${kind} of ${symbol} on ${day} cannot be applied: ${why}; correct it in ` +
      'corporate_actions, load the daily bar before it, or read unadjusted',
  );
}

/** The steps of what came before a moment alone: prices as they were quoted until then. */
export function stepsBefore({ exUs, price, size }: Steps, untilUs: number): Steps {
  const last = exUs.findIndex((us) => us >= untilUs);
  if (last < 0) return { exUs, price, size };
  const [later, more] = [price[last] ?? 1, size[last] ?? 1];
  return {
    exUs: exUs.slice(0, last),
    price: price.slice(0, last).map((factor) => factor / later),
    size: size.slice(0, last).map((factor) => factor / more),
  };
}

/** Which step a moment is before; as many as there are where it is after all of them. */
export function stepAt({ exUs }: Steps, us: number): number {
  let [low, high] = [0, exUs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((exUs[middle] ?? 0) > us) high = middle;
    else low = middle + 1;
  }
  return low;
}
