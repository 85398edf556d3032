import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sequencer } from '../actors/runtime/sequencer.ts';
import { describeFailure } from '../cli/failures.ts';
import type { LiveLoad } from '../cli/live-load.ts';
import type { Log } from '../cli/log.ts';
import { renderReport } from '../cli/report.ts';
import type { SessionView } from '../cli/session-view.ts';
import { renderSummary, type SessionEnding, summaryJson } from '../cli/summary.ts';
import type { Terminal } from '../cli/terminal.ts';
import { MS } from '../core/time.ts';
import { describeFault } from '../domain/market/data-fault.ts';
import type { JournalWriter } from '../store/journal/journal-writer.ts';
import { nodeDisk } from '../store/journal/node-disk.ts';
import { journalFolder } from '../store/journal/segment-names.ts';
import { type SessionFile, sessionFolder, writeSessionFile } from './session-files.ts';

export interface AccountMaterial {
  readonly dataDir: string;
  readonly file: SessionFile;
  readonly view: SessionView;
  readonly sequencer: Sequencer;
  readonly writer: JournalWriter;
  readonly reason: string;
  readonly began: { readonly wallMs: number; readonly cpu: NodeJS.CpuUsage };
  readonly configText: string;
  readonly notes: string[];
  /** Why it trades no more, where the market or a person is not the reason. */
  readonly failure: unknown;
  /** The store that took its rows. */
  readonly store?: string | undefined;
  /** How hard it worked, where it ran in the time of the world. */
  readonly load?: LiveLoad | undefined;
  readonly log: Log | undefined;
  readonly terminal: Terminal;
  readonly isJson: boolean;
}

/** The account given of a session when it ends: report, description, log, and a summary. */
export async function accountFor(material: AccountMaterial): Promise<SessionEnding> {
  const { dataDir, file, view, reason, began, configText, notes, failure, log } = material;
  const { sequencer, writer, terminal, isJson } = material;
  const cpu = process.cpuUsage(began.cpu);
  const reportPath = join(dataDir, sessionFolder(file.sessionId), 'report.html');
  const ending: SessionEnding = {
    decisionHash: sequencer.hash.hex(),
    reason,
    wallUs: Math.round((performance.now() - began.wallMs) * MS),
    cpuUs: cpu.user + cpu.system,
    inputs: sequencer.sequence,
    journalPath: join(dataDir, journalFolder(file.sessionId)),
    journalBytes: writer.totalBytes,
    reportPath,
    notes,
    store: material.store,
    load: material.load,
  };
  const isFailed = failure !== undefined;
  const report = { description: file, ending, config: configText, latencies: [] };
  const isReported = keep(notes, 'the report', () =>
    writeFileSync(reportPath, renderReport(view, report)),
  );
  // What failed has not ended: the next start goes on with it.
  if (!isFailed) {
    const ended = { reason, records: ending.inputs, decisionHash: ending.decisionHash };
    keep(notes, "the session's end", () => writeSessionFile(nodeDisk(dataDir), { ...file, ended }));
  }
  const [fault] = view.faults.first;
  if (fault !== undefined) {
    log?.event('faultInData', { count: view.faults.count, first: describeFault(fault) });
  }
  log?.event('sessionEnded', { reason, inputs: ending.inputs, exitCode: isFailed ? 1 : 0 });
  await log?.close();
  const told = isReported ? ending : { ...ending, reportPath: '' };
  if (isJson) terminal.write(`${JSON.stringify(summaryJson(view, file, told))}\n`);
  else terminal.write(renderSummary(view, file, told));
  if (isFailed) {
    const { what, action } = describeFailure(failure);
    terminal.writeError(`strata: trading stopped: ${what}\n${action}\n`);
  }
  return ending;
}

/** A disk that took no record takes no report: a note, and no reason to hide the summary. */
function keep(notes: string[], what: string, write: () => void): boolean {
  try {
    write();
    return true;
  } catch (error) {
    notes.push(`${what} could not be written: ${describeError(error)}`);
    return false;
  }
}

export function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
