import { closeSync, openSync, readSync } from 'node:fs';
import { MS, formatTime } from '../core/time.ts';
import { LINE_FIELDS, LOG_LEVELS, type LogLevel } from './log-events.ts';

export interface LogLine {
  /** Milliseconds since 1970, by the clock of the machine that wrote it. */
  readonly timeMs: number;
  readonly level: LogLevel;
  readonly session: string;
  readonly input: number;
  /** Any name: a log of another build may know events that this one does not. */
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface LogFilter {
  readonly levelMin?: LogLevel;
  readonly event?: string;
  /** The last so many that pass the filter. */
  readonly linesMax: number;
}

export interface LogPage {
  readonly lines: readonly LogLine[];
  /** Lines that are no log line: torn by a crash, or not ours. */
  readonly unreadable: number;
}

const CHUNK_BYTES = 65_536;
const LINE_LENGTH_MAX = 65_536;
const LINES_SPARE = 4_096;

/** Reads a log of any size in bounded memory. Throws as `node:fs` does where there is none. */
export function readLogs(path: string, filter: LogFilter): LogPage {
  return selectLines(linesOf(path), filter);
}

export function selectLines(texts: Iterable<string>, filter: LogFilter): LogPage {
  const lines: LogLine[] = [];
  let unreadable = 0;
  for (const text of texts) {
    if (text === '') continue;
    const line = parseLogLine(text);
    if (line === undefined) unreadable += 1;
    else if (passes(line, filter)) lines.push(line);
    // Cut in bulk: shifting one by one would move the whole array for every line.
    if (lines.length >= filter.linesMax + LINES_SPARE) {
      lines.splice(0, lines.length - filter.linesMax);
    }
  }
  return { lines: filter.linesMax === 0 ? [] : lines.slice(-filter.linesMax), unreadable };
}

/** For people, one line an event; with `isJson` one object a line, as it was written. */
export function renderLogs(page: LogPage, options: { readonly isJson: boolean }): string {
  const lines = page.lines.map(options.isJson ? renderJson : renderLine);
  // Machines read stdout line by line, so what is not a line is said only to people.
  if (page.unreadable > 0 && !options.isJson) lines.push(`${page.unreadable} unreadable lines`);
  return lines.map((line) => `${line}\n`).join('');
}

export function parseLogLine(text: string): LogLine | undefined {
  const value = parseObject(text);
  if (value === undefined) return undefined;
  const { time, level: word, session, input, event } = value;
  const level = LOG_LEVELS.find((known) => known === word);
  if (level === undefined || typeof session !== 'string' || typeof event !== 'string') {
    return undefined;
  }
  if (typeof time !== 'number' || !Number.isFinite(time) || typeof input !== 'number') {
    return undefined;
  }
  const rest = Object.entries(value).filter(([name]) => !LINE_FIELDS.includes(name));
  return { timeMs: time, level, session, input, event, fields: Object.fromEntries(rest) };
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined; // The caller counts it.
  }
}

function passes(line: LogLine, { levelMin, event }: LogFilter): boolean {
  if (event !== undefined && line.event !== event) return false;
  return levelMin === undefined || LOG_LEVELS.indexOf(line.level) >= LOG_LEVELS.indexOf(levelMin);
}

function renderLine({ timeMs, level, input, event, fields }: LogLine): string {
  const shown = Object.entries(fields).map(
    ([name, value]) => ` ${renderValue(name)}=${renderValue(value)}`,
  );
  const head = `${formatTime(timeMs * MS)} ${level.padEnd(5)} #${input} ${renderValue(event)}`;
  return head + shown.join('');
}

/** Quoted where it would not be one word, so that a text cannot pass for another field or line. */
function renderValue(value: unknown): string {
  return typeof value === 'string' && /^[\w.:/-]+$/.test(value) ? value : JSON.stringify(value);
}

function renderJson({ timeMs, level, session, input, event, fields }: LogLine): string {
  return JSON.stringify({ time: timeMs, level, session, input, event, ...fields });
}

function* linesOf(path: string): Generator<string> {
  const file = openSync(path, 'r');
  try {
    const decoder = new TextDecoder();
    const chunk = new Uint8Array(CHUNK_BYTES);
    let rest = '';
    for (let size = readSync(file, chunk); size > 0; size = readSync(file, chunk)) {
      const parts = (rest + decoder.decode(chunk.subarray(0, size), { stream: true })).split('\n');
      rest = parts.pop() ?? '';
      yield* parts;
      if (rest.length <= LINE_LENGTH_MAX) continue;
      yield rest; // No line of ours is so long: it is counted as unreadable, and not kept.
      rest = '';
    }
    yield rest + decoder.decode();
  } finally {
    closeSync(file);
  }
}
