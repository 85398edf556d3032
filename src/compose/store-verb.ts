import { EXIT_CODES, type ExitCode } from '../cli/exit-codes.ts';
import { loadConfig } from '../cli/load-config.ts';
import type { StoreAction, StoreOptions } from '../cli/store-options.ts';
import type { Terminal } from '../cli/terminal.ts';
import { archiveVerb } from './store-archive.ts';
import { backupVerb } from './store-backup.ts';
import { clearScratch, openBench } from './store-bench.ts';
import { holderText, owningDirectory } from './store-claim.ts';
import { compactVerb } from './store-compact.ts';
import type { Environment } from './store-feed/open-store.ts';
import { migrateVerb } from './store-migrate.ts';
import { refillVerb } from './store-refill.ts';
import { restoreVerb } from './store-restore.ts';
import type { StoreAnswer, StoreCall } from './store-call.ts';
import { heldStatus, statusVerb } from './store-status.ts';

/**
 * `strata store ...`. What changes something owns the data directory meanwhile, and without
 * `--apply` only says what it would do.
 */
export async function storeVerb(
  options: StoreOptions,
  terminal: Terminal,
  environment: Environment,
): Promise<ExitCode> {
  const { dataDir, isApplied, action } = options;
  const work = (): Promise<StoreAnswer> => answerOf(options, terminal, environment);
  let answer: StoreAnswer;
  if (isApplied && action.kind !== 'status') {
    answer = await owningDirectory(dataDir, action.kind, async () => {
      clearScratch(dataDir);
      return await work();
    });
  } else {
    const holder = await holderText(dataDir);
    const { config } = loadConfig(options.profile, options.config);
    // A server answers many; the embedded store is one process's.
    const isHeld = holder !== undefined && config.store.series.kind === 'duckdb';
    answer = isHeld ? heldStatus(options, holder) : await work();
  }
  if (options.isJson) terminal.write(`${JSON.stringify(answer.json)}\n`);
  else terminal.write(answer.lines.map((line) => `${line}\n`).join(''));
  return answer.exitCode ?? EXIT_CODES.ok;
}

async function answerOf(
  options: StoreOptions,
  terminal: Terminal,
  environment: Environment,
): Promise<StoreAnswer> {
  const { action, isApplied } = options;
  const bench = await openBench(options, environment, isApplied && MAKING.has(action.kind));
  try {
    return await run({ options, action, bench, terminal, environment });
  } finally {
    await bench.close();
  }
}

/** Verbs that may begin a store; the others have nothing to do where there is none. */
const MAKING: ReadonlySet<StoreAction['kind']> = new Set(['migrate', 'restore', 'refill']);

async function run(call: StoreCall): Promise<StoreAnswer> {
  const { action } = call;
  switch (action.kind) {
    case 'status':
      return await statusVerb(call);
    case 'migrate':
      return await migrateVerb(call);
    case 'archive':
      return await archiveVerb({ ...call, action });
    case 'restore':
      return await restoreVerb({ ...call, action });
    case 'refill':
      return await refillVerb({ ...call, action });
    case 'compact':
      return await compactVerb({ ...call, action });
    case 'backup':
      return await backupVerb({ ...call, action });
  }
}
