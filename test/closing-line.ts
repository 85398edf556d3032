import { appendFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

/**
 * Ends the run with the one line that machines read: `N passed, N failed, N skipped`. Where several
 * runs make one (`.ci/run`) the line goes to the file STRATA_TALLY instead, to be added up.
 */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const count = { passed: 0, failed: 0, skipped: 0, pending: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) count[test.result().state] += 1;
      // A file that does not load has no tests to fail, so it counts as one failure itself.
      if (module.errors().length > 0) count.failed += 1;
    }
    count.failed += errors.length;
    const skipped = count.skipped + count.pending;
    const line = `${count.passed} passed, ${count.failed} failed, ${skipped} skipped`;
    const tally = process.env['STRATA_TALLY'];
    process.on('exit', () => {
      if (tally === undefined) process.stdout.write(`\n${line}\n`);
      else appendFileSync(tally, `${line}\n`);
    });
  }
}
