import { symbolId } from '../core/ids.ts';
import type { Kernel } from '../actors/runtime/kernel.ts';
import type { Sequencer } from '../actors/runtime/sequencer.ts';
import {
  type ActorNode,
  type KernelActor,
  supervisedTree,
  supervisionTree,
} from '../cli/actors.ts';
import type { LiveLoad } from '../cli/live-load.ts';
import { engineStatus } from '../cli/status.ts';
import type { SessionView } from '../cli/session-view.ts';
import { Config } from '../cli/config-schema.ts';
import type { Input } from '../ports/input.ts';
import type { Answer, Command as Request } from '../store/journal/control-line.ts';
import type { JournalWriter } from '../store/journal/journal-writer.ts';
import { POLICY_VERB, policyOf } from './policy-change.ts';
import { operatorCommand } from './operator-command.ts';
import type { SessionFile } from './session-files.ts';

/** What a running session shows of itself, in virtual time or in the world's. */
export interface EngineHandle {
  readonly kernel: Kernel;
  readonly sequencer: Sequencer;
  readonly writer: JournalWriter;
  /** Market events taken. */
  readonly events: number;
  /** False where too many wait, and it will not be one of them. */
  enter(input: Input): boolean;
  /** The id of a symbol's name; negative where it has none. */
  placeOf(name: string): number;
}

export interface Controlled {
  readonly file: SessionFile;
  readonly view: SessionView;
  /** Groups of services as their supervisor tells of them; undefined where none is real. */
  readonly groups?: readonly ActorNode[];
  /** How hard it works; undefined where it runs in virtual time. */
  readonly load?: LiveLoad | undefined;
  /** Undefined while it starts. */
  readonly engine: EngineHandle | undefined;
  /** Ends it in order. Answers why not, where it does not. */
  stop(request: Request): string | undefined;
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

/** Far below what a record can hold, as a reason is written again in facts, logs and reports. */
export const COMMAND_TEXT_BYTES_MAX = 1_000;

const SYMBOL_VERBS: ReadonlySet<string> = new Set(['ban', 'unban', 'handsOff', 'handsOn']);

/**
 * What a running engine answers to the command line. Operator verbs become journaled inputs:
 * accepted here means numbered next, not done.
 */
export async function answerCommand(request: Request, controlled: Controlled): Promise<Answer> {
  const { engine, file, view } = controlled;
  if (engine === undefined) return refused('the session is still starting');
  switch (request.verb) {
    case 'status':
      return status(controlled, engine);
    case 'actors':
      return { tree: treeOf(controlled, actorsOf(engine, view)) };
    case 'stop': {
      const why = controlled.stop(request);
      return why === undefined ? { isOk: true, sessionId: file.sessionId } : refused(why);
    }
  }
  if (request.verb === POLICY_VERB) return hearPolicy(request, file, engine);
  const verb = OPERATOR_VERBS.find((known) => known === request.verb);
  if (verb === undefined) return refused(`no such verb: ${boundedText(request.verb)}`);
  return operate(verb, request, controlled, engine);
}

/** The registry has it by now: what is not taken here, the next session begins with. */
function hearPolicy(request: Request, { sessionId }: SessionFile, engine: EngineHandle): Answer {
  const input = policyOf(request);
  if (input === undefined) return refused('not a change of a policy');
  if (!engine.enter(input)) return refused('too much waits: the next session begins with it');
  return { isOk: true, verb: POLICY_VERB, sessionId };
}

function operate(
  verb: OperatorVerb,
  request: Request,
  { file }: Controlled,
  engine: EngineHandle,
): Answer {
  const name = request['symbol'];
  const place = typeof name === 'string' ? engine.placeOf(name) : -1;
  if (SYMBOL_VERBS.has(verb) && place < 0) {
    return refused(typeof name === 'string' ? `no symbol ${boundedText(name)} here` : 'no symbol');
  }
  const reason = boundedText(request['reason']);
  const command = operatorCommand({
    verb,
    account: Config.parse(file.config).account.id,
    reason: reason === '' ? 'by hand' : reason,
    taken: engine.sequencer.sequence,
    ...(place < 0 ? {} : { symbol: symbolId(place) }),
  });
  if (!engine.enter(command)) return refused('too much waits: it was not taken, ask again');
  return { isOk: true, verb, sessionId: file.sessionId };
}

/**
 * A text of a command as it may become an input: cut on the border of a character, as a halt must
 * not fail for its reason; well-formed, so that the journal gives back what was decided on; on one
 * line. Empty for what is no text.
 */
export function boundedText(given: unknown): string {
  if (typeof given !== 'string') return '';
  const bytes = new Uint8Array(COMMAND_TEXT_BYTES_MAX);
  const { written } = new TextEncoder().encodeInto(given.replaceAll(/\p{Cc}/gu, ' '), bytes);
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, written)).trim();
}

function status({ file, view, load }: Controlled, engine: EngineHandle): Answer {
  const { sequencer, writer } = engine;
  const told = engineStatus(view, {
    sessionId: file.sessionId,
    kind: file.kind,
    source: file.source,
    pid: process.pid,
    sinceUs: file.startedUs,
    records: sequencer.sequence,
    events: engine.events,
    decisionHash: sequencer.hash.hex(),
    journalState: writer.state,
    journalBytes: writer.totalBytes,
  });
  return { ...told, ...load };
}

function treeOf({ groups }: Controlled, kernel: readonly KernelActor[]): ActorNode {
  return groups === undefined ? supervisionTree([], kernel) : supervisedTree(groups, kernel);
}

function actorsOf({ kernel }: EngineHandle, view: SessionView): readonly KernelActor[] {
  return kernel.slots.map((slot) => ({
    name: slot.definition.name,
    rows: slot.type === 'family' ? slot.rows.rows : 1,
    rowsOut: slot.type === 'family' ? slot.outRows.reduce((sum, out) => sum + out, 0) : 0,
    isOut: slot.isOut,
    crashes: view.health.actors.get(slot.definition.name)?.crashes ?? 0,
  }));
}

function refused(reason: string): Answer {
  return { isOk: false, reason };
}
