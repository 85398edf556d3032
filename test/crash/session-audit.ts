import { cpSync } from 'node:fs';
import { symbolId } from '../../src/core/ids.ts';
import { openSession } from '../../src/compose/open-session.ts';
import { readSessionFile, sessionReader } from '../../src/compose/session-files.ts';
import { visitSession } from '../../src/cli/read-session.ts';
import { Ledger } from '../../src/domain/portfolio/ledger.ts';
import type { Standing } from '../../src/domain/orders/standing.ts';
import type { Fact } from '../../src/ports/fact.ts';
import { nodeDisk } from '../../src/store/journal/node-disk.ts';
import { dataDirectory } from './data-directory.ts';

/** What a session's journal says of orders and money, and what the venue says of the same. */
export interface Audit {
  readonly lives: number;
  readonly orders: readonly string[];
  /** Ids that were intended, or executions that were booked, more than once. */
  readonly repeated: readonly string[];
  readonly booked: readonly string[];
  readonly standings: ReadonlyMap<string, Standing>;
  readonly cash: number;
  readonly equity: number;
  /** Shares by symbol, without those that are flat. */
  readonly positions: readonly (readonly [number, number])[];
  readonly venue: {
    readonly orders: readonly string[];
    readonly executions: readonly string[];
    readonly cash: number;
    readonly positions: readonly (readonly [number, number])[];
  };
}

export async function auditSession(dataDir: string, sessionId: string): Promise<Audit> {
  const books = new Books();
  visitSession(sessionReader(nodeDisk(dataDir)), sessionId, {
    input(_, _nowUs, input) {
      if (input.kind === 'opened') books.lives += 1;
    },
    turn(_, _nowUs, { items }) {
      for (const item of items) if (item.type === 'fact') books.take(item.fact);
    },
  });
  const { lives, orders, repeated, booked, standings, ledger } = books;
  return {
    lives,
    orders: [...orders].toSorted(),
    repeated,
    booked: [...booked].toSorted(),
    standings,
    cash: ledger.cash,
    equity: ledger.equity,
    positions: sorted([...ledger.positions].map(([symbol, { quantity }]) => [symbol, quantity])),
    venue: await venueOf(dataDir, sessionId),
  };
}

/** Folded from facts alone: no read model of the product stands between. */
class Books {
  lives = 0;
  readonly orders = new Set<string>();
  readonly booked = new Set<string>();
  readonly repeated: string[] = [];
  readonly standings = new Map<string, Standing>();
  readonly ledger = new Ledger();

  take(fact: Fact): void {
    switch (fact.kind) {
      case 'accountOpened':
        return this.ledger.openAccount(fact.cash);
      case 'intended':
        this.standings.set(fact.clientOrderId, 'intended');
        return this.#once(this.orders, fact.clientOrderId);
      case 'stood':
        this.standings.set(fact.clientOrderId, fact.standing);
        return;
      case 'filled':
        this.ledger.fill(fact);
        return this.#once(this.booked, fact.execution.executionId);
      case 'marked':
        this.ledger.mark(fact.symbol, fact.price);
    }
  }

  #once(seen: Set<string>, id: string): void {
    if (seen.has(id)) this.repeated.push(id);
    seen.add(id);
  }
}

/** The broker lives the whole session again, from the recorded market and the recorded requests. */
async function venueOf(dataDir: string, sessionId: string): Promise<Audit['venue']> {
  using copy = dataDirectory();
  cpSync(`${dataDir}/sessions`, `${copy.path}/sessions`, { recursive: true });
  const disk = nodeDisk(copy.path);
  const file = readSessionFile(disk, sessionId);
  if (file === undefined) throw new Error(`no session ${sessionId}`);
  const opened = openSession({ disk, file, observers: [], alert: () => undefined });
  const { broker, session } = opened;
  const orders = broker.allOrders();
  await session.close();
  return {
    orders: orders.map(({ clientOrderId }) => clientOrderId).toSorted(),
    executions: orders
      .flatMap(({ executions }) => executions.map(({ executionId }) => executionId))
      .toSorted(),
    cash: broker.cash(),
    positions: sorted(broker.positions().map(({ symbol, quantity }) => [symbol, quantity])),
  };
}

function sorted(
  positions: readonly (readonly [number, number])[],
): readonly (readonly [number, number])[] {
  return positions
    .filter(([, quantity]) => quantity !== 0)
    .toSorted(([left], [right]) => symbolId(left) - symbolId(right));
}
