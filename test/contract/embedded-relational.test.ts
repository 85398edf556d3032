import { openEmbedded } from '../../src/store/relational/pglite-database.ts';
import { describeRelational } from './relational.ts';

describeRelational('PGlite', () =>
  openEmbedded({ directory: undefined, schema: 'strata', statementMsMax: 30_000 }),
);
