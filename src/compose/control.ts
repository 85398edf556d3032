import { type AccountId, symbolId, textId } from '../core/ids.ts';
import type { SessionView } from '../cli/session-view.ts';
import { Config } from '../cli/config-schema.ts';
import type { Command } from '../ports/input.ts';
import type { Answer, Command as Request } from '../store/journal/control-line.ts';
import type { OpenedSession } from './open-session.ts';
import type { SessionFile } from './session-files.ts';

export interface Controlled {
  readonly file: SessionFile;
  readonly view: SessionView;
  readonly opened: OpenedSession | undefined;
  stop(): void;
}

const OPERATOR_VERBS = [
  'halt',
  'resume',
  'cancelAll',
  'flatten',
  'ban',
  'unban',
  'handsOff',
  'handsOn',
] as const;
type OperatorVerb = (typeof OPERATOR_VERBS)[number];

const SYMBOL_VERBS: readonly string[] = ['ban', 'unban', 'handsOff', 'handsOn'];

/**
 * What a running engine answers to the command line. Operator verbs become journaled inputs:
 * accepted here means numbered next, not done.
 */
export async function answerCommand(request: Request, engine: Controlled): Promise<Answer> {
  const { opened, file } = engine;
  if (opened === undefined) return refused('the session is still starting');
  switch (request.verb) {
    case 'status':
      return status(engine, opened);
    case 'actors':
      return { isOk: true, actors: actorsOf(opened) };
    case 'stop':
      engine.stop();
      return { isOk: true, sessionId: file.sessionId };
  }
  const verb = OPERATOR_VERBS.find((known) => known === request.verb);
  if (verb === undefined) return refused(`no such verb: ${request.verb}`);
  return operate(verb, request, engine, opened);
}

function operate(
  verb: OperatorVerb,
  request: Request,
  { file }: Controlled,
  { session, market }: OpenedSession,
): Answer {
  const name = request['symbol'];
  const place = market.source.symbols.findIndex((listed) => listed.name === name);
  if (SYMBOL_VERBS.includes(verb) && place < 0) return refused(`no symbol ${String(name)} here`);
  const reason = request['reason'];
  const command: Command = {
    kind: 'commanded',
    commandId: `${verb}-${session.sequencer.sequence}`,
    verb,
    account: textId<AccountId>(Config.parse(file.config).account.id),
    by: 'operator',
    reason: typeof reason === 'string' && reason !== '' ? reason : 'by hand',
    ...(place < 0 ? {} : { symbol: symbolId(place) }),
  };
  session.enter(command);
  return { isOk: true, verb, sessionId: file.sessionId };
}

function status({ file, view }: Controlled, { session }: OpenedSession): Answer {
  const { health, layers } = view;
  return {
    isOk: true,
    sessionId: file.sessionId,
    kind: file.kind,
    source: file.source,
    marketUs: session.kernel.nowUs,
    records: session.sequencer.sequence,
    events: session.driver.events,
    decisionHash: session.sequencer.hash.hex(),
    journal: { state: session.writer.state, bytes: session.writer.totalBytes },
    layers: layers.map((members) => members.size),
    ...(health.halted === undefined ? {} : { halted: health.halted }),
    crashes: session.kernel.supervision.list().length,
    deadLetters: session.kernel.deadLetters,
    outstanding: session.kernel.outstanding.list().length,
  };
}

export interface ActorStatus {
  readonly name: string;
  readonly rows: number;
  readonly rowsOut: number;
  readonly isOut: boolean;
}

function actorsOf({ session }: OpenedSession): readonly ActorStatus[] {
  return session.kernel.slots.map((slot) => ({
    name: slot.definition.name,
    rows: slot.type === 'family' ? slot.rows.rows : 1,
    rowsOut: slot.type === 'family' ? slot.outRows.reduce((sum, out) => sum + out, 0) : 0,
    isOut: slot.isOut,
  }));
}

function refused(reason: string): Answer {
  return { isOk: false, reason };
}
