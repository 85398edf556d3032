import { describe, expect, it, vi } from 'vitest';
import { loadNative } from '../../../../src/store/duckdb/native.ts';

// What a platform without a native part of the library does when it is imported.
vi.mock('@duckdb/node-bindings', () => {
  throw new Error("Cannot find module '@duckdb/node-bindings-plan9-vax/duckdb.node'");
});

describe('the library of the embedded store', () => {
  it('that has no native part here is refused with what is missing and what to do', async () => {
    const refused = loadNative();

    await expect(refused).rejects.toMatchObject({ code: 'STORE_AWAY' });
    await expect(refused).rejects.toThrow(
      `DuckDB has no native part for ${process.platform}-${process.arch} here`,
    );
    await expect(refused).rejects.toThrow('run npm install, or configure another store');
  });
});
