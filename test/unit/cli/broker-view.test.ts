import { describe, expect, it } from 'vitest';
import { type AccountId, symbolId, textId } from '../../../src/core/ids.ts';
import { money, price, shares } from '../../../src/core/money.ts';
import { engineStatus, renderStatus } from '../../../src/cli/status.ts';
import { renderReport } from '../../../src/cli/report.ts';
import { SessionView } from '../../../src/cli/session-view.ts';
import { tellFact } from '../../../src/cli/story-steps.ts';
import { renderSummary } from '../../../src/cli/summary.ts';
import type { Fact, FactOf } from '../../../src/ports/fact.ts';
import { OPEN_US, SessionScript } from './session-script.ts';

const account = textId<AccountId>('PAPER');
const OPENED: FactOf<'accountOpened'> = {
  kind: 'accountOpened',
  account,
  cash: money(1_000_000_000),
};
const ADOPTED: FactOf<'positionAdopted'> = {
  kind: 'positionAdopted',
  account,
  symbol: symbolId(0),
  quantity: 10,
  cost: money(900_000),
  price: price(90_000),
  origin: 'opening',
};
const EXTERNAL: FactOf<'externalOrder'> = {
  kind: 'externalOrder',
  clientOrderId: textId('by-hand'),
  venueOrderId: textId('v-1'),
  symbol: symbolId(0),
  side: 'buy',
  quantity: shares(10),
  filledQuantity: shares(4),
  isOpen: true,
  isFormOurs: false,
};
const DRIFT: FactOf<'driftFound'> = {
  kind: 'driftFound',
  symbol: symbolId(0),
  ours: 10,
  theirs: 7,
};

function viewOf(...facts: readonly Fact[]): SessionView {
  const view = new SessionView();
  const items = facts.map((fact) => ({ type: 'fact', actor: 1, fact }) as const);
  view.turn(1, OPEN_US, { items, timers: [], crashes: [] });
  return view;
}

const PARTS = {
  sessionId: 's-1',
  kind: 'paper',
  source: 'alpaca',
  pid: 1,
  sinceUs: OPEN_US,
  records: 1,
  events: 1,
  decisionHash: '0'.repeat(16),
  journalState: 'open',
  journalBytes: 1,
} as const;

const ENDING = {
  decisionHash: '0',
  reason: 'x',
  wallUs: 1,
  cpuUs: 1,
  inputs: 1,
  journalPath: 'data/sessions/s-1/journal',
  journalBytes: 1,
  reportPath: '',
  notes: [],
};

describe("the broker's books in the view", () => {
  it('are no profit and no loss, and are in the equity', () => {
    const came: Fact = { kind: 'cashAdjusted', account, amount: money(50_000), origin: 'external' };
    const view = viewOf(OPENED, ADOPTED, came);

    expect(view.profit).toBe(0);
    expect(view.ledger.equity).toBe(1_000_000_000 + 900_000 + 50_000);
    expect(view.heldPositions()).toMatchObject([[0, { quantity: 10, cost: 900_000 }]]);
    expect(view.broker.cashAdjusted).toBe(50_000);
  });

  it('are told by status: reconciled or not, orders of others, drift, slots', () => {
    const asked: Fact = {
      kind: 'reconcileAsked',
      account,
      attempt: 3,
      failures: 2,
      isBlocking: true,
      sinceUs: 0,
      atUs: 1,
    };
    const before = engineStatus(viewOf(OPENED, asked), PARTS);
    expect(renderStatus(before)).toContain('question 3, 2 failures in a row');

    const view = viewOf(
      OPENED,
      { kind: 'reconciled', account, attempt: 4, atUs: 1 },
      EXTERNAL,
      DRIFT,
      { kind: 'slotsAsked', symbols: [symbolId(1), symbolId(2)], atUs: 1 },
    );
    const line = 'broker     books agree; 1 external order; 1 DRIFT; quotes of 2 symbols';
    expect(renderStatus(engineStatus(view, PARTS))).toContain(line);

    view.input({ kind: 'serviceChanged', service: 'broker', state: 'down', reason: 'x' }, OPEN_US);
    expect(engineStatus(view, PARTS).reconciliation).toContain('no entries');
  });

  it('are told at the end, and not where there is nothing to tell', () => {
    const { description } = new SessionScript();
    expect(renderSummary(viewOf(OPENED), description, ENDING)).not.toContain('  broker ');
    const told = renderSummary(viewOf(OPENED, ADOPTED, EXTERNAL, DRIFT), description, ENDING);
    expect(told).toContain('  broker       1 external order; 1 position adopted; 1 DRIFT');
  });

  it('are a part of the report, where there is anything of others', () => {
    const { description } = new SessionScript();
    const material = { description, ending: ENDING, config: '', latencies: [] };
    expect(renderReport(viewOf(OPENED), material)).not.toContain('Not by this session');

    const page = renderReport(viewOf(OPENED, ADOPTED, EXTERNAL, DRIFT), material);
    expect(page).toContain('Not by this session');
    expect(page).toContain('Orders of others (1)');
    expect(page).toContain('by-hand');
    expect(page).toContain('1 drift');
  });

  it('are told in the story of a symbol', () => {
    expect([ADOPTED, EXTERNAL, DRIFT].map((fact) => tellFact(fact)?.text)).toEqual([
      '10 at the broker, held when the session began',
      'somebody else wants to buy 10 (by-hand): 4 filled',
      '10 in our books, 7 at the broker: DRIFT',
    ]);
  });
});
