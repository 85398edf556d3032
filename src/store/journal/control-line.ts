import { connect, createServer, type Server, type Socket } from 'node:net';
import { isRecord, type JsonRecord, parseJson } from '../../core/json.ts';

/** One request of a person or a script to the running engine, such as `{ verb: 'status' }`. */
export interface Command {
  readonly verb: string;
  readonly [field: string]: unknown;
}

/** What JSON can carry. */
export type Answer = JsonRecord;

export interface ControlDoor {
  answer(command: Command): Promise<Answer>;
  /** `answer` threw: the asker was told that it failed, and this is the error itself. */
  fault(error: unknown): void;
}

/** The engine did not answer. `outcome` says whether the command may have had its effect. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
  readonly code:
    | 'ENGINE_NOT_RUNNING'
    | 'ENGINE_BUSY'
    | 'ENGINE_SILENT'
    | 'ENGINE_UNREADABLE'
    | 'ENGINE_FAILED';
  readonly outcome: 'notDone' | 'unknown';

  constructor(code: ControlError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    // Only who was never reached cannot have done it.
    this.outcome = code === 'ENGINE_NOT_RUNNING' || code === 'ENGINE_BUSY' ? 'notDone' : 'unknown';
  }
}

const REQUEST_LENGTH_MAX = 64 << 10;
const ANSWER_LENGTH_MAX = 16 << 20;
const CONNECTIONS_MAX = 64;
const REQUEST_MS_MAX = 5_000;
const CLOSE_MS_MAX = 500;

/** A server that is not yet listening, and how to end it. */
export interface ControlServer {
  readonly server: Server;
  /** Stops listening at once; answers under way get a moment, then their askers are hung up on. */
  close(): Promise<void>;
}

/** A connection carries one line of JSON in, one line out, and ends. */
export function controlServer(door: ControlDoor): ControlServer {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // An asker that went away cannot be told anything.
    socket.on('error', () => socket.destroy());
    socket.setTimeout(REQUEST_MS_MAX, () => socket.destroy());
    onFirstLine(socket, REQUEST_LENGTH_MAX, (line) => {
      socket.setTimeout(0);
      void respond(socket, line, door);
    });
  });
  server.maxConnections = CONNECTIONS_MAX;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      const hangUp = setTimeout(() => {
        for (const socket of sockets) socket.destroy();
      }, CLOSE_MS_MAX);
      server.close(() => {
        clearTimeout(hangUp);
        resolve();
      });
    });
  return { server, close };
}

/** Asks whoever listens at that path. Rejects with a `ControlError` by the deadline. */
export function askAt(path: string, command: Command, deadlineMs: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      socket.destroy();
      act();
    };
    const refuse = (code: ControlError['code'], message: string, cause?: unknown): void =>
      settle(() => reject(new ControlError(code, message, { cause })));
    const timer = setTimeout(() => {
      refuse('ENGINE_SILENT', `no answer to "${command.verb}" within ${deadlineMs} ms`);
    }, deadlineMs);
    socket.on('connect', () => socket.write(`${JSON.stringify(command)}\n`));
    socket.on('error', (error) => refuse(codeOfFailure(error), error.message, error));
    socket.on('close', () => refuse('ENGINE_SILENT', 'the engine hung up without an answer'));
    onFirstLine(socket, ANSWER_LENGTH_MAX, (line) => {
      const reply = parseObject(line);
      if (reply === undefined) return refuse('ENGINE_UNREADABLE', 'the answer is not an object');
      const { answer, failure } = reply;
      if (typeof failure === 'string') return refuse('ENGINE_FAILED', failure);
      if (!isRecord(answer)) return refuse('ENGINE_UNREADABLE', 'the answer has no content');
      settle(() => resolve(answer));
    });
  });
}

async function respond(socket: Socket, line: string, door: ControlDoor): Promise<void> {
  const command = parseCommand(line);
  if (command === undefined) {
    socket.end(`${JSON.stringify({ failure: 'a request is an object with a verb' })}\n`);
    return;
  }
  try {
    const answer = await door.answer(command);
    socket.end(`${JSON.stringify({ answer })}\n`);
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error);
    socket.end(`${JSON.stringify({ failure })}\n`);
    door.fault(error);
  }
}

/** Calls once, with the first whole line; a line that is too long ends the connection. */
function onFirstLine(socket: Socket, lengthMax: number, take: (line: string) => void): void {
  let text = '';
  let isTaken = false;
  socket.setEncoding('utf8');
  socket.on('data', (chunk) => {
    if (isTaken) return;
    text += String(chunk);
    const end = text.indexOf('\n');
    if (end >= 0) {
      isTaken = true;
      take(text.slice(0, end));
    } else if (text.length > lengthMax) socket.destroy();
  });
}

function parseCommand(line: string): Command | undefined {
  const value = parseObject(line);
  if (value === undefined) return undefined;
  const { verb } = value;
  return typeof verb === 'string' ? { ...value, verb } : undefined;
}

function parseObject(line: string): JsonRecord | undefined {
  const value = parseJson(line);
  return isRecord(value) ? value : undefined;
}

/** A path without a listener refuses; a full queue of connections says that somebody is there. */
function codeOfFailure(error: Error): ControlError['code'] {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'ECONNREFUSED' || code === 'ENOENT') return 'ENGINE_NOT_RUNNING';
  return code === 'EAGAIN' ? 'ENGINE_BUSY' : 'ENGINE_SILENT';
}
