import { defineConfig } from 'vitest/config';

/** The tests that judge indicators, and nothing that takes its time for other reasons. */
export default defineConfig({
  test: {
    include: [
      'test/contract/indicators.test.ts',
      'test/golden/indicators-*.test.ts',
      'test/golden/talib-parity.test.ts',
      'test/golden/candles*.test.ts',
      'test/property/indicators.test.ts',
      'test/property/*-indicators.test.ts',
      'test/unit/domain/indicators/**/*.test.ts',
    ],
  },
});
