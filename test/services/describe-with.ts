import { describe } from 'vitest';
import { type ServiceName, servicesAbsent } from './absence.ts';

/**
 * `describe` for tests against real servers: `await describeWith(['questdb'], 'sink', () => ...)`.
 * Where a server cannot be had its tests are skipped, and their title says so and why.
 */
export async function describeWith(
  names: readonly ServiceName[],
  title: string,
  tests: () => void,
): Promise<void> {
  const absent = await servicesAbsent(...names);
  const heading = absent === undefined ? title : `${title} (NOT RUN, ${absent})`;
  describe.skipIf(absent !== undefined)(heading, tests);
}
