import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatTime } from '../core/time.ts';
import type { SessionReader } from '../ports/session-reader.ts';
import { ConfigError } from './config-error.ts';
import { EXIT_CODES, type ExitCode } from './exit-codes.ts';
import { describeFailure } from './failures.ts';
import { bytesText, count, plural } from './figures.ts';
import type { ResolvedConfig } from './load-config.ts';
import { visitSession } from './read-session.ts';
import { type Paint, painter, plainText, type Style } from './terminal-text.ts';

export interface Finding {
  readonly name: string;
  readonly state: 'ok' | 'warn' | 'fail';
  readonly what: string;
  /** Of several things that were looked at: a line each. */
  readonly details?: readonly string[];
  /** What the reader does about it; empty where there is nothing to do. */
  readonly action: string;
}

export interface Check {
  readonly name: string;
  run(): Omit<Finding, 'name'> | Promise<Omit<Finding, 'name'>>;
}

/** One after the other; a check that throws has found something too. */
export async function runChecks(checks: readonly Check[]): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { name, run } of checks) {
    try {
      findings.push({ name, ...(await run()) });
    } catch (error) {
      const { what, action } = describeFailure(error);
      findings.push({ name, state: 'fail', what, action });
    }
  }
  return findings;
}

/** The configuration has an exit code of its own; a warning is no failure. */
export function doctorExitCode(findings: readonly Finding[]): ExitCode {
  const failed = findings.filter(({ state }) => state === 'fail');
  if (failed.length === 0) return EXIT_CODES.ok;
  if (failed.every(({ name }) => name === CONFIG)) return EXIT_CODES.config;
  return failed.every(({ name }) => name === JOURNAL) ? EXIT_CODES.mismatch : EXIT_CODES.error;
}

const MARKS = { ok: '✓', warn: '!', fail: '✗' } as const;
const STYLES: Readonly<Record<Finding['state'], Style>> = {
  ok: 'green',
  warn: 'yellow',
  fail: 'red',
};

export function renderDoctor(
  findings: readonly Finding[],
  options: { readonly isColoured: boolean },
): string {
  const paint: Paint = painter(options.isColoured);
  const lines = findings.flatMap(({ name, state, what, details = [], action }) => [
    `${paint(MARKS[state], STYLES[state])} ${name.padEnd(14)} ${plainText(what)}`,
    ...details.map((line) => `${INDENT}${plainText(line)}`),
    ...(action === '' ? [] : [`${INDENT}${paint(action, 'dim')}`]),
  ]);
  const failed = findings.filter(({ state }) => state === 'fail').length;
  const warned = findings.filter(({ state }) => state === 'warn').length;
  const end =
    failed + warned === 0 ? 'All is well.' : `${failed} failed, ${plural(warned, 'warning')}.`;
  return `${[...lines, '', end].join('\n')}\n`;
}

const INDENT = ' '.repeat(17);
const CONFIG = 'configuration';
const JOURNAL = 'last journal';
const NODE_MIN: readonly [number, number] = [20, 19];

/** `version` as `process.versions.node` says it. */
export function nodeCheck(version: string): Check {
  return {
    name: 'Node.js',
    run() {
      const [major = 0, minor = 0] = version.split('.').map(Number);
      const isEnough = major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1]);
      if (isEnough) return well(version);
      return failed(`${version} is too old`, `Install Node.js ${NODE_MIN.join('.')} or later.`);
    },
  };
}

const PLATFORMS: ReadonlySet<string> = new Set(['linux', 'darwin']);

export function platformCheck(platform: string, arch: string): Check {
  return {
    name: 'platform',
    run: () =>
      PLATFORMS.has(platform)
        ? well(`${platform} ${arch}`)
        : warned(`${platform} ${arch} is not tested`, 'Linux and macOS are.'),
  };
}

export function configCheck(load: () => ResolvedConfig): Check {
  return {
    name: CONFIG,
    run() {
      try {
        const { configHash, files } = load();
        return well(`${configHash.slice(0, 12)} from ${plural(files.length, 'file')}`);
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        return failed(error.message, describeFailure(error).action);
      }
    },
  };
}

/** Writes a file and takes it away again: permissions alone do not tell. */
export function dataDirectoryCheck(dataDir: string): Check {
  return {
    name: 'data directory',
    run() {
      const probe = join(dataDir, '.doctor');
      try {
        mkdirSync(dataDir, { recursive: true });
        writeFileSync(probe, 'strata');
        rmSync(probe);
      } catch (error) {
        const what = `${dataDir} cannot be written: ${describeFailure(error).what}`;
        return failed(what, 'Name another one with --data-dir, or give yourself the right.');
      }
      return well(dataDir);
    },
  };
}

export interface DiskForecast {
  readonly bytesMax: number;
  /** As it is written. */
  readonly bytesPerEvent: number;
  /** Of the last session, or assumed where there is none. */
  readonly isMeasured: boolean;
  /** What closed segments are compressed by; undefined where they stay as they are. */
  readonly packed: PackedForecast | undefined;
}

export interface PackedForecast {
  readonly times: number;
  /** On so many segments of the last session; 0: assumed. */
  readonly segments: number;
}

/** An event is about 48 bytes of columns and 12 of its frame, uncompressed (event-codec). */
export const BYTES_PER_EVENT_ASSUMED = 60;
/** A seeded day becomes 3.3 times less, one of real ticks 7.9 times (bench/results). */
export const PACKED_TIMES_ASSUMED = 3;

/** Will the journal fit? `dataDir` has to exist. */
export function diskCheck(dataDir: string, forecast: DiskForecast): Check {
  return {
    name: 'disk',
    run() {
      const { bytesMax, bytesPerEvent } = forecast;
      const { bavail, bsize } = statfsSync(dataDir);
      const free = bavail * bsize;
      const room = Math.min(free, bytesMax) * (forecast.packed?.times ?? 1);
      const events = `${count(room / bytesPerEvent)} events at ${Math.round(bytesPerEvent)} bytes`;
      const basis = basisOf(forecast);
      const what = `${bytesText(free)} free; the journal has room for ${events} each, ${basis}`;
      if (free >= bytesMax) return well(what);
      const action = `journal.bytesMax is ${bytesText(bytesMax)}: free space, or make it smaller.`;
      return warned(what, action);
    },
  };
}

function basisOf({ isMeasured, packed }: DiskForecast): string {
  const basis = isMeasured ? 'as measured' : 'as assumed';
  if (packed === undefined) return basis;
  const { times, segments } = packed;
  const source = segments === 0 ? 'assumed' : `measured on ${plural(segments, 'segment')}`;
  return `${basis}, and compressed ${times.toFixed(1)} times, ${source}`;
}

export interface LockHolder {
  readonly pid: number;
  readonly sessionId: string;
  readonly sinceUs: number;
}

export function lockCheck(holderOf: () => Promise<LockHolder | undefined>): Check {
  return {
    name: 'engine',
    async run() {
      const holder = await holderOf();
      if (holder === undefined) return well('none is running on this data directory');
      const { pid, sessionId, sinceUs } = holder;
      return well(`process ${pid} runs ${sessionId} since ${formatTime(sinceUs)}`);
    },
  };
}

/**
 * Reads the last session from end to end; every checksum is looked at on the way. One that neither
 * ended nor runs was killed, and what it held is still to be looked after.
 */
export function journalCheck(
  openSessions: () => SessionReader,
  holderOf: () => Promise<LockHolder | undefined>,
): Check {
  return {
    name: JOURNAL,
    async run() {
      const reader = openSessions();
      const last = reader.list().at(-1);
      if (last === undefined) return well('no session yet');
      const { sessionId, kind, ended } = last;
      let records = 0;
      visitSession(reader, sessionId, {
        input: () => void (records += 1),
        turn: () => void (records += 1),
        market: () => void (records += 1),
      });
      const what = `${sessionId} is whole: ${plural(records, 'record')}`;
      if (ended !== undefined && ended.records !== records) {
        const told = `it ended with ${plural(ended.records, 'record')}, its journal has ${records}`;
        return failed(`${sessionId}: ${told}`, 'Records are gone: restore the journal folder.');
      }
      if (ended !== undefined) return well(what);
      if ((await holderOf())?.sessionId === sessionId) return well(`${what}; it runs`);
      const action =
        kind === 'replay'
          ? 'It was killed: replay it again.'
          : `It was killed: the next \`strata ${kind}\` goes on with it, if it is of the same day.`;
      return warned(`${what}, but it has not ended`, action);
    },
  };
}

function well(what: string): Omit<Finding, 'name'> {
  return { state: 'ok', what, action: '' };
}

function warned(what: string, action: string): Omit<Finding, 'name'> {
  return { state: 'warn', what, action };
}

function failed(what: string, action: string): Omit<Finding, 'name'> {
  return { state: 'fail', what, action };
}
