import { setTimeout } from 'node:timers/promises';
import { pino } from 'pino';
import { LOG_EVENTS, type LogEventName, type LogFields, type LogLevel } from './log-events.ts';

export interface Log {
  /** Queues one line and returns. An event that is not in the table does not type-check. */
  event<Name extends LogEventName>(name: Name, fields: LogFields<Name>): void;
  /** Events that came after the log had failed or closed. */
  readonly lost: number;
  /** Settles when every line is in the file, or after `CLOSE_MS_MAX`. */
  close(): Promise<void>;
}

export interface LogOptions {
  /** `<dataDir>/sessions/<id>/log.ndjson`; its folder is created. */
  readonly path: string;
  readonly session: string;
  readonly level: LogLevel;
  /** Texts that must never be written, whatever field they slip into: keys, tokens. */
  readonly secrets: readonly string[];
  /** Number of the input being handled: what links a line to the journal. */
  input(): number;
  /** Called once when the log can no longer be written. Trading does not stop for that. */
  onFault(error: Error): void;
}

export const CLOSE_MS_MAX = 2_000;
const REDACTED = '(redacted)';

/** One line of JSON an event, written by a worker thread so that a slow disk slows nobody else. */
export function openLog(options: LogOptions): Log {
  const state = { isOpen: true, hasFailed: false, lost: 0 };
  const fail = (error: Error) => {
    state.isOpen = false;
    if (!state.hasFailed) options.onFault(error);
    state.hasFailed = true;
  };
  const stream = pino.transport({
    target: 'pino/file',
    options: { destination: options.path, mkdir: true, append: true },
  });
  const closed = new Promise<void>((resolve) => stream.once('close', resolve));
  stream.on('error', fail);
  const logger = pino(
    {
      level: options.level,
      base: {},
      messageKey: 'event',
      formatters: { level: (level) => ({ level }) },
      mixin: () => ({ session: options.session, input: options.input() }),
    },
    stream,
  );
  // The longest first, so that no secret leaves its tail behind because another begins like it.
  const secrets = options.secrets
    .filter((secret) => secret !== '')
    .toSorted((left, right) => right.length - left.length);
  return {
    get lost() {
      return state.lost;
    },
    event(name, fields) {
      if (state.isOpen) logger[LOG_EVENTS[name].level](redact(fields, secrets), name);
      else state.lost += 1;
    },
    async close() {
      if (!state.isOpen) return;
      state.isOpen = false;
      stream.end();
      // A worker that hangs on its disk must not keep the engine from ending.
      const late = setTimeout(CLOSE_MS_MAX, 'late' as const, { ref: false });
      if ((await Promise.race([closed, late])) === 'late') {
        fail(new Error(`the log was not written within ${CLOSE_MS_MAX} ms of the end`));
      }
    },
  };
}

/** By value, not by name: a key that a library puts into its error message is caught too. */
function redact(fields: object, secrets: readonly string[]): object {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'string'
        ? secrets.reduce((text, secret) => text.replaceAll(secret, REDACTED), value)
        : value,
    ]),
  );
}
