import { lstatSync, mkdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import type { Server } from 'node:net';
import { join } from 'node:path';
import { formatTime } from '../../core/time.ts';
import { enterGate } from './claim-gate.ts';
import {
  askAt,
  ControlError,
  controlServer,
  type Answer,
  type Command,
  type ControlDoor,
  type ControlServer,
} from './control-line.ts';
import { socketPlace, type SocketPlace } from './socket-place.ts';

/** What the owner of a data directory says of itself. */
export interface Holder {
  readonly pid: number;
  readonly sessionId: string;
  readonly sinceUs: number;
}

export interface EngineDoor extends ControlDoor {
  /** Asked whenever somebody wants the directory, or wants to know who has it. */
  describe(): Omit<Holder, 'pid'>;
}

export interface Claim {
  /** The real path of the directory. */
  readonly directory: string;
  /**
   * Whether the socket in the directory is still ours. Where it is not, somebody removed it by hand
   * and another engine may start: ours has to stop.
   */
  isHeld(): boolean;
  /** Removes the socket, so that the next claim finds nothing. */
  release(): Promise<void>;
}

export class DataDirectoryError extends Error {
  override readonly name = 'DataDirectoryError';
  readonly code: 'DATA_DIRECTORY_HELD' | 'DATA_DIRECTORY_UNUSABLE';
  /** Undefined where the holder did not say, or another process is starting at this moment. */
  readonly holder: Holder | undefined;

  constructor(code: DataDirectoryError['code'], message: string, holder?: Holder) {
    super(message);
    this.code = code;
    this.holder = holder;
  }
}

const IDENTIFY = 'identify';
const IDENTIFY_MS_MAX = 1_000;
const ANSWER_MS_MAX = 2_000;

/**
 * Makes this process the one owner of a data directory, which is created: a bound unix socket in it
 * is the lock and the control channel. What a dead process left is taken over. Rejects with a
 * `DataDirectoryError` that names the holder where there is one, also if it hangs.
 */
export async function claimDataDirectory(directory: string, door: EngineDoor): Promise<Claim> {
  mkdirSync(directory, { recursive: true });
  const real = realpathSync(directory);
  const leaveGate = await enterGate(join(real, 'engine.claim'));
  if (leaveGate === undefined) {
    throw new DataDirectoryError('DATA_DIRECTORY_HELD', `${real} is being claimed by another`);
  }
  const place = socketPlace(real);
  const control = controlServer(answerIdentity(door));
  try {
    await bind(control.server, place, real);
  } catch (error) {
    place.release();
    throw error;
  } finally {
    leaveGate();
  }
  return claimOf(control, place, real);
}

/**
 * Asks the engine that owns the directory. Rejects with a `ControlError`: `ENGINE_NOT_RUNNING`
 * where nobody owns it, `ENGINE_SILENT` at the deadline.
 */
export async function askEngine(
  directory: string,
  command: Command,
  deadlineMs = ANSWER_MS_MAX,
): Promise<Answer> {
  const real = realPath(directory);
  if (real === undefined) {
    throw new ControlError('ENGINE_NOT_RUNNING', `there is no directory ${directory}`);
  }
  const place = socketPlace(real);
  try {
    return await askAt(place.path, command, deadlineMs);
  } finally {
    place.release();
  }
}

/** Who owns the directory; undefined where nobody does. Rejects as `askEngine` where it hangs. */
export async function holderOf(directory: string): Promise<Holder | undefined> {
  try {
    const answer = await askEngine(directory, { verb: IDENTIFY }, IDENTIFY_MS_MAX);
    return parseHolder(answer);
  } catch (error) {
    if (error instanceof ControlError && error.code === 'ENGINE_NOT_RUNNING') return undefined;
    throw error;
  }
}

function answerIdentity(door: EngineDoor): ControlDoor {
  return {
    answer: async (command) =>
      command.verb === IDENTIFY
        ? { ...door.describe(), pid: process.pid }
        : await door.answer(command),
    fault: (error) => door.fault(error),
  };
}

/** Only called behind the gate: nobody else binds or removes meanwhile. */
async function bind(server: Server, place: SocketPlace, directory: string): Promise<void> {
  if (await listen(server, place.path)) return;
  await demandDead(place, directory);
  rmSync(place.path, { force: true });
  if (await listen(server, place.path)) return;
  throw new DataDirectoryError('DATA_DIRECTORY_HELD', `${directory} was claimed by another`);
}

/** Answers false where the path is taken, by the living or the dead. */
function listen(server: Server, path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      if ('code' in error && error.code === 'EADDRINUSE') resolve(false);
      else reject(new DataDirectoryError('DATA_DIRECTORY_UNUSABLE', `${path}: ${error.message}`));
    };
    server.once('error', fail);
    server.listen(path, () => {
      server.removeListener('error', fail);
      resolve(true);
    });
  });
}

/** Passes only if nobody listens. Whoever does and does not answer still owns the directory. */
async function demandDead(place: SocketPlace, directory: string): Promise<void> {
  if (!lstatSync(place.path, { throwIfNoEntry: false })?.isSocket()) {
    const message = `${directory} holds an engine.sock that is no socket`;
    throw new DataDirectoryError('DATA_DIRECTORY_UNUSABLE', message);
  }
  let holder: Holder | undefined;
  try {
    holder = parseHolder(await askAt(place.path, { verb: IDENTIFY }, IDENTIFY_MS_MAX));
  } catch (error) {
    if (!(error instanceof ControlError)) throw error;
    if (error.code === 'ENGINE_NOT_RUNNING') return;
  }
  const who = holder === undefined ? 'a process that does not answer' : describeHolder(holder);
  throw new DataDirectoryError('DATA_DIRECTORY_HELD', `${directory} is held by ${who}`, holder);
}

function claimOf(control: ControlServer, place: SocketPlace, directory: string): Claim {
  const ours = identityOf(place.path);
  let released: Promise<void> | undefined;
  return {
    directory,
    isHeld: () => released === undefined && identityOf(place.path) === ours,
    release: () => (released ??= control.close().then(() => place.release())),
  };
}

function identityOf(path: string): bigint | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.ino;
}

function realPath(directory: string): string | undefined {
  try {
    return realpathSync(directory);
  } catch {
    return undefined;
  }
}

function parseHolder(answer: Answer): Holder | undefined {
  const { pid, sessionId, sinceUs } = answer;
  if (typeof pid !== 'number' || typeof sessionId !== 'string' || typeof sinceUs !== 'number') {
    return undefined;
  }
  return { pid, sessionId, sinceUs };
}

function describeHolder({ pid, sessionId, sinceUs }: Holder): string {
  return `process ${pid}, session ${sessionId}, since ${formatTime(sinceUs)}`;
}
