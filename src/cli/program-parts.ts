import { statSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import type { ExitCode } from './exit-codes.ts';
import { DATA_DIR, type VerbOptions } from './verbs.ts';

/** Hears the exit code of the verb that ran. */
export type End = (code: ExitCode) => void;

/** As commander hands them over, before they have our names. */
export interface Typed {
  readonly dataDir: string;
  readonly config?: string;
  readonly json?: true;
}

/** A verb with what every verb has. */
export function verb(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .option('--data-dir <dir>', 'where sessions lie', dataDirectory, DATA_DIR)
    .option('--config <file>', 'your own settings, laid over those of the profile')
    .option('--json', 'one JSON value instead of text');
}

export function common({ dataDir, config, json }: Typed): VerbOptions {
  return { dataDir, config, isJson: json === true };
}

/** One that is not there yet is made by who needs it. */
function dataDirectory(path: string): string {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== false) return path;
  throw new InvalidArgumentError('It is a file, not a directory.');
}

export function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}

export function above(limit: number): (text: string) => number {
  return (text) => {
    const value = decimal(text);
    if (value > limit) return value;
    throw new InvalidArgumentError(`It must be a number above ${limit}.`);
  };
}

export function atLeast(limit: number): (text: string) => number {
  return (text) => {
    const value = decimal(text);
    if (value >= limit) return value;
    throw new InvalidArgumentError(`It must be a number, at least ${limit}.`);
  };
}

export function between(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = decimal(text);
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a number from ${least} to ${most}.`);
  };
}

/** What comes in sockets comes from a venue, which is no faster or slower than this. */
export const venueSpeed = between(0.1, 1_000);

/** For a verb that may run without a venue too, where any speed will do. */
export function checkVenueSpeed(command: Command, speed: number | undefined): void {
  if (speed === undefined) return;
  try {
    venueSpeed(String(speed));
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    command.error(`error: option '--speed <x>' argument '${speed}' is invalid. ${error.message}`);
  }
}

/** NaN for what is no plain decimal, which no limit lets through. */
function decimal(text: string): number {
  return /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
}
