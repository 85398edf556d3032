import { resolve } from 'node:path';
import type { ResolvedConfig } from '../cli/load-config.ts';
import { describeConfig } from '../cli/load-config.ts';
import type { Terminal } from '../cli/terminal.ts';
import { hashText } from '../core/hash.ts';
import { MS } from '../core/time.ts';
import { RecordedError } from '../streams/recorded/recorded-error.ts';
import { buildId, nodeMajor } from './build-id.ts';
import type { RecordedSession } from './recorded-session.ts';
import { type RunResult, runSession } from './run-session.ts';
import { newSessionId } from './session-names.ts';
import type { MarketFile } from './session-files.ts';

export interface ReplayRequest {
  readonly dataDir: string;
  readonly path: string;
  readonly date: number | undefined;
  readonly history: string | undefined;
  /** Where the path is a session of ours rather than a recording of a market. */
  readonly session: RecordedSession | undefined;
  /** Market seconds in one of ours; 0 for as fast as it goes. */
  readonly pace: number;
  readonly resolved: ResolvedConfig;
  readonly terminal: Terminal;
  readonly isJson: boolean;
  readonly stop: AbortSignal;
}

/** A recorded market through every actor, to simulated fills, a report and a journal. */
export function replay(request: ReplayRequest): Promise<RunResult> {
  const { dataDir, path, date, resolved, terminal } = request;
  const { market, stem, orderSession, isHistoryGiven } = subjectOf(request);
  return runSession({
    dataDir,
    file: {
      sessionId: newSessionId(dataDir, stem),
      kind: 'replay',
      source: date === undefined ? path : `${path} ${date}`,
      startedUs: Date.now() * MS,
      configHash: resolved.configHash,
      buildId: buildId(),
      nodeMajor: nodeMajor(),
      isHistoryGiven,
      market,
      config: resolved.config,
      orderSession,
      symbolsMax: 1,
    },
    configText: describeConfig(resolved, { redact: true }),
    speed: request.pace,
    terminal,
    isJson: request.isJson,
    stop: request.stop,
  });
}

/** What is replayed, and what follows from it alone. */
interface Subject {
  readonly market: MarketFile;
  readonly stem: string;
  readonly orderSession: string;
  readonly isHistoryGiven: boolean;
}

function subjectOf(request: ReplayRequest): Subject {
  const { path, date, history, session } = request;
  if (session !== undefined) return subjectOfSession(session, request);
  const stem = `replay-${date ?? 'all'}`;
  return {
    market: {
      kind: 'recorded',
      path: resolve(path),
      date,
      history: history === undefined ? undefined : resolve(history),
    },
    stem,
    // The same replay makes the same order ids, wherever and whenever it runs.
    orderSession: orderSessionOf(stem),
    isHistoryGiven: history !== undefined,
  };
}

/** A session is decided anew under its own order ids: then only decisions can make a difference. */
function subjectOfSession(session: RecordedSession, { path, date, history }: ReplayRequest) {
  if (date !== undefined || history !== undefined) {
    const message = `${path} is a session: it holds its days and its history already`;
    throw new RecordedError('RECORDED_WHOLE', message);
  }
  const { journal, file } = session;
  const isHistoryGiven = file?.isHistoryGiven === true;
  const stem = `replay-${file?.sessionId ?? 'journal'}`;
  const isLive = file?.market.kind === 'live';
  const market: MarketFile = {
    kind: 'journal',
    path: journal,
    isHistoryGiven,
    ...(isLive ? { isLive } : {}),
  };
  const orderSession = file?.orderSession ?? orderSessionOf(stem);
  return { market, stem, orderSession, isHistoryGiven };
}

function orderSessionOf(stem: string): string {
  return `r${hashText(stem).slice(0, 6)}`;
}
