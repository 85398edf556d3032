import { ERROR_CODES } from '../ports/error-codes.ts';
import { EXIT_CODES, type ExitCode } from './exit-codes.ts';

/** A failure as a person is told of it: one line what, one line what to do next. */
export interface Failure {
  readonly what: string;
  readonly action: string;
  readonly exitCode: ExitCode;
}

/** Codes whose exit code is not simply "error". */
const EXIT_BY_CODE: Readonly<Record<string, ExitCode>> = {
  CONFIG_INVALID: EXIT_CODES.config,
  CONFIG_UNKNOWN_KEY: EXIT_CODES.config,
  CONFIG_UNREADABLE: EXIT_CODES.config,
  ENGINE_NOT_RUNNING: EXIT_CODES.notRunning,
  ENGINE_SILENT: EXIT_CODES.timeout,
  JOURNAL_DAMAGED: EXIT_CODES.mismatch,
  LIVE_ACCOUNT_OTHER: EXIT_CODES.config,
  LIVE_KEYS_MISSING: EXIT_CODES.config,
  LIVE_MODE_OTHER: EXIT_CODES.config,
  MODEL_MISSING: EXIT_CODES.notFound,
  RECORDED_DATE_MISSING: EXIT_CODES.notFound,
  RECORDED_MISSING: EXIT_CODES.notFound,
  SESSION_INCOMPLETE: EXIT_CODES.mismatch,
  SESSION_OTHER_ACCOUNT: EXIT_CODES.config,
  SESSION_OTHER_MARKET: EXIT_CODES.mismatch,
  TRAIN_CANCELLED: EXIT_CODES.stopped,
  TRAIN_FEATURES: EXIT_CODES.config,
  TRAIN_MODELS_UNKNOWN: EXIT_CODES.notFound,
  TRAIN_UNIVERSE_EMPTY: EXIT_CODES.notFound,
  VENUE_UNREACHABLE: EXIT_CODES.notRunning,
  VERIFY_DIVERGED: EXIT_CODES.mismatch,
};

const ACTIONS: ReadonlyMap<string, string> = new Map(
  Object.entries(ERROR_CODES).map(([code, { action }]) => [code, action]),
);

const REPORT_IT = 'Report it with the text above; nothing that was acknowledged is lost.';

export function describeFailure(error: unknown): Failure {
  const code = codeOf(error);
  const what = error instanceof Error ? error.message : String(error);
  return {
    what: code === undefined || what.includes(code) ? what : `${what} (${code})`,
    action: ACTIONS.get(code ?? '') ?? systemAction(code) ?? REPORT_IT,
    exitCode: EXIT_BY_CODE[code ?? ''] ?? EXIT_CODES.error,
  };
}

/** What the operating system refuses has codes of its own. */
function systemAction(code: string | undefined): string | undefined {
  switch (code) {
    case 'ENOENT':
      return 'Check the path.';
    case 'EACCES':
    case 'EPERM':
      return 'You have no right to it: check who owns the file.';
    case 'ENOSPC':
      return 'Free space on the disk.';
    default:
      return undefined;
  }
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
