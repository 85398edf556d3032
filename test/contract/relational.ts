import { afterAll, beforeAll, describe } from 'vitest';
import type { Database } from '../../src/store/relational/database.ts';
import { describeJobs } from './relational/jobs.ts';
import { describeMigrations } from './relational/migrations.ts';
import { describeModelEnds, describeModels, describeModelUpkeep } from './relational/models.ts';
import { describePolicies } from './relational/policies.ts';
import { describeScans } from './relational/scans.ts';
import { describeSessions } from './relational/sessions.ts';
import { describeSymbolMoves } from './relational/symbol-moves.ts';
import { describeSymbols } from './relational/symbols.ts';
import { describeTransactions } from './relational/transactions.ts';
import { type RelationalWorld, worldOf } from './relational/world.ts';

/** What every relational store does, embedded or a server. `open` answers an empty one. */
export function describeRelational(name: string, open: () => Promise<Database>): void {
  describe(`${name} as a relational store`, () => {
    let opened: RelationalWorld | undefined;
    beforeAll(async () => {
      const database = await open();
      opened = worldOf(database);
    }, 120_000);
    afterAll(async () => {
      await opened?.wipe();
      await opened?.database.close();
    });
    const world = (): RelationalWorld => {
      if (opened === undefined) throw new Error('it did not open');
      return opened;
    };

    // Leaves the tables as the newest migration makes them, so it comes first.
    describeMigrations(world);
    describeTransactions(world);
    describeSessions(world);
    describeSymbols(world);
    describeSymbolMoves(world);
    describeJobs(world);
    describePolicies(world);
    describeScans(world);
    describeModels(world);
    describeModelEnds(world);
    describeModelUpkeep(world);
  });
}
