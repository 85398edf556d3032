import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    // Worker threads and forked children inherit these, so a worker written in TypeScript
    // starts from src under test and from dist in production (Node 20 cannot strip types).
    execArgv: ['--import', new URL('./test/typescript-threads.mjs', import.meta.url).href],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    reporters: ['default', './test/closing-line.ts'],
    coverage: { provider: 'v8', include: ['src/**/*.ts'], reporter: ['text-summary', 'json-summary'] },
  },
});
