import { EXIT_CODES, type ExitCode } from '../../src/cli/exit-codes.ts';
import { describeFailure } from '../../src/cli/failures.ts';
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
  process.exitCode = tell(error);
}

/** A line for what is no fault of ours: wrong use, a file that is none, what the system refuses. */
function tell(error: unknown): ExitCode {
  const isOfSystem = error instanceof Error && 'syscall' in error;
  const isRefusal = error instanceof UsageError || error instanceof ReportError;
  if (!isRefusal && !isOfSystem) throw error;
  const { what, action } = describeFailure(error);
  process.stderr.write(`strata: ${what}\n${isOfSystem ? `${action}\n` : ''}`);
  const isUnknown = error instanceof UsageError && error.isUnknownSuite;
  return isUnknown ? EXIT_CODES.notFound : EXIT_CODES.error;
}
