import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AbsentError } from './absent-error.ts';

const JAVA_MIN = 17;
const VERSION_MS_MAX = 10_000;
const run = promisify(execFile);
let found: Promise<string> | undefined;

/** The `java` to run servers with: of JAVA_HOME, else of the PATH. Rejects with AbsentError. */
export function java(): Promise<string> {
  found ??= find();
  return found;
}

async function find(): Promise<string> {
  const home = process.env['JAVA_HOME'];
  const own = home === undefined ? '' : join(home, 'bin', 'java');
  const file = own !== '' && existsSync(own) ? own : 'java';
  const version = await versionOf(file);
  if (version === undefined) {
    throw new AbsentError(
      `no Java: install ${JAVA_MIN} or newer (Debian: apt-get install openjdk-17-jre-headless), ` +
        'or set JAVA_HOME',
    );
  }
  if (version < JAVA_MIN) {
    throw new AbsentError(`${file} is Java ${version}, ${JAVA_MIN} is needed: set JAVA_HOME`);
  }
  return file;
}

async function versionOf(file: string): Promise<number | undefined> {
  try {
    const { stderr, stdout } = await run(file, ['-version'], { timeout: VERSION_MS_MAX });
    const match = /version "(?:1\.)?(\d+)/.exec(`${stderr}\n${stdout}`);
    return match === null ? undefined : Number(match[1]);
  } catch {
    return undefined;
  }
}
