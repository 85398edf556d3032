import { tellServicesAbsent } from './absence.ts';

const RULE = '='.repeat(100);
const SLOW_MS = 2_000;
const lines: string[] = [];

/**
 * Once before the service tests: fetches what the servers need, so that no test's time goes into a
 * download. What cannot be had is said here, loudly, and again when the tests are over; with
 * STRATA_SERVICES_REQUIRED=1 it is a failure.
 */
export async function setup(): Promise<void> {
  const began = performance.now();
  const absent = await tellServicesAbsent();
  const tookMs = performance.now() - began;
  if (tookMs > SLOW_MS) say(`services: looked for servers for ${Math.round(tookMs / 1_000)} s`);
  for (const [name, reason] of absent) {
    lines.push(`NOT RUN: the tests that need ${name}: ${reason}`);
  }
  tell();
  if (lines.length > 0 && process.env['STRATA_SERVICES_REQUIRED'] === '1') {
    throw new Error('STRATA_SERVICES_REQUIRED=1, and servers are missing');
  }
}

export function teardown(): void {
  tell();
}

function tell(): void {
  if (lines.length > 0) say([RULE, ...lines, RULE].join('\n'));
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
