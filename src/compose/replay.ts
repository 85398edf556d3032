import { resolve } from 'node:path';
import type { ResolvedConfig } from '../cli/load-config.ts';
import { describeConfig } from '../cli/load-config.ts';
import type { Terminal } from '../cli/terminal.ts';
import { hashText } from '../core/hash.ts';
import { MS } from '../core/time.ts';
import { buildId, nodeMajor } from './build-id.ts';
import { type RunResult, runSession } from './run-session.ts';
import { newSessionId } from './session-names.ts';
import type { MarketFile } from './session-files.ts';

export interface ReplayRequest {
  readonly dataDir: string;
  readonly path: string;
  readonly date: number | undefined;
  readonly history: string | undefined;
  /** Market seconds in one of ours; 0 for as fast as it goes. */
  readonly pace: number;
  readonly resolved: ResolvedConfig;
  readonly terminal: Terminal;
  readonly isJson: boolean;
  readonly stop: AbortSignal;
}

/** A recorded market through every actor, to simulated fills, a report and a journal. */
export function replay(request: ReplayRequest): Promise<RunResult> {
  const { dataDir, path, date, history, resolved, terminal } = request;
  const full = resolve(path);
  const market: MarketFile = {
    kind: 'recorded',
    path: full,
    date,
    history: history === undefined ? undefined : resolve(history),
  };
  const stem = `replay-${date ?? 'all'}`;
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
      isHistoryGiven: history !== undefined,
      market,
      config: resolved.config,
      // The same replay makes the same order ids, wherever and whenever it runs.
      orderSession: `r${hashText(stem).slice(0, 6)}`,
      symbolsMax: 1,
    },
    configText: describeConfig(resolved, { redact: true }),
    speed: request.pace,
    terminal,
    isJson: request.isJson,
    stop: request.stop,
  });
}
