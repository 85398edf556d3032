import { EXIT_CODES } from '../../src/cli/exit-codes.ts';
import { runBench } from './bench.ts';
import { parseOptions, UsageError } from './options.ts';
import { ReportError } from './parse-report.ts';

/**
 * What `strata bench` starts, compiled. The first signal ends what runs, removes what was built and
 * answers 8; a second one is not waited for.
 */
const stop = new AbortController();
let signals = 0;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    signals += 1;
    if (signals > 2) process.exit(EXIT_CODES.stopped);
    stop.abort();
  });
}

try {
  const options = parseOptions(process.argv.slice(2));
  process.exitCode = await runBench(
    options,
    {
      write: (text) => void process.stdout.write(text),
      progress: (text) => void process.stderr.write(`bench: ${text}\n`),
    },
    stop.signal,
  );
} catch (error) {
  if (!(error instanceof UsageError || error instanceof ReportError)) throw error;
  process.stderr.write(`strata: ${error.message}\n`);
  const isUnknown = error instanceof UsageError && error.isUnknownSuite;
  process.exitCode = isUnknown ? EXIT_CODES.notFound : EXIT_CODES.error;
}
