import { describe, expect, it } from 'vitest';
import { PORTFOLIO, RISK } from '../../../src/actors/kernel/actor-table.ts';
import { portfolio } from '../../../src/actors/kernel/portfolio.ts';
import { type AccountId, symbolId, textId } from '../../../src/core/ids.ts';
import { money, price, shares } from '../../../src/core/money.ts';
import type { Fact } from '../../../src/ports/fact.ts';
import { KernelHarness } from '../../kernel-harness.ts';

const ACCOUNT = textId<AccountId>('PAPER');
const A = symbolId(0);

const OPENED: Fact = { kind: 'accountOpened', account: ACCOUNT, cash: money(1_000_000) };
const FILLED: Fact = {
  kind: 'filled',
  account: ACCOUNT,
  clientOrderId: textId('o-1'),
  symbol: A,
  side: 'buy',
  execution: {
    executionId: textId('x-1'),
    quantity: shares(10),
    price: price(1_000),
    venueUs: 1,
  },
};

/** The portfolio with ten shares; risk is a probe. */
function holding(): KernelHarness {
  const harness = new KernelHarness({ actors: [[PORTFOLIO, portfolio()]] });
  for (const fact of [OPENED, FILLED]) harness.kernel.applyRecorded(fact, harness.nowUs);
  return harness;
}

function priced(harness: KernelHarness, ticks: number, symbol = A): void {
  harness.tell(PORTFOLIO, { kind: 'priced', symbol, price: ticks });
}

describe('portfolio', () => {
  it('marks what it holds and tells risk', () => {
    const harness = holding();
    priced(harness, 1_100);

    expect(harness.facts).toEqual([{ kind: 'marked', symbol: A, price: 1_100 }]);
    expect(harness.heard(RISK)).toEqual([{ kind: 'valued' }]);
  });

  it('rounds the middle of a quote to a ten-thousandth', () => {
    const harness = holding();
    priced(harness, 1_100.5);

    expect(harness.facts).toMatchObject([{ price: 1_101 }]);
  });

  it.each([
    ['the mark it has', 1_000],
    ['no number', Number.NaN],
    ['nothing', 0],
    ['less than a tick', 0.4],
    ['more than a price can be', 1e13],
    ['infinity', Number.POSITIVE_INFINITY],
  ])('says nothing to a price of %s', (_, ticks) => {
    const harness = holding();
    priced(harness, ticks);

    expect(harness.facts).toEqual([]);
    expect(harness.heard(RISK)).toEqual([]);
  });

  it('says nothing of what it does not hold', () => {
    const harness = holding();
    priced(harness, 1_100, symbolId(1));

    expect(harness.facts).toEqual([]);
  });

  it('comes back from a snapshot with the same books', () => {
    const harness = holding();
    priced(harness, 1_100);

    expect(harness.condensed(PORTFOLIO)).toEqual([
      { kind: 'accountCarried', account: ACCOUNT, cash: 990_000, realized: 0 },
      {
        kind: 'positionCarried',
        account: ACCOUNT,
        symbol: A,
        quantity: 10,
        cost: 10_000,
        realized: 0,
        mark: 1_100,
      },
    ]);
    expect(harness.reloadedSnapshot()).toEqual(harness.snapshot());
  });
});
