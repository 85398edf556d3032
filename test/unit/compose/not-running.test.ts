import { expect, it } from 'vitest';
import { Workplace } from './workplace.ts';

it.each(['status', 'halt', 'stop'])('says of %s that no engine runs, and where', async (verb) => {
  const place = new Workplace();
  try {
    const { exitCode, errors } = await place.run(verb);

    expect(exitCode).toBe(3);
    expect(errors).toBe(
      `strata: no engine runs on ${place.dataDir} (ENGINE_NOT_RUNNING)\n` +
        'Start one, or name another directory with --data-dir.\n',
    );
  } finally {
    place.remove();
  }
});
