import { defineConfig } from 'vitest/config';

/** What trades in the time of the world: waiting more than working, and disturbed by who works. */
const LIVE = ['test/chaos/**/*.test.ts', 'test/load/**/*.test.ts', 'test/*/live-*.test.ts'];

/** Against real servers, by `npm run test:services`: not part of `npm test`. */
const SERVICES = ['test/services/**/*.test.ts'];

export default defineConfig({
  test: {
    pool: 'forks',
    // Worker threads and forked children inherit these, so a worker written in TypeScript
    // starts from src under test and from dist in production (Node 20 cannot strip types).
    execArgv: ['--import', new URL('./test/typescript-threads.mjs', import.meta.url).href],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    reporters: ['default', './test/closing-line.ts'],
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      reporter: ['text-summary', 'json-summary'],
    },
    projects: [
      {
        extends: true,
        test: {
          name: 'rules',
          include: ['test/**/*.test.ts'],
          exclude: [...LIVE, ...SERVICES],
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        // A loaded machine gives them a fraction of its time: they wait longer, and prove the same.
        test: {
          name: 'live',
          include: LIVE,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        // One file at a time: the servers of one are load enough, and a start waits for Java.
        test: {
          name: 'services',
          include: SERVICES,
          globalSetup: './test/services/prepare.ts',
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
